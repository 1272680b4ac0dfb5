import type { Scan } from "../parser/scan/scan";
import type { Fields } from "./contracts";

/** What all records of one input have in common. */
export interface RecordOrigin {
  /** Name of the input. */
  readonly object: string;
  /** Reads the fields of a record from its bytes; undefined if they contain none. */
  readonly readFields: (buffer: Buffer, start: number, end: number) => Fields | undefined;
}

/** Lines of an input, each of which can be a record, and their positions. Each line has an index. */
export interface RecordLines {
  readonly origin: RecordOrigin;
  /** Contains them, and possibly others. */
  readonly buffer: Buffer;
  /** Whether each of them is proven to be a line of JSON in UTF-8. */
  readonly areProven: boolean;
  /** The scan that found them, while it is live; it uses the same indexes. */
  readonly live: Scan | undefined;
  /** Offset in the buffer of a line's first byte. */
  start(index: number): number;
  /** Offset after its last byte, without the line end. */
  end(index: number): number;
  /** Line number in the input, starting at 1. */
  line(index: number): number;
  /** Offset in the input of its first byte. */
  byte(index: number): number;
  /** Its fields, if more than its bytes is known. @default the origin reads them from its bytes */
  readFields?(index: number): Fields | undefined;
}

/** A single line, or several lines that are one record. */
export class OneLine implements RecordLines {
  readonly origin: RecordOrigin;
  readonly buffer: Buffer;
  readonly areProven = false;
  readonly live = undefined;
  /** Its fields, if they were already read. */
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

/** Consecutive lines in a buffer. */
export interface CutLines {
  readonly buffer: Buffer;
  start(index: number): number;
  end(index: number): number;
  /** The fields of a line. */
  readFields(index: number): Fields | undefined;
}

/** Lines of a buffer, with their places in the input. */
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
   * @param offset in the input at which the buffer begins, or would begin
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

/** The lines of a scan, or those of them that are in one buffer. */
export class ScannedLines implements RecordLines {
  readonly areProven = true;
  readonly origin: RecordOrigin;
  readonly buffer: Buffer;
  readonly #scan: Scan;
  readonly #offset: number;
  readonly #line: number;
  readonly #byte: number;

  /**
   * The numbers describe where the scan's text begins, as if all of it were in this buffer.
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
