import { isUtf8 } from "node:buffer";
import type { Batch, Fields, InvalidLine } from "../records/contracts";
import { BufferRecord, type RecordOrigin } from "../records/buffer-record";

/** Where a batch ends: at the first limit that is reached. A single record may be larger than a batch. */
export interface BatchLimits {
  readonly records: number;
  readonly bytes: number;
}

/** Batches end by position in the input, never by time or chunk: the same input always gives the same batches. */
export const DEFAULT_BATCH_LIMITS: BatchLimits = { records: 250, bytes: 256 * 1024 };

/**
 * What was counted; reading adds to it as it goes. For JSON lines `lines = records + invalid + empty`; docs/parser.md
 * tells it for other content.
 */
export interface ParseCounts {
  /** Lines of the input, empty ones included. */
  lines: number;
  records: number;
  /** What is neither a record nor empty. */
  invalid: number;
  /** Lines and records that went over a limit, where there are any. */
  oversize?: number;
  /** Numbers that a double cannot hold and that are strings now, where there are any. */
  bigNumbers?: number;
  /** Lines and records that hold bytes that are not UTF-8, where there are any. */
  invalidUtf8?: number;
}

/** Counts of nothing: where counting starts. */
export function emptyCounts(): ParseCounts {
  return { lines: 0, records: 0, invalid: 0 };
}

/** What a sink may be told. */
export interface SinkOptions {
  /** Gets each invalid line, in order; the line itself is counted already. */
  readonly onInvalid?: (line: InvalidLine) => void;
  readonly batchLimits?: BatchLimits;
}

/** Takes what a reader finds in an input: counts it, and collects records in batches. */
export class RecordSink {
  readonly #counts: ParseCounts;
  readonly #options: SinkOptions;
  readonly #limits: BatchLimits;
  readonly #origin: RecordOrigin;
  #full: Batch[] = [];
  #batch: Batch = [];
  #batchBytes = 0;

  constructor(origin: RecordOrigin, counts: ParseCounts, options: SinkOptions) {
    this.#origin = origin;
    this.#counts = counts;
    this.#options = options;
    this.#limits = options.batchLimits ?? DEFAULT_BATCH_LIMITS;
  }

  /** Counts a line; returns its number. */
  nextLine(): number {
    return ++this.#counts.lines;
  }

  /** Takes a record: `buffer` from `start` to `end`, which begins at that line and byte of the input. */
  accept(buffer: Buffer, start: number, end: number, line: number, byte: number, fields?: Fields): void {
    this.#counts.records++;
    this.#batch.push(new BufferRecord(this.#origin, buffer, start, end, line, byte, fields));
    this.#batchBytes += end - start;
    if (this.#batch.length >= this.#limits.records || this.#batchBytes >= this.#limits.bytes) this.#closeBatch();
  }

  /** Takes what is not a record. */
  reject(buffer: Buffer, start: number, end: number, line: number, byte: number, reason: InvalidLine["reason"]): void {
    this.#counts.invalid++;
    if (reason === "over the line limit") this.count("oversize");
    const place = { object: this.#origin.object, line, byte };
    this.#options.onInvalid?.({ raw: buffer.subarray(start, end), place, reason });
  }

  count(what: "oversize" | "bigNumbers" | "invalidUtf8", times = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + times;
  }

  /** Counts the bytes if they are not UTF-8. They stay as they are; where they are read as text, U+FFFD stands for them. */
  checkUtf8(buffer: Buffer, start: number, end: number): void {
    if (!isUtf8(buffer.subarray(start, end))) this.count("invalidUtf8");
  }

  /** Batches that are complete. */
  fullBatches(): Batch[] {
    const full = this.#full;
    if (full.length > 0) this.#full = [];
    return full;
  }

  /** All that was taken, the last batch short. */
  allBatches(): Batch[] {
    if (this.#batch.length > 0) this.#closeBatch();
    return this.fullBatches();
  }

  #closeBatch(): void {
    this.#full.push(this.#batch);
    this.#batch = [];
    this.#batchBytes = 0;
  }
}
