import { checkFields, checkLength } from "./length";

/** What a field of a record holds: a value of JSON. */
export type FieldValue = string | number | boolean | null | FieldValue[] | { [name: string]: FieldValue };

/** The fields of a record by their names. */
export type Fields = Record<string, FieldValue>;

/**
 * An event at work: a map of names to strings over the fields of a record. What is no string in the record (a number, an
 * object) reads as its JSON text and stays as it is until a rule assigns it.
 *
 * The record's fields are never written to. What rules change lies in a map above them, which copies share until one of
 * them writes: V8 takes microseconds to add a property to a copy of an object, and a map a tenth of that.
 */
export class Event {
  readonly #base: Readonly<Fields>;
  /** What was assigned; `undefined` for what was deleted. */
  #changes: Map<string, FieldValue | undefined> | undefined;
  #isShared = false;

  constructor(fields: Readonly<Fields>) {
    this.#base = fields;
  }

  /** Whether a rule has written to it. */
  get changed(): boolean {
    return this.#changes !== undefined;
  }

  get(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === "string" || value === undefined ? value : fieldText(value);
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
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
    const names = Object.keys(this.#base);
    const changes = this.#changes;
    if (!changes) return names;
    const kept = names.filter((name) => !changes.has(name) || changes.get(name) !== undefined);
    for (const [name, value] of changes) {
      if (value !== undefined && !Object.hasOwn(this.#base, name)) kept.push(name);
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
    const copy = this.make(this.#base);
    copy.#changes = this.#changes;
    copy.#isShared = this.#isShared = true;
    return copy;
  }

  /** The fields as the record has them, in an object of their own where a rule has changed any. */
  get fields(): Readonly<Fields> {
    if (!this.#changes) return this.#base;
    return Object.fromEntries(this.#entries());
  }

  /** The fields as a line of JSON, without the object. */
  toJson(): string {
    if (!this.#changes) return JSON.stringify(this.#base);
    let json = "{";
    for (const [name, value] of this.#entries()) {
      json += `${json.length > 1 ? "," : ""}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    }
    return `${json}}`;
  }

  /** An event of the same kind. */
  protected make(fields: Readonly<Fields>): Event {
    return new Event(fields);
  }

  /** A field as the record has it. */
  protected value(name: string): FieldValue | undefined {
    const changes = this.#changes;
    if (changes !== undefined) {
      const changed = changes.get(name);
      if (changed !== undefined || changes.has(name)) return changed;
    }
    const value = this.#base[name];
    // What an object inherits (constructor, __proto__) is never a string.
    return typeof value === "string" || value === undefined || Object.hasOwn(this.#base, name) ? value : undefined;
  }

  /** Writes a field as records have them; `undefined` deletes. */
  protected assign(name: string, value: FieldValue | undefined): void {
    if (this.#changes === undefined || this.#isShared) {
      this.#changes = new Map(this.#changes);
      this.#isShared = false;
    }
    this.#changes.set(name, value);
    checkFields(this.#changes.size);
  }

  *#entries(): Generator<readonly [string, FieldValue]> {
    for (const name of Event.prototype.names.call(this)) yield [name, this.value(name)!];
  }
}

function fieldText(value: FieldValue): string {
  return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
}
