import { readJson } from "../parser/json-lines";
import { RecordError } from "./buffer-record";
import type { ClsLabels, Fields, LogRecord, Place } from "./contracts";

/** A record that is its line, and stays so. */
export class LineRecord implements LogRecord {
  readonly changed = false;
  readonly raw: Uint8Array;
  readonly place: Place;
  readonly labels?: ClsLabels;
  #fields: Fields | undefined;

  /** @param raw a JSON object */
  constructor(raw: Uint8Array, place: Place, labels?: ClsLabels) {
    this.raw = raw;
    this.place = place;
    this.labels = labels;
  }

  get fields(): Readonly<Fields> {
    return (this.#fields ??= this.#read());
  }

  #read(): Fields {
    const { buffer, byteOffset, byteLength } = this.raw;
    const fields = readJson(Buffer.from(buffer, byteOffset, byteLength), 0, byteLength);
    if (fields) return fields;
    throw new RecordError(`line ${this.place.line} of ${this.place.object} must hold a record, got something else`);
  }
}
