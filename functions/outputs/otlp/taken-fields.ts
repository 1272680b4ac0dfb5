import type { FieldValue } from "../../records/contracts";
import type { FieldTaker } from "../../records/field-taker";
import { NameTable } from "../name-table";

/** The bytes of a text, in memory that is used again for the next record. */
export interface TextBytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Takes what is not put aside. */
export interface FieldEncoder<Key> {
  /** What it makes of a name, to be kept. */
  keyOf(name: string): Key;
  /** Whether a text may be handed over as JSON writes it, with escapes. */
  readonly writesJson: boolean;
  text(key: Key, bytes: Buffer, start: number, end: number): void;
  value(key: Key, value: FieldValue): void;
}

/** A field of the record at hand that was put aside. */
export class Aside {
  readonly name: string;
  #value: FieldValue | undefined;
  #text: TextBytes | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Undefined where the record has no such field, or it was taken. */
  get value(): FieldValue | undefined {
    if (this.#text) this.#value ??= this.#text.bytes.toString("utf8", this.#text.start, this.#text.end);
    return this.#value;
  }

  /** Whether there is one, be it null. */
  get isThere(): boolean {
    return this.#text !== undefined || this.#value !== undefined;
  }

  /** Its bytes, where it is a text that stands somewhere. */
  get text(): TextBytes | undefined {
    return this.#text;
  }

  put(value: FieldValue | undefined, text?: TextBytes): void {
    this.#value = value;
    this.#text = text;
  }

  /** It goes no further. */
  take(): void {
    this.put(undefined);
  }
}

/** What an encoder makes of a name that it needs for each record. */
interface Field<Key> {
  readonly aside: Aside | undefined;
  readonly key: Key;
}

/**
 * The fields of a record as they are handed over: those of some names are put aside, for they may be more than a field like any
 * other; the rest go on at once.
 */
export class TakenFields<Key> implements FieldTaker {
  readonly #encoder: FieldEncoder<Key>;
  readonly #asides: Aside[] = [];
  readonly #byName = new NameTable((name) => this.#fieldOf(name));
  readonly escaped: FieldTaker["escaped"];

  constructor(encoder: FieldEncoder<Key>) {
    this.#encoder = encoder;
    if (encoder.writesJson) this.escaped = (name, bytes, start, end) => this.#escaped(name, bytes, start, end);
  }

  /** Has fields of that name put aside. To be called before the first record. */
  aside(name: string): Aside {
    const known = this.#asides.find((aside) => aside.name === name);
    if (known) return known;
    const aside = new Aside(name);
    this.#asides.push(aside);
    return aside;
  }

  /** The next record. */
  begin(): void {
    this.#byName.begin();
    for (const aside of this.#asides) aside.take();
  }

  text(name: string, bytes: Buffer, start: number, end: number): void {
    const { aside, key } = this.#byName.find(name);
    if (aside) aside.put(undefined, { bytes, start, end });
    else this.#encoder.text(key, bytes, start, end);
  }

  value(name: string, value: FieldValue): void {
    const { aside, key } = this.#byName.find(name);
    if (aside) aside.put(value);
    else this.#encoder.value(key, value);
  }

  #escaped(name: string, bytes: Buffer, start: number, end: number): void {
    const { aside, key } = this.#byName.find(name);
    if (aside) aside.put(JSON.parse(bytes.toString("utf8", start - 1, end + 1)) as string);
    else this.#encoder.text(key, bytes, start, end);
  }

  /** Hands over what was put aside and not taken. */
  writeRest(): void {
    for (const { name, value } of this.#asides) {
      if (value !== undefined) this.#encoder.value(this.#encoder.keyOf(name), value);
    }
  }

  #fieldOf(name: string): Field<Key> {
    return { aside: this.#asides.find((aside) => aside.name === name), key: this.#encoder.keyOf(name) };
  }
}
