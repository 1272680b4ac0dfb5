import type { Fields, LogRecord, Place } from "../records";

/** The fields of a record were asked for, but its line holds no JSON object; the message does not quote the line. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code = "LOGS_RECORD";
}

/** A record that is a line inside a larger buffer. What nobody asks for is never made. */
export class LineRecord implements LogRecord {
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #object: string;
  readonly #line: number;
  readonly #byte: number;
  #fields: Fields | undefined;
  #changed = false;

  /** @param fields the parsed fields, where the line was parsed already */
  constructor(buffer: Buffer, start: number, end: number, object: string, line: number, byte: number, fields?: Fields) {
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
    this.#object = object;
    this.#line = line;
    this.#byte = byte;
    this.#fields = fields;
  }

  get raw(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  get place(): Place {
    return { object: this.#object, line: this.#line, byte: this.#byte };
  }

  get changed(): boolean {
    return this.#changed;
  }

  get fields(): Readonly<Fields> {
    this.#fields ??= parseFields(this.#buffer, this.#start, this.#end);
    if (this.#fields) return this.#fields;
    throw new RecordError(
      `line ${this.#line} of ${this.#object} must hold a JSON object, got something else; use check "json"`,
    );
  }

  set fields(fields: Fields) {
    this.#fields = fields;
    this.#changed = true;
  }
}

/** The fields of a line that looks like an object, or undefined where it is none. */
export function parseFields(buffer: Buffer, start: number, end: number): Fields | undefined {
  try {
    return JSON.parse(buffer.toString("utf8", start, end)) as Fields;
  } catch {
    return undefined;
  }
}
