import type { InvalidLine } from "../records/contracts";
import type { RecordCheck } from "../settings";
import { ContentError } from "./content-error";
import { hasReturn, isOpen } from "./csv";
import type { CsvFields } from "./csv-fields";
import { JoinedLines } from "./joined-lines";
import type { ContentReader } from "./reader";
import type { RecordSink } from "./sink";

/**
 * Reads CSV: a record is a line, or several where a quoted value holds line ends. An empty line is empty. What is no CSV
 * or has not one value for each column is invalid, and so is a record over the line limit; reading goes on behind it.
 * With the check `shape` values are not looked at.
 *
 * Where the first record names the columns, it is itself neither a record nor invalid.
 *
 * An input whose lines end with a carriage return alone is a fault: it would be one record, or a header and nothing else.
 */
export class CsvReader implements ContentReader {
  readonly #fields: CsvFields;
  readonly #check: RecordCheck;
  readonly #maxBytes: number;
  readonly #sink: RecordSink;
  /** A record whose last line leaves a quoted value open. */
  readonly #open = new JoinedLines();
  #lines = 0;
  /** Whether the first line holds carriage returns that may end lines. */
  #hasReturns = false;

  /** @param maxBytes longest record in bytes, its inner line ends included */
  constructor(fields: CsvFields, check: RecordCheck, maxBytes: number, sink: RecordSink) {
    this.#fields = fields;
    this.#check = check;
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  /** @throws ContentError where the first record should name the columns and cannot */
  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (this.#lines++ === 0) this.#hasReturns = hasReturn(buffer.toString("latin1", start, end), this.#fields.format);
    const wasInside = this.#open.lines > 0;
    const tooLong = cut || (wasInside && this.#open.bytesUntil(byte + end - start) > this.#maxBytes);
    // What opened the value may be a stray quote: the line that went over the limit is read as if there were none.
    if (wasInside && tooLong) this.#rejectOpen("over the line limit");
    if (cut) return this.#reject(buffer, start, end, line, byte, "over the line limit");
    const isInside = wasInside && !tooLong;
    if (!isInside && start === end) return;

    const staysOpen = isOpen(buffer.toString("latin1", start, end), isInside, this.#fields.format);
    if (!isInside && !staysOpen) return this.#takeRecord(buffer, start, end, line, byte);
    this.#open.add(buffer, start, end, line, byte);
    if (!staysOpen) this.#takeOpen();
  }

  flush(): void {
    // Each record was handed on at once.
  }

  /** A quoted value that is open at the end of the input has no end. Where a fault cut the input, it may have had one. */
  end(cutOff: boolean): void {
    if (cutOff) return;
    if (this.#hasReturns && this.#lines === 1) throw noLineFeeds();
    if (this.#open.lines > 0) this.#rejectOpen("not a CSV record");
  }

  #takeOpen(): void {
    const { line, byte } = this.#open;
    const { buffer, start, end } = this.#open.take();
    this.#takeRecord(buffer, start, end, line, byte);
  }

  #takeRecord(buffer: Buffer, start: number, end: number, line: number, byte: number): void {
    this.#sink.checkUtf8(buffer, start, end);
    if (this.#fields.wantsHeader) {
      if (this.#hasReturns) throw noLineFeeds();
      const fault = this.#fields.takeHeader(buffer, start, end);
      if (fault !== undefined) throw noHeader(line, fault);
      return;
    }
    const fields = this.#check === "json" ? this.#fields.read(buffer, start, end) : undefined;
    if (!fields && this.#check === "json") return this.#reject(buffer, start, end, line, byte, "not a CSV record");
    this.#sink.accept(buffer, start, end, line, byte, fields);
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

function noLineFeeds(): ContentError {
  const message = "csv must have lines that end with a line feed, got lines that end with a carriage return alone";
  return new ContentError("WRONG_CONTENT", `${message}; upload it with line feeds`, 0);
}

/** Without names no record can be read; a whole file of invalid lines would hide why. */
function noHeader(line: number, got: string): ContentError {
  const message = `csv must begin with the names of its columns, got ${got} in line ${line}; set columns instead`;
  return new ContentError("CSV_HEADER", message, 0);
}
