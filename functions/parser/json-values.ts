import { type RecordOrigin, ScannedLines } from "../records/record-lines";
import type { RecordCheck } from "../settings";
import type { ParseCounts } from "./counts";
import { JsonElements } from "./json-elements";
import { JsonLinesReader } from "./json-lines";
import type { Scan } from "./scan/scan";
import { type BatchLimits, RecordSink } from "./sink";

/** Lines that were assembled from objects, with the position of each object in the input. */
class PlacedLines extends ScannedLines {
  readonly #bytes: readonly number[];
  readonly #first: number;

  /** @param first index in `bytes` of the line with the index 0 */
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

/** Accepts objects that were assembled into lines. Their places are those in the input. */
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

  /** Sets the positions of the objects in the next lines. */
  place(bytes: readonly number[]): void {
    this.#bytes = bytes;
    this.#before = this.#counted.lines;
  }

  /** Position of the next line's object. */
  get nextByte(): number {
    return this.#bytes[this.#counted.lines - this.#before];
  }

  override scanned(scan: Scan, buffer: Buffer, index: number, offset: number, byte: number): ScannedLines {
    // Lines that are lines of the input keep their own positions.
    if (this.#bytes.length === 0) return super.scanned(scan, buffer, index, offset, byte);
    const { lines } = this.#counted;
    const first = lines - this.#before - index;
    return new PlacedLines(this.#placed, buffer, scan, offset, lines + 1 - index, this.#bytes, first);
  }
}

/**
 * Reads JSON that is not in lines, object by object, as if each were a line of JSON lines. Its line number is the
 * number of the object.
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
