import type { Console } from "../../terminal/console";

/** Reads a person's answers, a line each. Close it. */
export class Questions {
  readonly #lines: AsyncIterator<Uint8Array | string>;
  #held = "";

  constructor(
    private readonly stdin: NonNullable<Console["stdin"]>,
    private readonly stderr: Console["stderr"],
  ) {
    this.#lines = stdin[Symbol.asyncIterator]();
  }

  /** Asks, and waits for a line; undefined where nobody answers any more. Rejects with the signal's reason. */
  async ask(question: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    this.stderr.write(question);
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener("abort", stop, { once: true });
    });
    // Where the answer wins, nobody hears of it.
    aborted.catch(() => undefined);
    try {
      return await Promise.race([this.#line(), aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Reads no more, so that the process can end: a line that is waited for would keep it. */
  close(): void {
    this.stdin.destroy?.();
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#held.indexOf("\n");
      if (end >= 0) {
        const line = this.#held.slice(0, end);
        this.#held = this.#held.slice(end + 1);
        return line.trim();
      }
      const { value, done } = await this.#lines.next();
      if (done) return undefined;
      this.#held += typeof value === "string" ? value : Buffer.from(value).toString();
    }
  }
}
