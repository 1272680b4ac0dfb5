import type { ConsumedBatch } from "./member";

/** A batch on its way to who handles it. */
export interface Handed {
  readonly batch: ConsumedBatch;
  /** Called when it is taken; false where nobody must begin with it any more. */
  take(): boolean;
}

/** A batch of a partition that was handed over: until it is settled there is no next one. */
export class Outstanding {
  /** Whether somebody works on it. */
  isTaken = false;
  /** Resolves when nobody works on it any more. */
  readonly settled: Promise<void>;
  #settle = (): void => undefined;

  constructor() {
    this.settled = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Nobody works on it any more: it is committed, or another's. */
  settle(): void {
    this.#settle();
  }

  /** Nobody is to begin with it; who has begun ends it. */
  withdraw(): void {
    if (!this.isTaken) this.settle();
  }
}
