import type { Console } from "../../terminal/console";

/** Reads a person's answers, line by line. Close it after use. */
export class Questions {
  readonly #lines: AsyncIterator<Uint8Array | string>;
  #held = "";

  constructor(
    private readonly stdin: NonNullable<Console["stdin"]>,
    private readonly stderr: Console["stderr"],
  ) {
    this.#lines = stdin[Symbol.asyncIterator]();
  }

  /** Prints a question, and waits for a line; undefined if the input has ended. Rejects with the signal's reason. */
  async ask(question: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    this.stderr.write(question);
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener("abort", stop, { once: true });
    });
    // If the answer comes first, this rejection is irrelevant.
    aborted.catch(() => undefined);
    try {
      return await Promise.race([this.#line(), aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Stops reading, because waiting for a line would keep the process alive. */
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
