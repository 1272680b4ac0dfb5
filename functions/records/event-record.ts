import type { Fields, LogRecord, Place } from "./contracts";

/** A record that rules made: its line is written when an output asks for it. */
export class EventRecord implements LogRecord {
  readonly place: Place;
  /** Its line holds its fields always. */
  readonly changed = false;
  #fields: Readonly<Fields>;
  #raw: Uint8Array | undefined;

  /** @param fields those that are `undefined` are deleted ones */
  constructor(place: Place, fields: Readonly<Fields>) {
    this.place = place;
    this.#fields = fields;
  }

  get raw(): Uint8Array {
    return (this.#raw ??= Buffer.from(JSON.stringify(this.#fields)));
  }

  get fields(): Readonly<Fields> {
    return Object.fromEntries(Object.entries(this.#fields).filter(([, value]) => value !== undefined));
  }

  set fields(fields: Fields) {
    this.#fields = fields;
    this.#raw = undefined;
  }
}
