import { isUtf8 } from "node:buffer";
import type { Fields } from "../records/contracts";
import type { ScannedLines } from "../records/record-lines";
import type { RecordCheck } from "../settings";
import type { TakeRun } from "./lines";
import { parseExactly, quoteBigNumbers } from "./numbers";
import type { ContentReader } from "./reader";
import { Demand } from "./scan/demand";
import type { Scan } from "./scan/scan";
import { type Scanner, scanner } from "./scan/scanner";
import { EMPTY, MAYBE_BIG, MEMBERS, PROVEN, type ScanMode, WIDE } from "./scan/tape";
import type { RecordSink } from "./sink";

/**
 * Maximum number of objects per line, or per 16 bytes of it if that is more. An object takes at least 56 bytes of
 * memory, but `{},` only three bytes of a line. Without a limit, a line of one megabyte would take a fourth of a small
 * function's memory, and its garbage another fourth.
 */
const MAX_OBJECTS = 100_000;
const BYTES_PER_OBJECT = 16;

const LINE_FEED_BYTES = Buffer.from("\n");

/** A line: its bytes, and where it begins in the input. */
interface Line {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly byte: number;
}

/**
 * Reads JSON lines: a record is a line with one JSON object, with or without spaces around it. A line of only spaces is
 * empty; any other line is invalid. With the check `shape`, the inside of a line is not examined.
 *
 * The scanner proves most lines, many per call. JSON.parse reads those that it cannot prove, and all lines if there is
 * no scanner.
 */
export class JsonLinesReader implements ContentReader {
  readonly takeRun: TakeRun | undefined;
  readonly #check: RecordCheck;
  readonly #scanner: Scanner | undefined;
  readonly #maxLineBytes: number;
  readonly #sink: RecordSink;
  readonly #demand = new Demand();
  #mode: ScanMode = MEMBERS;
  /** A line that is not in the buffer of the following lines. It is scanned together with them. */
  #held: Line | undefined;

  /** @param maxLineBytes maximum bytes of a line; longer ones are only passed in runs */
  constructor(check: RecordCheck, maxLineBytes: number, sink: RecordSink) {
    this.#check = check;
    this.#maxLineBytes = maxLineBytes;
    this.#sink = sink;
    const shared = check === "json" ? scanner() : undefined;
    this.#scanner = shared;
    this.takeRun = shared && ((...run) => this.#scanRun(shared, ...run));
  }

  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    this.flush();
    if (cut) this.#sink.reject(buffer, start, end, this.#sink.nextLine(), byte, "over the line limit");
    else if (this.takeRun) this.#held = { buffer, start, end, byte };
    else this.#takeAlone(buffer, start, end, byte);
  }

  flush(): void {
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    const { buffer, start, end, byte } = held;
    const length = end - start;
    // A text without a byte has no line.
    const isScanned = this.#scanner && length > 0 && length <= this.#scanner.maxBytes;
    if (isScanned) this.#scanRun(this.#scanner, buffer, start, end, byte);
    else this.#takeAlone(buffer, start, end, byte);
  }

