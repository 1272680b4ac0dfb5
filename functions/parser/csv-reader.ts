import { isUtf8 } from "node:buffer";
import type { InvalidLine } from "../records/contracts";
import type { RecordCheck } from "../settings";
import { ContentError } from "./content-error";
import { hasReturn, isOpen } from "./csv";
import type { CsvColumns } from "./csv-fields";
import { CARRIAGE_RETURN, CsvLineEnd, LINE_FEED } from "./csv-line-end";
import { plainRows } from "./csv-rows";
import { JoinedLines } from "./joined-lines";
import { handLine, type TakeLine, type TakeRun } from "./lines";
import { isBlank } from "./plain-lines";
import type { ContentReader } from "./reader";
import type { RecordSink } from "./sink";

/**
 * Reads CSV: a record is a line, or several where a quoted value holds line ends. An empty line is empty, and so is a
 * comment. What is no CSV or has not one value for each column is invalid, and so is a record over the line limit; reading
 * goes on behind it. With the check `shape` values are not looked at.
 *
 * Where the first record names the columns, it is itself neither a record nor invalid; nor are the lines that are skipped.
 */
export class CsvReader implements ContentReader {
  readonly lineEnd: CsvLineEnd;
  readonly #fields: CsvColumns;
  readonly #check: RecordCheck;
  readonly #maxBytes: number;
  readonly #sink: RecordSink;
  readonly #skipLines: number;
  readonly #comment: number;
  /** A record whose last line leaves a quoted value open. */
  #open = new JoinedLines();
  #lines = 0;
  /** Whether more than blanks was skipped. */
  #hasSkipped = false;
  readonly #takeLine: TakeLine = (...line) => this.take(...line);

  /** @param maxBytes longest record in bytes, its inner line ends included @param skipLines at the start of the input */
  constructor(fields: CsvColumns, check: RecordCheck, maxBytes: number, sink: RecordSink, skipLines = 0) {
    this.#fields = fields;
    this.#check = check;
    this.#maxBytes = maxBytes;
    this.#sink = sink;
    this.#skipLines = skipLines;
    this.#comment = fields.format.comment?.charCodeAt(0) ?? NaN;
    this.lineEnd = new CsvLineEnd(fields.format);
  }

