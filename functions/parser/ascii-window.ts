/** Bytes that are made a text at once, for many rows by one call; a long value of theirs holds on to as much. */
const WINDOW_BYTES = 2048;

/** The text of bytes in a buffer, a character each, with those that follow: whoever is next finds theirs there. */
export class AsciiWindow {
  text = "";
  /** Where the text begins in the buffer. */
  offset = 0;
  #buffer: Buffer | undefined;

  /** Has it hold the bytes from `start` to `end`, which are ASCII. */
  over(buffer: Buffer, start: number, end: number): this {
    if (buffer === this.#buffer && start >= this.offset && end <= this.offset + this.text.length) return this;
    this.#buffer = buffer;
    this.offset = start;
    this.text = buffer.toString("latin1", start, Math.max(end, start + WINDOW_BYTES));
    return this;
  }
}
