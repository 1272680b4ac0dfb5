import { Changes, type FieldValue } from "./changes";
import { checkFields, checkLength } from "./length";

export type { FieldValue };

/** The fields of a record by their names. */
export type Fields = Record<string, FieldValue>;

/** A record that tells of single fields without making all of them. */
export interface FieldSource {
  /** All of them. */
  readonly fields: Readonly<Fields>;
  /** Their names in the order of `fields`, where that is known without making these. */
  readonly names?: readonly string[];
  /** One of them; undefined where there is none of that name. */
  get(name: string): FieldValue | undefined;
  /** The same for who does not keep it: a text may hold on to more memory than its own. @default it is as `get` has it */
  look?(name: string): FieldValue | undefined;
  has(name: string): boolean;
}

const NO_CHANGES = new Changes();

/**
 * An event at work: a map of names to strings over the fields of a record. What is no string in the record (a number, an
 * object) reads as its JSON text and stays as it is until a rule assigns it.
 *
 * The record's fields are never written to. What rules change lies in a list above them, which copies share until one of
 * them writes: V8 takes microseconds to add a property to a copy of an object, and to a list a fraction of that.
 */
export class Event {
  /** What the record holds; undefined as long as its source is asked for single fields. */
  #base: Readonly<Fields> | undefined;
  readonly #source: FieldSource | undefined;
  /** What was assigned; `undefined` for what was deleted. */
  #changes: Changes | undefined;
  #isShared = false;

  /**
   * @param fields of the record; undefined where its source is asked for what rules read of it
   * @param source needed where there are no fields
   */
  constructor(fields: Readonly<Fields> | undefined, source?: FieldSource) {
    this.#base = fields;
    this.#source = source;
  }

  /** Whether a rule has written to it. */
  get changed(): boolean {
    return this.#changes !== undefined;
  }

  /** What rules have assigned and deleted. */
  get changes(): Changes {
    return this.#changes ?? NO_CHANGES;
  }

  get(name: string): string | undefined {
    return textOf(this.value(name));
  }

  /** The same for who looks at it and does not keep it: it may hold on to more memory than its own, and costs less. */
  look(name: string): string | undefined {
    const source = this.#base === undefined && !this.#changes?.has(name) ? this.#source : undefined;
    return source?.look ? textOf(source.look(name)) : this.get(name);
  }

  has(name: string): boolean {
    if (this.#base !== undefined || this.#changes?.has(name)) return this.value(name) !== undefined;
    return this.#isRead(name);
  }

  /** Fails for a text that is longer than texts may be, and for more fields than rules may make. */
  set(name: string, value: string): void {
    checkLength(value.length);
    this.assign(name, value);
  }

  delete(name: string): void {
    if (this.has(name)) this.assign(name, undefined);
  }

  /** Names of the fields in their order. */
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

  /** Fields that rules have written or deleted: what a copy holds of its own. */
  get made(): number {
    return this.#changes?.size ?? 0;
  }

  /** Characters of its names and values. */
  get size(): number {
    return this.names().reduce((size, name) => size + name.length + (this.get(name) as string).length, 0);
  }

  /** An event of its own with the same fields. */
  clone(): Event {
    const copy = this.make(this.#base, this.#source);
    copy.#changes = this.#changes;
    copy.#isShared = this.#isShared = true;
    return copy;
  }

  /** The fields as the record has them, in an object of their own where a rule has changed any. */
  get fields(): Readonly<Fields> {
    if (!this.#changes) return this.#read();
    return Object.fromEntries(this.#entries());
  }

  /** The fields as a line of JSON, without the object. */
  toJson(): string {
    if (!this.#changes) return JSON.stringify(this.#read());
    let json = "{";
    for (const [name, value] of this.#entries()) {
      json += `${json.length > 1 ? "," : ""}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    }
    return `${json}}`;
  }

  /** An event of the same kind. */
  protected make(fields: Readonly<Fields> | undefined, source: FieldSource | undefined): Event {
    return new Event(fields, source);
  }

  /** A field as the record has it. */
  protected value(name: string): FieldValue | undefined {
    if (this.#changes?.has(name)) return this.#changes.get(name);
    if (this.#base === undefined) return this.#source?.get(name);
    const value = this.#base[name];
    // What an object inherits (constructor, __proto__) is never a string.
    return typeof value === "string" || value === undefined || Object.hasOwn(this.#base, name) ? value : undefined;
  }

  /** Writes a field as records have them; `undefined` deletes. */
  protected assign(name: string, value: FieldValue | undefined): void {
    if (this.#changes === undefined || this.#isShared) {
      this.#changes = new Changes(this.#changes ?? []);
      this.#isShared = false;
    }
    this.#changes.set(name, value);
    checkFields(this.#changes.size);
  }

  /** What the record holds, made as a whole. */
  #read(): Readonly<Fields> {
    return (this.#base ??= this.#source!.fields);
  }

  /** Whether the record holds a field of that name, whatever rules have made of it. */
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