  /** Takes rows that are a line each many at a time, and any other line by itself. */
  readonly takeRun: TakeRun = (buffer, start, end, byte) => {
    const isText = isUtf8(buffer.subarray(start, end));
    for (let at = start; at < end;) {
      if (this.#isBetweenRecords) at = this.#takeRows(buffer, at, end, byte + at - start, isText);
      if (at === end) return;
      const feed = buffer.indexOf(LINE_FEED, at);
      handLine(this.#takeLine, buffer, at, feed, byte + at - start, this.#maxBytes);
      at = feed + 1;
    }
  };

  /** @returns where the first line begins that is something else, or the end */
  #takeRows(buffer: Buffer, start: number, end: number, byte: number, isText: boolean): number {
    const width = this.#check === "json" ? this.#fields.width : undefined;
    const rows = plainRows(buffer, start, end, this.#fields, width, this.#maxBytes);
    const lines = this.#sink.cut(rows, byte - start);
    for (let index = 0; index < rows.count; index++) {
      this.#sink.nextLine();
      if (!isText) this.#sink.checkUtf8(buffer, rows.start(index), rows.end(index));
      this.#sink.acceptLine(lines, index);
    }
    this.#lines += rows.count;
    return rows.next;
  }

  /** Whether the next line begins a record. */
  get #isBetweenRecords(): boolean {
    return this.#lines >= this.#skipLines && this.#open.lines === 0 && !this.#fields.wantsHeader;
  }

  /** @throws ContentError where the first record should name the columns and cannot */
  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (this.#lines++ === 0 && this.#endsWithReturns) this.#open = new JoinedLines(Buffer.from("\r"));
    if (this.#lines <= this.#skipLines) {
      this.#hasSkipped ||= !isBlank(buffer, start, end);
      return;
    }
    const wasInside = this.#open.lines > 0;
    const tooLong = cut || (wasInside && this.#open.bytesUntil(byte + end - start) > this.#maxBytes);
    // What opened the value may be a stray quote: the line that went over the limit is read as if there were none.
    if (wasInside && tooLong) this.#rejectOpen("over the line limit");
    const isInside = wasInside && !tooLong;
    // Where carriage returns end lines, a line feed behind one belongs to it.
    if (!isInside && this.#endsWithReturns && start < end && buffer[start] === LINE_FEED)
      [start, byte] = [start + 1, byte + 1];
    if (!isInside && buffer[start] === this.#comment && start < end) return;
    if (cut) return this.#reject(buffer, start, end, line, byte, "over the line limit");
    if (!isInside && start === end) return;

    const staysOpen = isOpen(buffer.toString("latin1", start, end), isInside, this.#fields.format);
    if (!isInside && !staysOpen) return this.#takeRecord(buffer, start, end, line, byte);
    this.#open.add(buffer, start, end, line, byte);
    if (!staysOpen) this.#takeOpen();
  }

  flush(): void {
    // Each record was handed on at once.
  }

  /**
   * A quoted value that is open at the end of the input has no end. Where a fault cut the input, it may have had one.
   *
   * @throws ContentError where all of the input was skipped
   */
  end(cutOff: boolean): void {
    if (cutOff) return;
    if (this.#open.lines > 0) this.#rejectOpen("not a CSV record");
    if (this.#hasSkipped && this.#lines <= this.#skipLines) throw allSkipped(this.#skipLines, this.#lines);
  }

  get #endsWithReturns(): boolean {
    return this.lineEnd.found === CARRIAGE_RETURN;
  }

  #takeOpen(): void {
    const { line, byte } = this.#open;
    const { buffer, start, end } = this.#open.take();
    this.#takeRecord(buffer, start, end, line, byte);
  }

  #takeRecord(buffer: Buffer, start: number, lineEnd: number, line: number, byte: number): void {
    const end = this.#endsWithReturns && buffer[lineEnd - 1] === LINE_FEED ? lineEnd - 1 : lineEnd;
    this.#sink.checkUtf8(buffer, start, end);
    if (this.#fields.wantsHeader) return this.#takeHeader(buffer, start, end, line);
    const fields = this.#check === "json" ? this.#fields.read(buffer, start, end) : undefined;
    if (!fields && this.#check === "json") return this.#reject(buffer, start, end, line, byte, "not a CSV record");
    this.#sink.accept(buffer, start, end, line, byte, fields);
  }

  #takeHeader(buffer: Buffer, start: number, end: number, line: number): void {
    const mixesEnds = !this.#endsWithReturns && hasReturn(buffer.toString("latin1", start, end), this.#fields.format);
    const fault = mixesEnds ? "a carriage return between them" : this.#fields.takeHeader(buffer, start, end);
    if (fault !== undefined) throw noHeader(line, fault);
  }

  #rejectOpen(reason: InvalidLine["reason"]): void {
    const { line, byte } = this.#open;
    const { buffer, start, end } = this.#open.take();
    this.#reject(buffer, start, end, line, byte, reason);
  }

  #reject(buffer: Buffer, start: number, end: number, line: number, byte: number, reason: InvalidLine["reason"]): void {
    if (this.#fields.wantsHeader) throw noHeader(line, "something else");
    this.#sink.reject(buffer, start, end, line, byte, reason);
  }
}

/** Without names no record can be read; a whole file of invalid lines would hide why. */
function noHeader(line: number, got: string): ContentError {
  const message = `csv must begin with the names of its columns, got ${got} in line ${line}; set columns instead`;
  return new ContentError("CSV_HEADER", message, 0);
}

function allSkipped(skipLines: number, lines: number): ContentError {
  const message = `csv must have lines behind the first ${skipLines}, which skipLines leaves out, got ${lines} lines`;
  return new ContentError("NO_RECORDS", `${message}; lower it`, 0);
}
