import type { Console } from "./console";

/** Milliseconds between two updates: on a terminal's line, and where each update is a new line. */
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5000;

/** Shows the progress of work: a line that is rewritten on a terminal, an occasional line elsewhere. */
export class Progress {
  readonly #stream: Console["stderr"];
  #shownAt = Date.now();
  /** Text on the terminal's line. */
  #shown = "";

  constructor(stream: Console["stderr"]) {
    this.#stream = stream;
  }

  /** Starts a new stage: always shown. */
  stage(text: string): void {
    if (text === this.#shown) return;
    this.#shownAt = Date.now();
    this.#shown = text;
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  }

  /** Updates the progress: shown if nothing is shown yet, or if the last update was some time ago. */
  update(text: string): void {
    const interval = this.#stream.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    const isEmpty = this.#stream.isTTY && this.#shown === "";
    if (isEmpty || Date.now() - this.#shownAt >= interval) this.stage(text);
  }

  /** Clears the terminal's line, so that something else can be written. */
  clear(): void {
    this.#shown = "";
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}
