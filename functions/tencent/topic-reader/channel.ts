/** Passes values from several producers to one consumer; each producer waits until its value is taken. */
export class Channel<T> {
  readonly #waiting: { value: T; taken: () => void }[] = [];
  #wake: () => void = () => undefined;
  #end: { error?: unknown } | undefined;

  /** Resolves when the value was taken, or nobody takes values any more. */
  push(value: T): Promise<void> {
    if (this.#end) return Promise.resolve();
    return new Promise((taken) => {
      this.#waiting.push({ value, taken });
      this.#wake();
    });
  }

  /** Ends the channel; waiting values are still passed on. Only the first call counts. */
  end(): void {
    this.#end ??= {};
    this.#wake();
  }

  /** Like {@link end}; after the waiting values, the consumer gets the error. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *values(): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = this.#waiting.shift();
        if (next) {
          // The producer can create the next value while this one is consumed.
          next.taken();
          yield next.value;
        } else if (this.#end) {
          if ("error" in this.#end) throw this.#end.error;
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.#end ??= {};
      for (const { taken } of this.#waiting.splice(0)) taken();
    }
  }
}
