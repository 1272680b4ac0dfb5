import { fieldOf, hasField } from "./by-name";
import type { Fields, FieldValue, LogRecord, Place } from "./contracts";
import { jsonLine } from "./line-record";

/**
 * A record that the user's code created. Its line is the JSON of its fields, which is written immediately, so that the
 * code that creates it gets the `TypeError` for fields that JSON cannot represent. The same applies to later
 * assignments.
 */
export class MadeRecord implements LogRecord {
  readonly place: Place;
  /** Its line always contains its current fields. */
  readonly changed = false;
  #raw: Uint8Array;
  #fields: Fields;

  constructor(place: Place, fields: Fields) {
    this.place = place;
    this.#raw = jsonLine(fields);
    this.#fields = keptOf(fields, this.#raw);
  }

  get raw(): Uint8Array {
    return this.#raw;
  }

  get fields(): Readonly<Fields> {
    return this.#fields;
  }

  set fields(fields: Fields) {
    this.#raw = jsonLine(fields);
    this.#fields = keptOf(fields, this.#raw);
  }

  get(name: string): FieldValue | undefined {
    return fieldOf(this.fields, name);
  }

  has(name: string): boolean {
    return hasField(this.fields, name);
  }
}

/** The fields that the line contains: those that JSON leaves out must not be visible. */
function keptOf(fields: Fields, raw: Uint8Array): Fields {
  const isWhole = Object.values(fields as Record<string, unknown>).every(
    (value) => value !== undefined && typeof value !== "function" && typeof value !== "symbol",
  );
  return isWhole ? fields : (JSON.parse(Buffer.from(raw).toString()) as Fields);
}
