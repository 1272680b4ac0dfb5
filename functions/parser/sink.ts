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

/** Where a batch ends: at the first limit that is reached. A single item, a record or an invalid line, may be larger. */
export interface BatchLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Batches end by position in the input, never by time or chunk: the same input always gives the same batches. */
export const DEFAULT_BATCH_LIMITS: BatchLimits = { items: 250, bytes: 256 * 1024 };

/** Lines that follow each other, all of them records. */
interface Run {
  readonly lines: RecordLines;
  readonly from: number;
  to: number;
}

/** A batch whose records are made when somebody asks for them: who only counts does not. */
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

/** Takes what a reader finds in an input: counts it, and collects records and invalid lines in batches. */
export class RecordSink {
  readonly #counts: ParseCounts;
  readonly #limits: BatchLimits;
  readonly #origin: RecordOrigin;
  #full: ParsedBatch[] = [];
  #batch = new LazyBatch();
  #items = 0;
  #bytes = 0;
  /** What is not UTF-8, from its start. */
  readonly #notUtf8: Buffer[] = [];
  #sampled = 0;

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
    this.#counts.records++;
    this.#batch.addLine(new OneLine(this.#origin, buffer, start, end, line, byte, fields));
    this.#countItem(end - start);
  }

  /**
   * The lines of a scan in a buffer, of which the one of that index is the next that is counted.
   *
   * @param offset where the scan's text begins in the buffer, or would
   * @param byte the same in the input
   */
  scanned(scan: Scan, buffer: Buffer, index: number, offset: number, byte: number): ScannedLines {
    return new ScannedLines(this.#origin, buffer, scan, offset, this.#counts.lines + 1 - index, byte);
  }

  /**
   * Lines of a buffer, of which the first is the next that is counted; no other is among them.
   *
   * @param offset where the buffer begins in the input, or would
   */
  cut(lines: CutLines, offset: number): InputLines {
    return new InputLines(this.#origin, lines, this.#counts.lines + 1, offset);
  }

  /** Takes a line that is a record, and was counted. */
  acceptLine(lines: RecordLines, index: number): void {
    this.#counts.records++;
    this.#batch.addLines(lines, index, index + 1);
    this.#countItem(lines.end(index) - lines.start(index));
  }

  /** Counts scanned lines, and takes them as records, which all of them are. There is one byte between one and the next. */
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

  /** The index behind the line that fills the batch, or behind the last one. */
  #untilFull(lines: ScannedLines, from: number, to: number): number {
    const most = Math.min(to, from + this.#limits.items - this.#items);
    const room = this.#limits.bytes - this.#bytes;
    if (bytesOf(lines, from, most) < room) return most;
    let until = from + 1;
    while (until < most && bytesOf(lines, from, until) < room) until++;
    return until;
  }

  /** Takes what is not a record. */
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

  /** Counts the bytes if they are not UTF-8. They stay as they are; where they are read as text, U+FFFD stands for them. */
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

  /** Notes what encoding the lines look like that are not UTF-8, where that can be told. */
  tellEncoding(): void {
    const likely = likelyEncoding(Buffer.concat(this.#notUtf8));
    if (likely !== undefined) this.#counts.looksLike = likely;
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

/** Bytes of lines that have one byte between one and the next. */
function bytesOf(lines: ScannedLines, from: number, to: number): number {
  return lines.end(to - 1) - lines.start(from) - (to - 1 - from);
}
