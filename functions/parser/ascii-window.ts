/**
 * Bytes that are converted to text in one call for many rows. A long value taken from it keeps the whole text in
 * memory.
 */
const WINDOW_BYTES = 2048;

/**
 * Text of a buffer's bytes, one character per byte. It covers more than the bytes asked for, so that the next call
 * usually finds its bytes there.
 */
export class AsciiWindow {
  text = "";
  /** Where the text begins in the buffer. */
  offset = 0;
  #buffer: Buffer | undefined;

  /** Makes it cover the bytes from `start` to `end`, which are ASCII. */
  over(buffer: Buffer, start: number, end: number): this {
    if (buffer === this.#buffer && start >= this.offset && end <= this.offset + this.text.length) return this;
    this.#buffer = buffer;
    this.offset = start;
    this.text = buffer.toString("latin1", start, Math.max(end, start + WINDOW_BYTES));
    return this;
  }
}
