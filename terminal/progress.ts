import type { Console } from "./console";

/** Milliseconds between two updates: of a terminal's line, and where each is a line of its own. */
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5000;

/** Shows how far work has come: one line that is rewritten on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #stream: Console["stderr"];
  #shownAt = Date.now();
  /** What stands on the terminal's line. */
  #shown = "";

  constructor(stream: Console["stderr"]) {
    this.#stream = stream;
  }

  /** A new stage of the work: always shown. */
  stage(text: string): void {
    if (text === this.#shown) return;
    this.#shownAt = Date.now();
    this.#shown = text;
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  }

  /** How far it has come: shown where nothing is, or where that is some time ago. */
  update(text: string): void {
    const interval = this.#stream.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    const isEmpty = this.#stream.isTTY && this.#shown === "";
    if (isEmpty || Date.now() - this.#shownAt >= interval) this.stage(text);
  }

  /** Leaves the terminal's line empty, so that something else can be written. */
  clear(): void {
    this.#shown = "";
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}
