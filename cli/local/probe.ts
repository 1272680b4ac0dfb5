import { parseObject } from "../../local";

/** Maximum non-empty lines to examine. */
const PROBE_LINES = 100;
/** Maximum bytes to examine, which are buffered meanwhile, up to the end of the chunk. */
export const PROBE_BYTES = 64 * 1024 * 1024;
/** A longer line does not count as an object, whatever it contains. */
export const OBJECT_LINE_BYTES = 4 * 1024 * 1024;

const NEWLINE = 10;

/** Result of examining the start. */
export interface Probe {
  /** The examined chunks. */
  readonly held: Buffer[];
  /** The chunks after them. */
  readonly rest: AsyncIterable<Buffer>;
  /** Whether there are lines, and the first of them are not JSON objects. */
  readonly text: boolean;
}

/** Distinguishes JSON lines from text: reads ahead until a line is a JSON object, or enough of them are not. */
export async function probe(chunks: AsyncIterable<Buffer>): Promise<Probe> {
  const iterator = chunks[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  const lines = new LineProbe();
  for (let bytes = 0; bytes < PROBE_BYTES && !lines.decided;) {
    const { value, done } = await iterator.next();
    if (done) break;
    held.push(value);
    bytes += value.length;
    lines.write(value);
  }
  lines.end();
  return { held, rest: { [Symbol.asyncIterator]: () => iterator }, text: lines.looked > 0 && !lines.objectFound };
}

/** Examines each byte once; a line that spans chunks is joined when it ends. */
class LineProbe {
  objectFound = false;
  /** Number of examined non-empty lines. */
  looked = 0;
  private first = true;
  /** The current line, without its bytes if it is too long. */
  private pieces: Buffer[] = [];
  private bytes = 0;

  get decided(): boolean {
    return this.objectFound || this.looked >= PROBE_LINES;
  }

  write(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.gather(chunk.subarray(start, end));
      this.end();
      start = end + 1;
      if (this.decided) return;
    }
    this.gather(chunk.subarray(start));
  }

  /** Ends the current line. */
  end(): void {
    const tooLong = this.bytes > OBJECT_LINE_BYTES;
    const whole = Buffer.concat(this.pieces).toString();
    const line = this.first ? withoutMark(whole) : whole;
    this.first = false;
    this.pieces = [];
    this.bytes = 0;
    if (!tooLong && line.trim() === "") return;
    this.looked += 1;
    this.objectFound ||= !tooLong && parseObject(line) !== undefined;
  }

  private gather(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes <= OBJECT_LINE_BYTES) this.pieces.push(piece);
    else this.pieces = [];
  }
}

/** The start of a text without the byte order mark that some editors add. */
function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
