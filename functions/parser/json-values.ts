import { type RecordOrigin, ScannedLines } from "../records/record-lines";
import type { RecordCheck } from "../settings";
import type { ParseCounts } from "./counts";
import { JsonElements } from "./json-elements";
import { JsonLinesReader } from "./json-lines";
import type { Scan } from "./scan/scan";
import { type BatchLimits, RecordSink } from "./sink";

/** Lines that were put together of objects, and where each of these stands in the input. */
class PlacedLines extends ScannedLines {
  readonly #bytes: readonly number[];
  readonly #first: number;

  /** @param first of the bytes, that of the line with the index 0 */
  constructor(
    origin: RecordOrigin,
    buffer: Buffer,
    scan: Scan,
    offset: number,
    line: number,
    bytes: readonly number[],
    first: number,
  ) {
    super(origin, buffer, scan, offset, line, 0);
    this.#bytes = bytes;
    this.#first = first;
  }

  override byte(index: number): number {
    return this.#bytes[this.#first + index];
  }
}

/** Takes objects that were put together as lines; their places are those of the input. */
export class ValueSink extends RecordSink {
  readonly #placed: RecordOrigin;
  readonly #counted: ParseCounts;
  #bytes: readonly number[] = [];
  #before = 0;

  constructor(origin: RecordOrigin, counts: ParseCounts, limits?: BatchLimits) {
    super(origin, counts, limits);
    this.#placed = origin;
    this.#counted = counts;
  }

  /** The next lines are objects that begin there. */
  place(bytes: readonly number[]): void {
    this.#bytes = bytes;
    this.#before = this.#counted.lines;
  }

  /** Where the next line's object begins. */
  get nextByte(): number {
    return this.#bytes[this.#counted.lines - this.#before];
  }

  override scanned(scan: Scan, buffer: Buffer, index: number, offset: number, byte: number): ScannedLines {
    // Lines that are lines of the input stand where they stand.
    if (this.#bytes.length === 0) return super.scanned(scan, buffer, index, offset, byte);
    const { lines } = this.#counted;
    const first = lines - this.#before - index;
    return new PlacedLines(this.#placed, buffer, scan, offset, lines + 1 - index, this.#bytes, first);
  }
}

/**
 * Reads JSON that is no lines, object by object, each as if it were a line of JSON lines; its number is that of the object.
 *
 * @param expand names that lead to the records
 */
export function readValues(
  check: RecordCheck,
  maxBytes: number,
  expand: readonly string[],
  sink: ValueSink,
): { readonly reader: JsonLinesReader; readonly splitter: JsonElements } {
  const reader = new JsonLinesReader(check, maxBytes, sink);
  const splitter = new JsonElements(maxBytes, expand, {
    run(buffer, end, bytes) {
      sink.place(bytes);
      if (reader.takeRun) return reader.takeRun(buffer, 0, end, 0);
      for (let start = 0; start < end;) {
        const next = buffer.indexOf(0x0a, start);
        reader.take(buffer, start, next, sink.nextByte, false);
        start = next + 1;
      }
    },
    alone(buffer, end, byte, cut) {
      reader.take(buffer, 0, end, byte, cut);
      reader.flush();
    },
    broken(buffer, end, byte, reason) {
      sink.checkUtf8(buffer, 0, end);
      sink.reject(buffer, 0, end, sink.nextLine(), byte, reason);
    },
  });
  return { reader, splitter };
}
