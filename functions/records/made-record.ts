import { fieldOf, hasField } from "./by-name";
import type { Fields, FieldValue, LogRecord, Place } from "./contracts";
import { jsonLine } from "./line-record";

/**
 * A record that the user's code made: its line is the JSON of its fields, written at once, so that fields that are no JSON
 * are the fault of who made them. It throws `TypeError` for such, also at a later assignment.
 */
export class MadeRecord implements LogRecord {
  readonly place: Place;
  /** Its line holds its fields always. */
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

/** The fields that the line holds: what JSON leaves out must not be seen. */
function keptOf(fields: Fields, raw: Uint8Array): Fields {
  const isWhole = Object.values(fields as Record<string, unknown>).every(
    (value) => value !== undefined && typeof value !== "function" && typeof value !== "symbol",
  );
  return isWhole ? fields : (JSON.parse(Buffer.from(raw).toString()) as Fields);
}
