import type { FieldValue } from "../../records/contracts";
import type { FieldTaker } from "../../records/field-taker";
import { type Heads, headsOf, type Template } from "../byte-writer";
import { NameLists, NameTable } from "../name-table";

/** The bytes of a text, in memory that is reused for the next record. */
export interface TextBytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Encodes fields that are not set aside. */
export interface FieldEncoder {
  /** The encoding of a name before a value. */
  keyOf(name: string): Template;
  /** The encoding of a name before a text. */
  headOf(name: string): Template;
  /** Whether a text can be passed in its JSON form, with escapes. */
  readonly writesJson: boolean;
  /** Writes consecutive texts, with the heads from number `first` to `end` - 1; see `FieldTaker.texts`. */
  texts(heads: Heads, first: number, end: number, bytes: Buffer, places: Int32Array): void;
  value(key: Template, value: FieldValue): void;
}

/** A field of the current record that was set aside. */
export class Aside {
  readonly name: string;
  #value: FieldValue | undefined;
  #text: TextBytes | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Undefined if the record has no such field, or it was taken. */
  get value(): FieldValue | undefined {
    if (this.#text) this.#value ??= this.#text.bytes.toString("utf8", this.#text.start, this.#text.end);
    return this.#value;
  }

  /** Whether the field exists, even if null. */
  get isThere(): boolean {
    return this.#text !== undefined || this.#value !== undefined;
  }

  /** Its bytes, if it is a text in a buffer. */
  get text(): TextBytes | undefined {
    return this.#text;
  }

  put(value: FieldValue | undefined, text?: TextBytes): void {
    this.#value = value;
    this.#text = text;
  }

  /** Removes the field, so that it is not written with the rest. */
  take(): void {
    this.put(undefined);
  }
}

/** A name's encodings, which are needed for each record. */
interface Field {
  readonly aside: Aside | undefined;
  readonly key: Template;
  /** For a single text. */
  readonly heads: Heads;
}

/** How the fields of records with the same names in the same order are handled. */
interface Plan {
  readonly heads: Heads;
  readonly asides: readonly { readonly at: number; readonly aside: Aside }[];
}

/**
 * The fields of a record as they arrive: those of certain names are set aside, because they can have a special meaning; the
 * others are encoded at once.
 */
export class TakenFields implements FieldTaker {
  readonly #encoder: FieldEncoder;
  readonly #asides: Aside[] = [];
  readonly #byName = new NameTable((name) => this.#fieldOf(name));
  readonly #plans = new NameLists((names) => this.#planOf(names));
  readonly #place = new Int32Array(2);
  readonly escaped: FieldTaker["escaped"];

  constructor(encoder: FieldEncoder) {
    this.#encoder = encoder;
    if (encoder.writesJson) this.escaped = (name, bytes, start, end) => this.#escaped(name, bytes, start, end);
  }

  /** Sets fields of that name aside. Call it before the first record. */
  aside(name: string): Aside {
    const known = this.#asideOf(name);
    if (known) return known;
    const aside = new Aside(name);
    this.#asides.push(aside);
    return aside;
  }

  /** Starts the next record. */
  begin(): void {
    this.#byName.begin();
    for (const aside of this.#asides) aside.take();
  }

  texts(names: readonly string[], first: number, end: number, bytes: Buffer, places: Int32Array): void {
    const { heads, asides } = this.#plans.find(names);
    let from = first;
    for (const { at, aside } of asides) {
      if (at < first || at >= end) continue;
      if (from < at) this.#encoder.texts(heads, from, at, bytes, places);
      aside.put(undefined, { bytes, start: places[2 * at], end: places[2 * at + 1] });
      from = at + 1;
    }
    if (from < end) this.#encoder.texts(heads, from, end, bytes, places);
  }

  value(name: string, value: FieldValue): void {
    const { aside, key } = this.#byName.find(name);
    if (aside) aside.put(value);
    else this.#encoder.value(key, value);
  }

  #escaped(name: string, bytes: Buffer, start: number, end: number): void {
    const { aside, key, heads } = this.#byName.find(name);
    if (aside || holdsSurrogates(bytes, start, end)) {
      const text = JSON.parse(bytes.toString("utf8", start - 1, end + 1)) as string;
      if (aside) aside.put(text);
      else this.#encoder.value(key, text);
      return;
    }
    this.#place[0] = start;
    this.#place[1] = end;
    this.#encoder.texts(heads, 0, 1, bytes, this.#place);
  }

  /** Encodes the fields that were set aside and not taken. */
  writeRest(): void {
    for (const { name, value } of this.#asides) {
      if (value !== undefined) this.#encoder.value(this.#encoder.keyOf(name), value);
    }
  }

  #fieldOf(name: string): Field {
    return { aside: this.#asideOf(name), key: this.#encoder.keyOf(name), heads: headsOf([this.#encoder.headOf(name)]) };
  }

  #planOf(names: readonly string[]): Plan {
    const fields = names.map((name) => this.#byName.find(name));
    return {
      heads: headsOf(fields.map(({ heads }) => heads.templates[0])),
      asides: fields.flatMap(({ aside }, at) => (aside ? [{ at, aside }] : [])),
    };
  }

  #asideOf(name: string): Aside | undefined {
    return this.#asides.find((aside) => aside.name === name);
  }
}

const [BACKSLASH, U, D, EIGHT] = Buffer.from("\\ud8");

/** Whether a JSON text contains `\uD8` to `\uDF`, the escapes of surrogates, which can be unpaired. */
function holdsSurrogates(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== BACKSLASH) continue;
    at++;
    if (bytes[at] === U && (bytes[at + 1] | 0x20) === D && bytes[at + 2] >= EIGHT) return true;
  }
  return false;
}
