import type { Batch, InvalidLine } from "../records";
import type { RecordCheck } from "../settings";
import { LineSplitter } from "./lines";
import { LineRecord, parseFields } from "./record";

/** How bytes are read as records. */
export interface ParseOptions {
  /** Name of the input, for the places of its records. */
  readonly object: string;
  readonly check: RecordCheck;
  readonly maxLineBytes: number;
  /** Gets each invalid line, in order; the line itself is counted already. */
  readonly onInvalid?: (line: InvalidLine) => void;
  readonly batchLimits?: BatchLimits;
}

/** Where a batch ends: at the first limit that is reached. A single record may be larger than a batch. */
export interface BatchLimits {
  readonly records: number;
  readonly bytes: number;
}

/** Batches end by position in the input, never by time or chunk: the same input always gives the same batches. */
export const DEFAULT_BATCH_LIMITS: BatchLimits = { records: 1000, bytes: 1024 * 1024 };

/** What was counted; {@link parse} adds to it as it goes. `lines = records + invalid + empty`. */
export interface ParseCounts {
  lines: number;
  records: number;
  invalid: number;
}

/**
 * Reads bytes as lines and lines as records. A record is a line that holds a JSON object; a line of nothing but spaces
 * and tabs is empty; any other line is invalid. Where the source fails, the records of all complete lines before the
 * fault are handed out, then the fault is thrown; of the line that it cut nothing is known, so it is not counted.
 */
export async function* parse(
  source: AsyncIterable<Uint8Array>,
  options: ParseOptions,
  counts: ParseCounts,
): AsyncGenerator<Batch> {
  const records = new RecordReader(options, counts);
  try {
    for await (const chunk of source) {
      records.write(chunk);
      yield* records.fullBatches();
    }
  } catch (error) {
    yield* records.allBatches();
    throw error;
  }
  records.end();
  yield* records.allBatches();
}

/** Turns lines into records, and records into batches. */
class RecordReader {
  readonly #options: ParseOptions;
  readonly #limits: BatchLimits;
  readonly #counts: ParseCounts;
  readonly #splitter: LineSplitter;
  #full: Batch[] = [];
  #batch: Batch = [];
  #batchBytes = 0;

  constructor(options: ParseOptions, counts: ParseCounts) {
    this.#options = options;
    this.#limits = options.batchLimits ?? DEFAULT_BATCH_LIMITS;
    this.#counts = counts;
    this.#splitter = new LineSplitter(options.maxLineBytes, this.#takeLine.bind(this));
  }

  write(chunk: Uint8Array): void {
    this.#splitter.write(chunk);
  }

  end(): void {
    this.#splitter.end();
  }

  /** Batches that are complete. */
  fullBatches(): Batch[] {
    const full = this.#full;
    if (full.length > 0) this.#full = [];
    return full;
  }

  /** All that was read, the last batch short. */
  allBatches(): Batch[] {
    if (this.#batch.length > 0) this.#closeBatch();
    return this.fullBatches();
  }

  #takeLine(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = ++this.#counts.lines;
    const [first, last] = withoutSpace(buffer, start, end);
    if (first === last && !cut) return;

    if (cut || buffer[first] !== OPENING_BRACE || buffer[last - 1] !== CLOSING_BRACE) {
      return this.#reject(buffer, start, end, line, byte, cut);
    }
    const parsed = this.#options.check === "json" ? parseFields(buffer, first, last) : undefined;
    if (parsed === undefined && this.#options.check === "json")
      return this.#reject(buffer, start, end, line, byte, cut);
    this.#counts.records++;
    this.#add(new LineRecord(buffer, start, end, this.#options.object, line, byte, parsed), end - start);
  }

  #add(record: LineRecord, bytes: number): void {
    this.#batch.push(record);
    this.#batchBytes += bytes;
    if (this.#batch.length >= this.#limits.records || this.#batchBytes >= this.#limits.bytes) this.#closeBatch();
  }

  #closeBatch(): void {
    this.#full.push(this.#batch);
    this.#batch = [];
    this.#batchBytes = 0;
  }

  #reject(buffer: Buffer, start: number, end: number, line: number, byte: number, cut: boolean): void {
    this.#counts.invalid++;
    this.#options.onInvalid?.({
      raw: buffer.subarray(start, end),
      place: { object: this.#options.object, line, byte },
      reason: cut ? "over the line limit" : "not a JSON object",
    });
  }
}

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** The part of a line between the spaces that JSON allows around a value; a line has no line feed. */
function withoutSpace(buffer: Buffer, start: number, end: number): [first: number, last: number] {
  while (start < end && isSpace(buffer[start])) start++;
  while (start < end && isSpace(buffer[end - 1])) end--;
  return [start, end];
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
