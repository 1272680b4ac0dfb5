import type { Fields } from "../records/contracts";
import type { RecordCheck } from "../settings";
import { parseTogether } from "./json-array";
import { LineShapes } from "./line-shapes";
import { mayHoldBigNumber, quoteBigNumbers } from "./numbers";
import type { ContentReader } from "./reader";
import type { RecordSink } from "./sink";

/** Bytes of lines that are parsed in one call: enough to make it cheap, few enough that a broken line costs little. */
const RUN_BYTES = 16 * 1024;

/**
 * Most objects in a line, or in each 16 bytes of it where those are more. An object takes 56 bytes of memory and more,
 * `{},` three of a line: without a limit a line of a megabyte would take a fourth of a small function's memory, and what
 * it leaves behind another one.
 */
const MAX_OBJECTS = 100_000;
const BYTES_PER_OBJECT = 16;

/**
 * Reads JSON lines: a record is a line that holds one JSON object, spaces around it aside. A line of nothing but spaces
 * is empty; any other is invalid. With the check `shape` a line's inside is not looked at.
 *
 * Lines that follow each other in a buffer are collected as a run and parsed in one call, which is faster.
 */
export class JsonLinesReader implements ContentReader {
  readonly #check: RecordCheck;
  readonly #sink: RecordSink;
  readonly #shapes = new LineShapes();
  #buffer: Buffer = Buffer.alloc(0);
  /** Where the lines of the run start and end in the buffer. */
  #starts: number[] = [];
  #ends: number[] = [];
  /** Number of the run's first line. */
  #line = 0;
  /** Offset of the buffer in the input. */
  #offset = 0;

  constructor(check: RecordCheck, sink: RecordSink) {
    this.#check = check;
    this.#sink = sink;
  }

  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (cut) return this.#reject(buffer, start, end, line, byte, "over the line limit");
    let first = start;
    let last = end - 1;
    while (first <= last && isSpace(buffer[first])) first++;
    while (last > first && isSpace(buffer[last])) last--;
    if (first > last) return;

    if (buffer[first] !== OPENING_BRACE || buffer[last] !== CLOSING_BRACE || first === last) {
      this.#sink.checkUtf8(buffer, start, end);
      this.#reject(buffer, start, end, line, byte, "not a JSON object");
    } else if (this.#check === "shape") {
      this.#sink.accept(buffer, start, end, line, byte);
    } else if (holdsTooMany(buffer, first, last)) {
      this.#reject(buffer, start, end, line, byte, "over the limit of objects");
    } else {
      this.#addToRun(buffer, start, end, line, byte);
    }
  }

  flush(): void {
    if (this.#starts.length === 0) return;
    const lines = { buffer: this.#buffer, starts: this.#starts, ends: this.#ends };
    const foretold = this.#shapes.read(lines);
    const records = foretold ?? parseTogether(lines);
    for (let at = 0; at < this.#starts.length; at++) {
      const fields = records[at];
      if (fields && foretold) this.#accept(at, fields);
      else if (fields) this.#acceptParsed(at, fields);
      else this.#parseAlone(at);
    }
    this.#starts = [];
    this.#ends = [];
  }

  /** Rejects a line that joins no run, in its turn. */
  #reject(...line: Parameters<RecordSink["reject"]>): void {
    this.flush();
    this.#sink.reject(...line);
  }

  #addToRun(buffer: Buffer, start: number, end: number, line: number, byte: number): void {
    const follows = buffer === this.#buffer && line === this.#line + this.#starts.length;
    if (!follows || end - this.#starts[0] > RUN_BYTES) this.flush();
    if (this.#starts.length === 0) {
      this.#buffer = buffer;
      this.#line = line;
      this.#offset = byte - start;
    }
    this.#starts.push(start);
    this.#ends.push(end);
  }

  #parseAlone(at: number): void {
    const [start, end] = [this.#starts[at], this.#ends[at]];
    const text = this.#buffer.toString("utf8", start, end);
    // Stands for bytes that are not UTF-8, unless it was there: rare enough to look twice.
    if (text.includes("\ufffd")) this.#sink.checkUtf8(this.#buffer, start, end);
    const fields = parseObject(text);
    if (fields) this.#acceptParsed(at, fields);
    else this.#sink.reject(this.#buffer, start, end, this.#line + at, this.#offset + start, "not a JSON object");
  }

  #acceptParsed(at: number, fields: Fields): void {
    this.#accept(at, mayHoldBigNumber(fields) ? this.#withBigNumbers(this.#starts[at], this.#ends[at]) : fields);
  }

  #accept(at: number, fields: Fields): void {
    const [start, end] = [this.#starts[at], this.#ends[at]];
    this.#sink.accept(this.#buffer, start, end, this.#line + at, this.#offset + start, fields);
  }

  #withBigNumbers(start: number, end: number): Fields {
    const { json, count } = quoteBigNumbers(this.#buffer.toString("utf8", start, end));
    if (count > 0) this.#sink.count("bigNumbers", count);
    return JSON.parse(json) as Fields;
  }
}

/** Whether a line may hold more objects than the limit; braces in its texts count as well. */
function holdsTooMany(buffer: Buffer, first: number, last: number): boolean {
  const length = last - first + 1;
  // Each takes three bytes, with its comma.
  if (length < MAX_OBJECTS * 3) return false;
  const most = Math.max(MAX_OBJECTS, length / BYTES_PER_OBJECT);
  let objects = 0;
  for (let at = first; at <= last; at++) if (buffer[at] === OPENING_BRACE) objects++;
  return objects > most;
}

/** Reads the fields of a line that looks like an object; undefined where it is none. */
export function readJson(buffer: Buffer, start: number, end: number): Fields | undefined {
  const text = buffer.toString("utf8", start, end);
  const fields = parseObject(text);
  return fields && mayHoldBigNumber(fields) ? (JSON.parse(quoteBigNumbers(text).json) as Fields) : fields;
}

/** @param text begins with `{`, spaces aside, so that it is an object if it is JSON */
function parseObject(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** What JSON allows around a value; a line has no line feed. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
