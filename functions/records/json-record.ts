import { fieldOf, hasField } from "./by-name";
import type { Fields, FieldValue, LogRecord, Place } from "./contracts";
import { jsonLine } from "./line-record";

/**
 * A record that was not read from JSON, for example a row of CSV, in the form of a JSON line, which outputs write. The
 * line is created on demand from the fields as they were read.
 */
export class JsonRecord implements LogRecord {
  readonly #read: LogRecord;
  #raw: Uint8Array | undefined;
  #assigned: Fields | undefined;

  constructor(read: LogRecord) {
    this.#read = read;
  }

  get raw(): Uint8Array {
    return (this.#raw ??= jsonLine(this.#read.fields));
  }

  get place(): Place {
    return this.#read.place;
  }

  get changed(): boolean {
    return this.#assigned !== undefined;
  }

  get fields(): Readonly<Fields> {
    return this.#assigned ?? this.#read.fields;
  }

  set fields(fields: Fields) {
    this.#assigned = fields;
  }

  get(name: string): FieldValue | undefined {
    return fieldOf(this.fields, name);
  }

  has(name: string): boolean {
    return hasField(this.fields, name);
  }
}
