import type { ConsumedBatch } from "./member";

/** A batch that is offered to a handler. */
export interface Handed {
  readonly batch: ConsumedBatch;
  /** Called when a handler takes it; false if nobody is allowed to start on it any more. */
  take(): boolean;
}

/** A batch of a partition that was handed over. The next one follows when it is settled. */
export class Outstanding {
  /** Whether it is being handled. */
  isTaken = false;
  /** Resolves when it is no longer being handled. */
  readonly settled: Promise<void>;
  #settle = (): void => undefined;

  constructor() {
    this.settled = new Promise((resolve) => (this.#settle = resolve));
  }

  /** It is no longer being handled: it is committed, or belongs to another member. */
  settle(): void {
    this.#settle();
  }

  /** Nobody can start on it any more; a handler that has started finishes it. */
  withdraw(): void {
    if (!this.isTaken) this.settle();
  }
}
