import type { Console } from "./console";

/** Milliseconds between two lines where there is no terminal to rewrite one on. */
const PLAIN_INTERVAL_MS = 5_000;

/** Shows how far a command has come, on stderr: one line that is rewritten on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #stream: Console["stderr"];
  #shownAt = Date.now();

  constructor(stream: Console["stderr"]) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (this.#stream.isTTY) return void this.#stream.write(`\r\x1b[K${text}`);
    if (Date.now() - this.#shownAt < PLAIN_INTERVAL_MS) return;
    this.#shownAt = Date.now();
    this.#stream.write(`${text}\n`);
  }

  /** Clears the line, so that something else can be written. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}
