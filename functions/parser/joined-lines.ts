const LINE_FEED = Buffer.from("\n");
const CARRIAGE_RETURN_LINE_FEED = Buffer.from("\r\n");

/**
 * A record of several lines, collected line by line: the bytes of the input from the start of its first line to the end
 * of its last one.
 */
export class JoinedLines {
  /** Number of lines. */
  lines = 0;
  /** Number of the first line. */
  line = 0;
  /** Offset of the first byte in the input. */
  byte = 0;
  /** Pieces of different buffers; lines of the same buffer form one piece. */
  #pieces: Buffer[] = [];
  #last: { readonly buffer: Buffer; readonly start: number; end: number } | undefined;
  /** Offset in the input of the byte after the last line. */
  #endByte = 0;
  readonly #lineEnd: Buffer;

  /** @param lineEnd the line end to write between two lines that were separated by one byte */
  constructor(lineEnd = LINE_FEED) {
    this.#lineEnd = lineEnd;
  }

  /** Adds the line that follows the last one. It must not be cut. */
  add(buffer: Buffer, start: number, end: number, line: number, byte: number): void {
    if (this.lines++ === 0) {
      this.line = line;
      this.byte = byte;
      this.#last = { buffer, start, end };
    } else {
      this.#append(buffer, start, end, byte - this.#endByte);
    }
    this.#endByte = byte + end - start;
  }

  /** Length in bytes if a line were added that ends before this offset in the input. */
  bytesUntil(endByte: number): number {
    return endByte - this.byte;
  }

  /** Returns the record, and begins a new one. */
  take(): { readonly buffer: Buffer; readonly start: number; readonly end: number } {
    const { buffer, start, end } = this.#last ?? { buffer: Buffer.alloc(0), start: 0, end: 0 };
    const pieces = this.#pieces;
    this.lines = 0;
    this.#pieces = [];
    this.#last = undefined;
    if (pieces.length === 0) return { buffer, start, end };
    const whole = Buffer.concat([...pieces, buffer.subarray(start, end)]);
    return { buffer: whole, start: 0, end: whole.length };
  }

  /** @param gap length of the line end in between; there is nothing else between two lines */
  #append(buffer: Buffer, start: number, end: number, gap: number): void {
    const last = this.#last;
    if (last?.buffer === buffer && last.end + gap === start) {
      last.end = end;
      return;
    }
    if (last) this.#pieces.push(last.buffer.subarray(last.start, last.end));
    this.#pieces.push(gap === 1 ? this.#lineEnd : CARRIAGE_RETURN_LINE_FEED);
    this.#last = { buffer, start, end };
  }
}