  /**
   * Reads draft lines. If one is not a JSON object, another line is read in its place.
   *
   * @param drafts a scan that has not run, whose text consists of the drafts, each followed by a line feed
   * @param byte offset of the first line's first byte in the input
   * @param lineAt returns the replacement of a draft, by its number, starting at 0
   * @returns offset of the byte after the last line
   */
  takeDrafts(scanner: Scanner, drafts: Scan, byte: number, lineAt: (draft: number) => Buffer): number {
    const buffer = drafts.copy();
    let draft = 0;
    for (let [at, scan] = [0, drafts]; at < buffer.length; scan = scanner.begin()) {
      if (at > 0) scan.append(buffer.subarray(at));
      const reached = scan.run(this.#mode, this.#demand);
      this.#mode = this.#demand.next(scan.lines);
      // After a line that replaced its draft, the offsets of the following lines in the input change.
      let lines: ScannedLines | undefined;
      for (let index = 0; index < scan.lines; index++, draft++) {
        if (scan.verdict(index) === PROVEN) {
          lines ??= this.#sink.scanned(scan, buffer, index, at, byte - scan.lineStart(index));
          this.#takeProven(lines, scan, index);
          byte += lines.end(index) - lines.start(index) + 1;
        } else {
          lines = undefined;
          byte = this.takeLine(lineAt(draft), byte);
        }
      }
      at += reached;
    }
    return byte;
  }

  /** Reads a single line. Returns the offset of the byte after it. */
  takeLine(line: Buffer, byte: number): number {
    if (line.length > this.#maxLineBytes) this.take(line, 0, this.#maxLineBytes, byte, true);
    else this.#takeAlone(line, 0, line.length, byte);
    return byte + line.length + 1;
  }

  /** Accepts a proven line, which is UTF-8. */
  #takeProven(lines: ScannedLines, scan: Scan, index: number): void {
    if (this.#check === "json") return this.#takeScanned(lines, scan, index, true);
    const { buffer } = lines;
    const [start, end, byte] = [lines.start(index), lines.end(index), lines.byte(index)];
    if (end - start > this.#maxLineBytes) this.take(buffer, start, start + this.#maxLineBytes, byte, true);
    else this.#sink.accept(buffer, start, end, this.#sink.nextLine(), byte);
  }

  #scanRun(scanner: Scanner, buffer: Buffer, start: number, end: number, byte: number): void {
    if (this.#held && this.#held.end - this.#held.start + 1 + end - start > scanner.maxBytes) this.flush();
    for (let at = start; at < end;) {
      const held = this.#held;
      this.#held = undefined;
      const scan = scanner.begin();
      if (held) scan.append(held.buffer.subarray(held.start, held.end));
      if (held) scan.append(LINE_FEED_BYTES);
      const head = scan.length;
      scan.append(buffer.subarray(at, end));
      const reached = scan.run(this.#mode, this.#demand);
      this.#mode = this.#demand.next(scan.lines);
      const isText = scan.isUtf8();
      if (held) this.#takeLines(scan, 0, 1, isText, held.buffer, held.start, held.byte);
      this.#takeLines(scan, held ? 1 : 0, scan.lines, isText, buffer, at - head, byte + at - head - start);
      at += reached - head;
    }
  }

  /**
   * @param isText whether all proven lines of the scan are UTF-8
   * @param offset position in the buffer at which the scan's text begins, or would begin
   * @param byte the same position in the input
   */
  #takeLines(
    scan: Scan,
    from: number,
    to: number,
    isText: boolean,
    buffer: Buffer,
    offset: number,
    byte: number,
  ): void {
    const lines = this.#sink.scanned(scan, buffer, from, offset, byte);
    if (isText && scan.isPlain && scan.length <= this.#maxLineBytes) return this.#sink.acceptAll(lines, from, to);
    for (let index = from; index < to; index++) this.#takeScanned(lines, scan, index, isText);
  }

  #takeScanned(lines: ScannedLines, scan: Scan, index: number, isText: boolean): void {
    const line = this.#sink.nextLine();
    const verdict = scan.verdict(index);
    const { buffer } = lines;
    const start = lines.start(index);
    const end = lines.end(index);
    const byte = lines.byte(index);
    if (end - start > this.#maxLineBytes) {
      this.#sink.reject(buffer, start, start + this.#maxLineBytes, line, byte, "over the line limit");
    } else if (verdict === PROVEN) {
      const isBroken = !isText && scan.hasTrait(index, WIDE) && !isUtf8(buffer.subarray(start, end));
      if (isBroken) this.#sink.countBroken(buffer, start, end);
      const fields = scan.hasTrait(index, MAYBE_BIG) ? this.#withBigNumbers(buffer, start, end) : undefined;
      if (isBroken || fields) this.#sink.accept(buffer, start, end, line, byte, fields);
      else this.#sink.acceptLine(lines, index);
    } else if (verdict !== EMPTY) {
      this.#parse(buffer, start, end, line, byte);
    }
  }

  #takeAlone(buffer: Buffer, start: number, end: number, byte: number): void {
    this.#parse(buffer, start, end, this.#sink.nextLine(), byte);
  }

  #parse(buffer: Buffer, start: number, end: number, line: number, byte: number): void {
    let first = start;
    let last = end - 1;
    while (first <= last && isSpace(buffer[first])) first++;
    while (last > first && isSpace(buffer[last])) last--;
    if (first > last) return;

    if (buffer[first] !== OPENING_BRACE || buffer[last] !== CLOSING_BRACE || first === last) {
      this.#sink.checkUtf8(buffer, start, end);
      this.#sink.reject(buffer, start, end, line, byte, "not a JSON object");
    } else if (this.#check === "shape") {
      this.#sink.accept(buffer, start, end, line, byte);
    } else if (holdsTooMany(buffer, first, last)) {
      this.#sink.reject(buffer, start, end, line, byte, "over the limit of objects");
    } else {
      this.#parseObject(buffer, start, end, line, byte);
    }
  }

  #parseObject(buffer: Buffer, start: number, end: number, line: number, byte: number): void {
    const text = buffer.toString("utf8", start, end);
    // U+FFFD replaces bytes that are not UTF-8, unless the text already contained it. It is rare, so the bytes are
    // simply checked again.
    if (text.includes("\ufffd")) this.#sink.checkUtf8(buffer, start, end);
    const parsed = parseExactly(text);
    if (!parsed) return this.#sink.reject(buffer, start, end, line, byte, "not a JSON object");
    if (parsed.bigNumbers > 0) this.#sink.count("bigNumbers", parsed.bigNumbers);
    this.#sink.accept(buffer, start, end, line, byte, parsed.value as Fields);
  }

  /** Undefined if the line, which is JSON, contains no number that a double cannot represent. */
  #withBigNumbers(buffer: Buffer, start: number, end: number): Fields | undefined {
    const { json, count } = quoteBigNumbers(buffer.toString("utf8", start, end));
    if (count === 0) return undefined;
    this.#sink.count("bigNumbers", count);
    return JSON.parse(json) as Fields;
  }
}

/** Whether a line can contain more objects than the limit. Braces in strings count as well. */
function holdsTooMany(buffer: Buffer, first: number, last: number): boolean {
  const length = last - first + 1;
  // Each takes three bytes, including its comma.
  if (length < MAX_OBJECTS * 3) return false;
  const most = Math.max(MAX_OBJECTS, length / BYTES_PER_OBJECT);
  let objects = 0;
  for (let at = first; at <= last; at++) if (buffer[at] === OPENING_BRACE) objects++;
  return objects > most;
}

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** The spaces that JSON allows around a value; a line contains no line feed. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
