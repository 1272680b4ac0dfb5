import type { Fields } from "../records";
import type { RecordCheck } from "../settings";
import { mayHoldBigNumber, quoteBigNumbers } from "./numbers";
import type { ContentReader } from "./reader";
import type { RecordSink } from "./sink";

/**
 * Reads JSON lines: a record is a line that holds one JSON object, spaces around it aside. A line of nothing but spaces
 * is empty; any other is invalid. With the check `shape` a line's inside is not looked at.
 */
export class JsonLinesReader implements ContentReader {
  readonly #check: RecordCheck;
  readonly #sink: RecordSink;

  constructor(check: RecordCheck, sink: RecordSink) {
    this.#check = check;
    this.#sink = sink;
  }

  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (cut) return this.#sink.reject(buffer, start, end, line, byte, "over the line limit");
    let first = start;
    let last = end - 1;
    while (first <= last && isSpace(buffer[first])) first++;
    while (last > first && isSpace(buffer[last])) last--;
    if (first > last) return;

    const shaped = buffer[first] === OPENING_BRACE && buffer[last] === CLOSING_BRACE && last > first;
    if (shaped && this.#check === "shape") return this.#sink.accept(buffer, start, end, line, byte);
    const fields = shaped ? this.#parse(buffer, start, end) : undefined;
    if (fields) return this.#sink.accept(buffer, start, end, line, byte, fields);
    if (!shaped) this.#sink.checkUtf8(buffer, start, end);
    this.#sink.reject(buffer, start, end, line, byte, "not a JSON object");
  }

  end(): void {
    // No line waits for another.
  }

  #parse(buffer: Buffer, start: number, end: number): Fields | undefined {
    const text = buffer.toString("utf8", start, end);
    // Stands for bytes that are not UTF-8, unless it was there: rare enough to look twice.
    if (text.includes("\ufffd")) this.#sink.checkUtf8(buffer, start, end);
    return parseObject(text, this.#sink);
  }
}

/** Reads the fields of a line that looks like an object; undefined where it is none. */
export function readJson(buffer: Buffer, start: number, end: number): Fields | undefined {
  return parseObject(buffer.toString("utf8", start, end));
}

function parseObject(text: string, sink?: RecordSink): Fields | undefined {
  try {
    const fields = JSON.parse(text) as Fields;
    if (!mayHoldBigNumber(fields)) return fields;
    const { json, count } = quoteBigNumbers(text);
    if (count === 0) return fields;
    sink?.count("bigNumbers", count);
    return JSON.parse(json) as Fields;
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
