/**
 * Aborts when another signal does, or on its own. Release it: the other signal lives longer and refers to it.
 * (`AbortSignal.any` would do the same, but needs Node 20; functions run on 18.)
 */
export class LinkedAbort {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal;
  readonly #follow = (): void => this.#controller.abort(this.#parent.reason);

  constructor(parent: AbortSignal) {
    this.#parent = parent;
    if (parent.aborted) this.#follow();
    else parent.addEventListener("abort", this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** @param reason waiting calls reject with it */
  abort(reason: Error): void {
    this.#controller.abort(reason);
    this.release();
  }

  release(): void {
    this.#parent.removeEventListener("abort", this.#follow);
  }
}
