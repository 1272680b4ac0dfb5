import type { Fields, LogRecord, Place } from "./contracts";

/** The fields of a record were asked for, but its bytes hold none; the message does not quote them. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code = "LOGS_RECORD";
}

/** What the records of one input share. */
export interface RecordOrigin {
  /** Name of the input. */
  readonly object: string;
  /** Reads the fields of a record from its bytes; undefined where they hold none. */
  readonly readFields: (buffer: Buffer, start: number, end: number) => Fields | undefined;
}

/** A record inside a larger buffer. What nobody asks for is never made. */
export class BufferRecord implements LogRecord {
  readonly #origin: RecordOrigin;
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #line: number;
  readonly #byte: number;
  #fields: Fields | undefined;
  #changed = false;

  /**
   * @param line number of its first line
   * @param byte offset of its first byte in the input
   * @param fields where they were read already
   */
  constructor(
    origin: RecordOrigin,
    buffer: Buffer,
    start: number,
    end: number,
    line: number,
    byte: number,
    fields?: Fields,
  ) {
    this.#origin = origin;
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
    this.#line = line;
    this.#byte = byte;
    this.#fields = fields;
  }

  get raw(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  get place(): Place {
    return { object: this.#origin.object, line: this.#line, byte: this.#byte };
  }

  get changed(): boolean {
    return this.#changed;
  }

  get fields(): Readonly<Fields> {
    if (!this.#changed) this.#fields ??= this.#origin.readFields(this.#buffer, this.#start, this.#end);
    // What was assigned comes back as it is, right or wrong.
    if (this.#fields || this.#changed) return this.#fields as Fields;
    throw new RecordError(
      `line ${this.#line} of ${this.#origin.object} must hold a record, got something else; use check "json"`,
    );
  }

  set fields(fields: Fields) {
    this.#fields = fields;
    this.#changed = true;
  }
}
