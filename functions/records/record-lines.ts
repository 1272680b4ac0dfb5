import type { Scan } from "../parser/scan/scan";
import type { Fields } from "./contracts";

/** What the records of one input share. */
export interface RecordOrigin {
  /** Name of the input. */
  readonly object: string;
  /** Reads the fields of a record from its bytes; undefined where they hold none. */
  readonly readFields: (buffer: Buffer, start: number, end: number) => Fields | undefined;
}

/** Lines of an input, each of which may be a record, and where they stand. They are told by their indexes. */
export interface RecordLines {
  readonly origin: RecordOrigin;
  /** Holds them, among others. */
  readonly buffer: Buffer;
  /** Whether each was found to be a line of JSON in UTF-8. */
  readonly areProven: boolean;
  /** What found them, where it knows more of them still; the indexes are its own. */
  readonly live: Scan | undefined;
  /** Offset in the buffer of a line's first byte. */
  start(index: number): number;
  /** Offset behind its last byte, its line end left out. */
  end(index: number): number;
  /** Its number in the input. */
  line(index: number): number;
  /** Offset in the input of its first byte. */
  byte(index: number): number;
  /** What it holds, where more is known of it than its bytes. @default what the origin reads of these */
  readFields?(index: number): Fields | undefined;
}

/** A line by itself, or some that are one record. */
export class OneLine implements RecordLines {
  readonly origin: RecordOrigin;
  readonly buffer: Buffer;
  readonly areProven = false;
  readonly live = undefined;
  /** What it holds, where that was read already. */
  readonly fields: Fields | undefined;
  readonly #start: number;
  readonly #end: number;
  readonly #line: number;
  readonly #byte: number;

  constructor(
    origin: RecordOrigin,
    buffer: Buffer,
    start: number,
    end: number,
    line: number,
    byte: number,
    fields?: Fields,
  ) {
    this.origin = origin;
    this.buffer = buffer;
    this.fields = fields;
    this.#start = start;
    this.#end = end;
    this.#line = line;
    this.#byte = byte;
  }

  start(): number {
    return this.#start;
  }

  end(): number {
    return this.#end;
  }

  line(): number {
    return this.#line;
  }

  byte(): number {
    return this.#byte;
  }
}

/** Lines that follow each other in a buffer. */
export interface CutLines {
  readonly buffer: Buffer;
  start(index: number): number;
  end(index: number): number;
  /** What a line holds, by what is known of it. */
  readFields(index: number): Fields | undefined;
}

/** Lines of a buffer at their places in the input. */
export class InputLines implements RecordLines {
  readonly areProven = false;
  readonly live = undefined;
  readonly origin: RecordOrigin;
  readonly buffer: Buffer;
  readonly #lines: CutLines;
  readonly #line: number;
  readonly #offset: number;

  /**
   * @param line number of the first one in the input
   * @param offset where the buffer begins in the input, or would
   */
  constructor(origin: RecordOrigin, lines: CutLines, line: number, offset: number) {
    this.origin = origin;
    this.buffer = lines.buffer;
    this.#lines = lines;
    this.#line = line;
    this.#offset = offset;
  }

  start(index: number): number {
    return this.#lines.start(index);
  }

  end(index: number): number {
    return this.#lines.end(index);
  }

  line(index: number): number {
    return this.#line + index;
  }

  byte(index: number): number {
    return this.#offset + this.#lines.start(index);
  }

  readFields(index: number): Fields | undefined {
    return this.#lines.readFields(index);
  }
}

/** The lines of a scan, or those of them that lie in one buffer. */
export class ScannedLines implements RecordLines {
  readonly areProven = true;
  readonly origin: RecordOrigin;
  readonly buffer: Buffer;
  readonly #scan: Scan;
  readonly #offset: number;
  readonly #line: number;
  readonly #byte: number;

  /**
   * The scan's text would begin there, were all of it of the same kind.
   *
   * @param offset in the buffer
   * @param line number in the input
   * @param byte offset in the input
   */
  constructor(origin: RecordOrigin, buffer: Buffer, scan: Scan, offset: number, line: number, byte: number) {
    this.origin = origin;
    this.buffer = buffer;
    this.#scan = scan;
    this.#offset = offset;
    this.#line = line;
    this.#byte = byte;
  }

  get live(): Scan | undefined {
    return this.#scan.isLive ? this.#scan : undefined;
  }

  start(index: number): number {
    return this.#offset + this.#scan.lineStart(index);
  }

  end(index: number): number {
    return this.#offset + this.#scan.lineEnd(index);
  }

  line(index: number): number {
    return this.#line + index;
  }

  byte(index: number): number {
    return this.#byte + this.#scan.lineStart(index);
  }
}
