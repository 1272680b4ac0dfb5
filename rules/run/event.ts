import { Changes, type FieldValue } from "./changes";
import { checkFields, checkLength } from "./length";

export type { FieldValue };

/** The fields of a record by their names. */
export type Fields = Record<string, FieldValue>;

/** A record that provides single fields without creating all of them. */
export interface FieldSource {
  /** All fields. */
  readonly fields: Readonly<Fields>;
  /** The names in the order of `fields`, if they are known without creating the fields. */
  readonly names?: readonly string[];
  /** One field; undefined if it does not exist. */
  get(name: string): FieldValue | undefined;
  /**
   * The same, for callers that do not retain it: a string can keep more memory alive than its own.
   * @default the same as `get`
   */
  look?(name: string): FieldValue | undefined;
  has(name: string): boolean;
}

const NO_CHANGES = new Changes();

/**
 * An event during processing: a map of names to strings over the fields of a record. Values that are not strings in the
 * record (a number, an object) are read as their JSON text, and stay unchanged until a rule assigns them.
 *
 * The record's fields are never written to. Changes are in a list above them, which copies share until one of them
 * writes: V8 takes microseconds to add a property to a copy of an object, and a fraction of that for a list.
 */
export class Event {
  /** Fields of the record; undefined while only single fields are read from the source. */
  #base: Readonly<Fields> | undefined;
  readonly #source: FieldSource | undefined;
  /** Assigned values; `undefined` for deleted fields. */
  #changes: Changes | undefined;
  #isShared = false;

  /**
   * @param fields of the record; undefined to read only the needed fields from the source
   * @param source required if there are no fields
   */
  constructor(fields: Readonly<Fields> | undefined, source?: FieldSource) {
    this.#base = fields;
    this.#source = source;
  }

  /** Whether a rule has changed it. */
  get changed(): boolean {
    return this.#changes !== undefined;
  }

  /** Values that rules have assigned, and fields that they have deleted. */
  get changes(): Changes {
    return this.#changes ?? NO_CHANGES;
  }

  get(name: string): string | undefined {
    return textOf(this.value(name));
  }

  /** The same for callers that do not retain it: it can keep more memory alive than its own, but costs less. */
  look(name: string): string | undefined {
    const source = this.#base === undefined && !this.#changes?.has(name) ? this.#source : undefined;
    return source?.look ? textOf(source.look(name)) : this.get(name);
  }

  has(name: string): boolean {
    if (this.#base !== undefined || this.#changes?.has(name)) return this.value(name) !== undefined;
    return this.#isRead(name);
  }

  /** Fails if the text exceeds the maximum length, or there are too many fields. */
  set(name: string, value: string): void {
    checkLength(value.length);
    this.assign(name, value);
  }

  delete(name: string): void {
    if (this.has(name)) this.assign(name, undefined);
  }

  /** Names of the fields in order. */
  names(): string[] {
    const known = this.#base === undefined ? this.#source?.names : undefined;
    const names = known ? [...known] : Object.keys(this.#read());
    const changes = this.#changes;
    if (!changes) return names;
    const kept = names.filter((name) => !changes.has(name) || changes.get(name) !== undefined);
    for (const [name, value] of changes) {
      if (value !== undefined && !this.#isRead(name)) kept.push(name);
    }
    return kept;
  }

  /** Number of fields that rules have written or deleted, which a copy stores separately. */
  get made(): number {
    return this.#changes?.size ?? 0;
  }

  /** Number of characters of all names and values. */
  get size(): number {
    return this.names().reduce((size, name) => size + name.length + (this.get(name) as string).length, 0);
  }

  /** An independent copy. */
  clone(): Event {
    const copy = this.make(this.#base, this.#source);
    copy.#changes = this.#changes;
    copy.#isShared = this.#isShared = true;
    return copy;
  }

  /** The fields as in the record, in a new object if a rule has changed any. */
  get fields(): Readonly<Fields> {
    if (!this.#changes) return this.#read();
    return Object.fromEntries(this.#entries());
  }

  /** The fields as a line of JSON, without creating the object. */
  toJson(): string {
    if (!this.#changes) return JSON.stringify(this.#read());
    let json = "{";
    for (const [name, value] of this.#entries()) {
      json += `${json.length > 1 ? "," : ""}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    }
    return `${json}}`;
  }

  /** Creates an event of the same kind. */
  protected make(fields: Readonly<Fields> | undefined, source: FieldSource | undefined): Event {
    return new Event(fields, source);
  }

  /** A field as in the record. */
  protected value(name: string): FieldValue | undefined {
    if (this.#changes?.has(name)) return this.#changes.get(name);
    if (this.#base === undefined) return this.#source?.get(name);
    const value = this.#base[name];
    // Inherited members of an object (constructor, __proto__) are never strings.
    return typeof value === "string" || value === undefined || Object.hasOwn(this.#base, name) ? value : undefined;
  }

  /** Writes a field as in records; `undefined` deletes it. */
  protected assign(name: string, value: FieldValue | undefined): void {
    if (this.#changes === undefined || this.#isShared) {
      this.#changes = new Changes(this.#changes);
      this.#isShared = false;
    }
    this.#changes.set(name, value);
    checkFields(this.#changes.size);
  }

  /** All fields of the record. */
  #read(): Readonly<Fields> {
    return (this.#base ??= this.#source!.fields);
  }

  /** Whether the record has a field of that name, regardless of changes by rules. */
  #isRead(name: string): boolean {
    return this.#base === undefined ? this.#source!.has(name) : Object.hasOwn(this.#base, name);
  }

  *#entries(): Generator<readonly [string, FieldValue]> {
    for (const name of Event.prototype.names.call(this)) yield [name, this.value(name)!];
  }
}

function textOf(value: FieldValue | undefined): string | undefined {
  if (typeof value === "string" || value === undefined) return value;
  return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
}
