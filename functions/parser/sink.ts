import { isUtf8 } from "node:buffer";
import { BufferRecord } from "../records/buffer-record";
import type { Batch, Fields, InvalidLine, ParsedBatch } from "../records/contracts";
import {
  type CutLines,
  InputLines,
  OneLine,
  type RecordLines,
  type RecordOrigin,
  ScannedLines,
} from "../records/record-lines";
import type { ParseCounts } from "./counts";
import { likelyEncoding, SAMPLE_BYTES } from "./encoding";
import type { Scan } from "./scan/scan";

/**
 * Limits at which a batch ends; the first one reached applies. A single item, a record or an invalid line, can be
 * larger.
 */
export interface BatchLimits {
  readonly items: number;
  readonly bytes: number;
}

/**
 * Batches end by position in the input, never by time or chunk, so that the same input always gives the same batches.
 */
export const DEFAULT_BATCH_LIMITS: BatchLimits = { items: 250, bytes: 256 * 1024 };

/** Consecutive lines, all of which are records. */
interface Run {
  readonly lines: RecordLines;
  readonly from: number;
  to: number;
}

/** A batch whose records are created on first access, so that counting does not create any. */
class LazyBatch implements ParsedBatch {
  readonly invalid: InvalidLine[] = [];
  readonly #parts: (OneLine | Run)[] = [];
  #records: Batch | undefined;

  get records(): Batch {
    return (this.#records ??= this.#make());
  }

  addLine(line: OneLine): void {
    this.#parts.push(line);
  }

  addLines(lines: RecordLines, from: number, to: number): void {
    const last = this.#parts.at(-1);
    if (last !== undefined && "lines" in last && last.lines === lines && last.to === from) last.to = to;
    else this.#parts.push({ lines, from, to });
  }

  #make(): Batch {
    const records: Batch = [];
    for (const part of this.#parts) {
      if (part instanceof OneLine) {
        records.push(new BufferRecord(part, 0, part.fields));
        continue;
      }
      const first = records.length - part.from;
      records.length = first + part.to;
      for (let index = part.from; index < part.to; index++)
        records[first + index] = new BufferRecord(part.lines, index);
    }
    return records;
  }
}

/** Receives what a reader finds in an input: counts it, and collects records and invalid lines in batches. */
export class RecordSink {
  readonly #counts: ParseCounts;
  readonly #limits: BatchLimits;
  readonly #origin: RecordOrigin;
  #full: ParsedBatch[] = [];
  #batch = new LazyBatch();
  #items = 0;
  #bytes = 0;
  /** A sample of bytes that are not UTF-8, from the start of the input. */
  readonly #notUtf8: Buffer[] = [];
  #sampled = 0;

  constructor(origin: RecordOrigin, counts: ParseCounts, limits: BatchLimits = DEFAULT_BATCH_LIMITS) {
    this.#origin = origin;
    this.#counts = counts;
    this.#limits = limits;
  }

  /** Counts a line and returns its number. */
  nextLine(): number {
    return ++this.#counts.lines;
  }

  /** Accepts a record: `buffer` from `start` to `end`, which begins at this line and byte of the input. */
  accept(buffer: Buffer, start: number, end: number, line: number, byte: number, fields?: Fields): void {
    this.#counts.records++;
    this.#batch.addLine(new OneLine(this.#origin, buffer, start, end, line, byte, fields));
    this.#countItem(end - start);
  }

