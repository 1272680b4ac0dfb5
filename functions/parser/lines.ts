import { CARRIAGE_RETURN, type CsvLineEnd, LINE_FEED } from "./csv-line-end";
import { bufferOf } from "../runtime/buffer";

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Receives one line: `buffer` from `start` to `end`, without its line end. The bytes must not be changed; the buffer
 * can contain other lines.
 *
 * @param byte offset of the line's first byte in the input
 * @param cut whether the line exceeded the limit, so that only its head is here
 */
export type TakeLine = (buffer: Buffer, start: number, end: number, byte: number, cut: boolean) => void;

/**
 * Receives consecutive whole lines: `buffer` from `start` to `end`, which is after a line feed. The lines are not
 * checked: one can exceed the limit, and a carriage return can be part of its line end.
 *
 * @param byte offset of the first byte in the input
 */
export type TakeRun = (buffer: Buffer, start: number, end: number, byte: number) => void;

/** Passes on a line that a line feed ends: `buffer` from `start` up to the line feed. */
export function handLine(
  take: TakeLine,
  buffer: Buffer,
  start: number,
  feed: number,
  byte: number,
  maxBytes: number,
): void {
  const end = feed > start && buffer[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
  handContent(take, buffer, start, end, byte, maxBytes);
}

function handContent(take: TakeLine, buffer: Buffer, start: number, end: number, byte: number, maxBytes: number): void {
  const longest = start + maxBytes;
  if (end > longest) take(buffer, start, longest, byte, true);
  else take(buffer, start, end, byte, false);
}

/** Maximum bytes of a run of lines. */
export const MAX_RUN_BYTES = 96 * 1024;

/**
 * Splits chunks of bytes into lines, only at line feeds: a lone carriage return is part of its line, as in JSON lines.
 * One carriage return before the line feed, or at the end of the input, is part of the line end. A byte order mark at
 * the start of the input is removed. If `lineEnd` detects that carriage returns end lines, each of them does.
 *
 * Each byte is examined once. A line that spans chunks is collected in a buffer that is no larger than the limit.
 */
export class LineSplitter {
  readonly #take: TakeLine;
  readonly #takeRun: TakeRun | undefined;
  readonly #maxLineBytes: number;
  readonly #lineEnd: CsvLineEnd | undefined;
  #end: number = LINE_FEED;
  /** Bytes that arrived before the line end was known. */
  #untold: Buffer[] | undefined;
  /** Start of the input, until it is long enough to recognize a byte order mark. */
  #head: Buffer | undefined = Buffer.alloc(0);
  /** Number of input bytes before the current chunk. */
  #offset = 0;
  /** A line whose end has not arrived; `#gathered` of its `#length` bytes are kept. */
  #line: Buffer = Buffer.alloc(0);
  #gathered = 0;
  #length = 0;

  /**
   * @param takeRun receives the lines of a chunk together if they are small enough; otherwise each is passed to `take`
   * @param lineEnd detects the line end from the start of the input
   */
  constructor(maxLineBytes: number, take: TakeLine, takeRun?: TakeRun, lineEnd?: CsvLineEnd) {
    this.#maxLineBytes = maxLineBytes;
    this.#take = take;
    this.#takeRun = takeRun;
    this.#lineEnd = lineEnd;
    this.#untold = lineEnd && [];
  }

  /** Offset in the input of the line whose end has not arrived. */
  get position(): number {
    return this.#offset - this.#length;
  }

  /** Sets the offset in the input of the first byte to come, which follows a line end. */
  beginAt(byte: number): void {
    this.#offset = byte;
    this.#head = undefined;
  }

  /** Processes the next bytes of the input, and passes on the lines that end in them. */
  write(chunk: Uint8Array): void {
    const unmarked = this.#withoutMark(bufferOf(chunk));
    const buffer = this.#untold ? this.#told(this.#untold, unmarked) : unmarked;
    let start = 0;
    for (let end = buffer.indexOf(this.#end); end !== -1; end = buffer.indexOf(this.#end, start)) {
      if (this.#length > 0) {
        this.#handGathered(buffer, end);
      } else if (this.#takeRun && this.#end === LINE_FEED && buffer.length <= MAX_RUN_BYTES) {
        end = buffer.lastIndexOf(LINE_FEED);
        this.#takeRun(buffer, start, end + 1, this.#offset + start);
      } else {
        this.#hand(buffer, start, end, end - start, this.#offset + start);
      }
      start = end + 1;
    }
    if (start < buffer.length) this.#gather(buffer, start, buffer.length);
    this.#offset += buffer.length;
  }

  /** Passes on the last line if the input does not end with a line feed. */
  end(): void {
    if (this.#head) {
      const short = this.#head;
      this.#head = undefined;
      if (short.length > 0) this.write(short);
    }
    if (this.#untold) {
      this.#lineEnd?.end();
      this.write(Buffer.alloc(0));
    }
    if (this.#length > 0) this.#handGathered(Buffer.alloc(0), 0);
  }

  /** All bytes so far, once the line end is known; none before. */
  #told(untold: Buffer[], next: Buffer): Buffer {
    untold.push(next);
    if (!this.#lineEnd?.look(next)) return Buffer.alloc(0);
    this.#end = this.#lineEnd.found ?? LINE_FEED;
    this.#untold = undefined;
    return Buffer.concat(untold);
  }

  #handGathered(buffer: Buffer, end: number): void {
    const byte = this.#offset - this.#length;
    this.#gather(buffer, 0, end);
    const line = this.#line;
    const [gathered, length] = [this.#gathered, this.#length];
    // The receiver owns the line's bytes, so the next long line gets a new buffer.
    this.#line = Buffer.alloc(0);
    this.#gathered = this.#length = 0;
    this.#hand(line, 0, gathered, length, byte);
  }

  /** Passes on a line of `length` bytes, of which those from `start` to `end` are here. */
  #hand(buffer: Buffer, start: number, end: number, length: number, byte: number): void {
    const mayEndWithReturn = end - start === length && this.#end === LINE_FEED;
    const hand = mayEndWithReturn ? handLine : handContent;
    hand(this.#take, buffer, start, end, byte, this.#maxLineBytes);
  }

  /** Keeps one byte more than the limit, which can be the carriage return of a line that is just short enough. */
  #gather(buffer: Buffer, start: number, end: number): void {
    this.#length += end - start;
    const kept = Math.min(end - start, this.#maxLineBytes + 1 - this.#gathered);
    const needed = this.#gathered + kept;
    if (needed > this.#line.length) this.#line = grown(this.#line, needed, this.#gathered, this.#maxLineBytes + 1);
    buffer.copy(this.#line, this.#gathered, start, start + kept);
    this.#gathered = needed;
  }

  #withoutMark(chunk: Buffer): Buffer {
    if (!this.#head) return chunk;
    const head = Buffer.concat([this.#head, chunk]);
    const compared = Math.min(head.length, BYTE_ORDER_MARK.length);
    const alike = head.compare(BYTE_ORDER_MARK, 0, compared, 0, compared) === 0;
    if (alike && compared < BYTE_ORDER_MARK.length) {
      this.#head = head;
      return Buffer.alloc(0);
    }
    this.#head = undefined;
    if (!alike) return head;
    this.#offset = BYTE_ORDER_MARK.length;
    return head.subarray(BYTE_ORDER_MARK.length);
  }
}

/**
 * A copy with room for `needed` bytes, or of twice the size if the limit allows it, so that collecting takes linear
 * time.
 */
function grown(line: Buffer, needed: number, used: number, limit: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(needed, line.length * 2)));
  line.copy(larger, 0, 0, used);
  return larger;
}
