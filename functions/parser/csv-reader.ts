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
 * Reads CSV. A record is a line, or several lines if a quoted value contains line ends. Empty lines and comments count
 * as empty. A record is invalid if it is not CSV, has the wrong number of values, or exceeds the line limit; reading
 * continues after it. With the check `shape`, values are not examined.
 *
 * A first record with the column names is neither a record nor invalid, and neither are lines that are skipped.
 */
export class CsvReader implements ContentReader {
  readonly lineEnd: CsvLineEnd;
  readonly #fields: CsvColumns;
  readonly #check: RecordCheck;
  readonly #maxBytes: number;
  readonly #sink: RecordSink;
  readonly #skipLines: number;
  readonly #comment: number;
  /** A record whose last line so far leaves a quoted value open. */
  #open = new JoinedLines();
  #lines = 0;
  /** Whether a skipped line contained more than blanks. */
  #hasSkipped = false;
  readonly #takeLine: TakeLine = (...line) => this.take(...line);

  /**
   * @param maxBytes maximum bytes of a record, including its inner line ends @param skipLines number of lines to skip
   * at the start of the input
   */
  constructor(fields: CsvColumns, check: RecordCheck, maxBytes: number, sink: RecordSink, skipLines = 0) {
    this.#fields = fields;
    this.#check = check;
    this.#maxBytes = maxBytes;
    this.#sink = sink;
    this.#skipLines = skipLines;
    this.#comment = fields.format.comment?.charCodeAt(0) ?? NaN;
    this.lineEnd = new CsvLineEnd(fields.format);
  }

  /** Reads rows that are a single line in bulk, and all other lines one by one. */
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

  /** @returns where the first line begins that is not such a row, or the end */
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

  /** @throws ContentError if the first record should contain the column names and does not */
  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (this.#lines++ === 0 && this.#endsWithReturns) this.#open = new JoinedLines(Buffer.from("\r"));
    if (this.#lines <= this.#skipLines) {
      this.#hasSkipped ||= !isBlank(buffer, start, end);
      return;
    }
    const wasInside = this.#open.lines > 0;
    const tooLong = cut || (wasInside && this.#open.bytesUntil(byte + end - start) > this.#maxBytes);
    // The quote that opened the value may be a stray one, so the line that exceeded the limit is read as if there were
    // none.
    if (wasInside && tooLong) this.#rejectOpen("over the line limit");
    const isInside = wasInside && !tooLong;
    // If carriage returns end lines, a line feed after one is part of the line end.
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
    // Each record was passed on immediately.
  }

  /**
   * A quoted value that is open at the end of the input is not closed. If a fault cut off the input, the rest may have
   * closed it.
   *
   * @throws ContentError if all lines of the input were skipped
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

/** Without names no record can be read, and a whole file of invalid lines would hide the reason. */
function noHeader(line: number, got: string): ContentError {
  const message = `csv must begin with the names of its columns, got ${got} in line ${line}; set columns instead`;
  return new ContentError("CSV_HEADER", message, 0);
}

function allSkipped(skipLines: number, lines: number): ContentError {
  const message = `csv must have lines behind the first ${skipLines}, which skipLines leaves out, got ${lines} lines`;
  return new ContentError("NO_RECORDS", `${message}; lower it`, 0);
}