  /**
   * Returns the lines of a scan in a buffer. The line with this index is the next one to be counted.
   *
   * @param offset position in the buffer at which the scan's text begins, or would begin
   * @param byte the same position in the input
   */
  scanned(scan: Scan, buffer: Buffer, index: number, offset: number, byte: number): ScannedLines {
    return new ScannedLines(this.#origin, buffer, scan, offset, this.#counts.lines + 1 - index, byte);
  }

  /**
   * Returns the lines of a buffer. The first one is the next to be counted, and there are no other lines in between.
   *
   * @param offset position in the input at which the buffer begins, or would begin
   */
  cut(lines: CutLines, offset: number): InputLines {
    return new InputLines(this.#origin, lines, this.#counts.lines + 1, offset);
  }

  /** Accepts a line that is a record and was counted. */
  acceptLine(lines: RecordLines, index: number): void {
    this.#counts.records++;
    this.#batch.addLines(lines, index, index + 1);
    this.#countItem(lines.end(index) - lines.start(index));
  }

  /**
   * Counts scanned lines and accepts them as records, which all of them are. Consecutive lines are separated by one
   * byte.
   */
  acceptAll(lines: ScannedLines, from: number, to: number): void {
    this.#counts.lines += to - from;
    this.#counts.records += to - from;
    for (let at = from; at < to;) {
      const until = this.#untilFull(lines, at, to);
      this.#batch.addLines(lines, at, until);
      this.#items += until - at;
      this.#bytes += bytesOf(lines, at, until);
      at = until;
      this.#closeIfFull();
    }
  }

  /** The index after the line that fills the batch, or after the last one. */
  #untilFull(lines: ScannedLines, from: number, to: number): number {
    const most = Math.min(to, from + this.#limits.items - this.#items);
    const room = this.#limits.bytes - this.#bytes;
    if (bytesOf(lines, from, most) < room) return most;
    let until = from + 1;
    while (until < most && bytesOf(lines, from, until) < room) until++;
    return until;
  }

  /** Accepts an invalid line. */
  reject(buffer: Buffer, start: number, end: number, line: number, byte: number, reason: InvalidLine["reason"]): void {
    this.#counts.invalid++;
    if (reason.startsWith("over ")) this.count("oversize");
    const place = { object: this.#origin.object, line, byte };
    this.#batch.invalid.push({ raw: buffer.subarray(start, end), place, reason });
    this.#countItem(end - start);
  }

  count(what: "oversize" | "bigNumbers" | "invalidUtf8", times = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + times;
  }

  /**
   * Counts the bytes if they are not UTF-8. They are not changed; where they are read as text, U+FFFD replaces them.
   */
  checkUtf8(buffer: Buffer, start: number, end: number): void {
    if (!isUtf8(buffer.subarray(start, end))) this.countBroken(buffer, start, end);
  }

  /** Counts bytes that are not UTF-8. */
  countBroken(buffer: Buffer, start: number, end: number): void {
    this.count("invalidUtf8");
    const most = Math.min(end, start + SAMPLE_BYTES - this.#sampled);
    if (most <= start) return;
    this.#sampled += most - start;
    this.#notUtf8.push(Buffer.from(buffer.subarray(start, most)));
  }

  /** Reports the probable encoding of lines that are not UTF-8, if it can be guessed. */
  tellEncoding(): void {
    const likely = likelyEncoding(Buffer.concat(this.#notUtf8));
    if (likely !== undefined) this.#counts.looksLike = likely;
  }

  /** Returns the complete batches. */
  fullBatches(): ParsedBatch[] {
    const full = this.#full;
    if (full.length > 0) this.#full = [];
    return full;
  }

  /** Returns everything that was accepted; the last batch can be incomplete. */
  allBatches(): ParsedBatch[] {
    if (this.#items > 0) this.#closeBatch();
    return this.fullBatches();
  }

  #countItem(bytes: number): void {
    this.#items++;
    this.#bytes += bytes;
    this.#closeIfFull();
  }

  #closeIfFull(): void {
    if (this.#items >= this.#limits.items || this.#bytes >= this.#limits.bytes) this.#closeBatch();
  }

  #closeBatch(): void {
    this.#full.push(this.#batch);
    this.#batch = new LazyBatch();
    this.#items = 0;
    this.#bytes = 0;
  }
}

/** Number of bytes of lines that are separated by one byte each. */
function bytesOf(lines: ScannedLines, from: number, to: number): number {
  return lines.end(to - 1) - lines.start(from) - (to - 1 - from);
}
