import { isUtf8 } from "node:buffer";
import { BufferRecord, type RecordOrigin } from "../records/buffer-record";
import type { Batch, Fields, InvalidLine, ParsedBatch } from "../records/contracts";
import type { ParseCounts } from "./counts";
import type { Scan } from "./scan/scan";

/** Where a batch ends: at the first limit that is reached. A single item, a record or an invalid line, may be larger. */
export interface BatchLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Batches end by position in the input, never by time or chunk: the same input always gives the same batches. */
export const DEFAULT_BATCH_LIMITS: BatchLimits = { items: 250, bytes: 256 * 1024 };

/** Takes what a reader finds in an input: counts it, and collects records and invalid lines in batches. */
export class RecordSink {
  readonly #counts: ParseCounts;
  readonly #limits: BatchLimits;
  readonly #origin: RecordOrigin;
  #full: ParsedBatch[] = [];
  #records: Batch = [];
  #invalid: InvalidLine[] = [];
  #items = 0;
  #bytes = 0;

  constructor(origin: RecordOrigin, counts: ParseCounts, limits: BatchLimits = DEFAULT_BATCH_LIMITS) {
    this.#origin = origin;
    this.#counts = counts;
    this.#limits = limits;
  }

  /** Counts a line; returns its number. */
  nextLine(): number {
    return ++this.#counts.lines;
  }

  /** Takes a record: `buffer` from `start` to `end`, which begins at that line and byte of the input. */
  accept(buffer: Buffer, start: number, end: number, line: number, byte: number, fields?: Fields): void {
    this.#take(new BufferRecord(this.#origin, buffer, start, end, line, byte, fields), end - start);
  }

  /** Takes a record that a scan found as its line of that index. */
  acceptScanned(
    buffer: Buffer,
    start: number,
    end: number,
    line: number,
    byte: number,
    scan: Scan,
    index: number,
  ): void {
    this.#take(new BufferRecord(this.#origin, buffer, start, end, line, byte, undefined, scan, index), end - start);
  }

  /** Takes what is not a record. */
  reject(buffer: Buffer, start: number, end: number, line: number, byte: number, reason: InvalidLine["reason"]): void {
    this.#counts.invalid++;
    if (reason.startsWith("over ")) this.count("oversize");
    const place = { object: this.#origin.object, line, byte };
    this.#invalid.push({ raw: buffer.subarray(start, end), place, reason });
    this.#countItem(end - start);
  }

  count(what: "oversize" | "bigNumbers" | "invalidUtf8", times = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + times;
  }

  /** Counts the bytes if they are not UTF-8. They stay as they are; where they are read as text, U+FFFD stands for them. */
  checkUtf8(buffer: Buffer, start: number, end: number): void {
    if (!isUtf8(buffer.subarray(start, end))) this.count("invalidUtf8");
  }

  /** Batches that are complete. */
  fullBatches(): ParsedBatch[] {
    const full = this.#full;
    if (full.length > 0) this.#full = [];
    return full;
  }

  /** All that was taken, the last batch short. */
  allBatches(): ParsedBatch[] {
    if (this.#items > 0) this.#closeBatch();
    return this.fullBatches();
  }

  #take(record: BufferRecord, bytes: number): void {
    this.#counts.records++;
    this.#records.push(record);
    this.#countItem(bytes);
  }

  #countItem(bytes: number): void {
    this.#items++;
    this.#bytes += bytes;
    if (this.#items >= this.#limits.items || this.#bytes >= this.#limits.bytes) this.#closeBatch();
  }

  #closeBatch(): void {
    this.#full.push({ records: this.#records, invalid: this.#invalid });
    this.#records = [];
    this.#invalid = [];
    this.#items = 0;
    this.#bytes = 0;
  }
}
