import { parseObject } from "../../local";

/** Non-empty lines that are looked at. */
const PROBE_LINES = 100;
/** Bytes that are looked at and held back meanwhile, to the end of the chunk. */
export const PROBE_BYTES = 64 * 1024 * 1024;
/** A longer line is taken for no object, whatever it holds. */
export const OBJECT_LINE_BYTES = 4 * 1024 * 1024;

const NEWLINE = 10;

/** What a look ahead has found. */
export interface Probe {
  /** The chunks that were looked at. */
  readonly held: Buffer[];
  /** The chunks after them. */
  readonly rest: AsyncIterable<Buffer>;
  /** Whether there are lines, and the first of them are no JSON objects. */
  readonly text: boolean;
}

/** Tells JSON lines from text: looks ahead until a line is a JSON object, or enough of them are not. */
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

/** Looks at each byte once; a line that spans chunks is put together when it ends. */
class LineProbe {
  objectFound = false;
  /** Non-empty lines that were looked at. */
  looked = 0;
  private first = true;
  /** The open line, without its bytes where it is too long. */
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

  /** Ends the open line. */
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

/** The start of a text without the byte order mark that some editors put there. */
function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
