import { buildFields, type BuildFields } from "./build-fields";

/** Objects of a shape that are read by JSON.parse before a function is made for it. */
const USES_BEFORE_BUILD = 32;

/** What an object has in front of other names, in the order of the numbers. */
const INTEGER = /^(?:0|[1-9]\d{0,9})$/;

/** The keys of an object in their order. */
export class Shape {
  readonly names: readonly string[];
  /** Whether a name stands there twice: then its last value counts. */
  readonly hasDuplicates: boolean;
  /** Whether an object with these names has them in this order: not where one stands twice, or is an integer. */
  readonly isOrdered: boolean;
  readonly #indexes: ReadonlyMap<string, number>;
  /** The names that were asked for last: code asks for the same few of each record. */
  #lastName = "";
  #lastIndex: number | undefined;
  #nextName = "";
  #nextIndex: number | undefined;
  readonly #outer: Builder;
  readonly #inner: Builder;

  /** @param keys as they stand in JSON, without escapes */
  constructor(keys: readonly string[]) {
    // V8 shares the strings of names of properties: those that are asked for are compared by identity then.
    this.names = keys.map((key) => Object.keys({ [key.slice(1, -1)]: 0 })[0]);
    this.#indexes = new Map(this.names.map((name, index) => [name, index]));
    // From the first question on all are names, so that V8 compares no other.
    this.#lastIndex = this.#nextIndex = this.#indexes.get("");
    this.hasDuplicates = this.#indexes.size < this.names.length;
    this.isOrdered = !this.hasDuplicates && !this.names.some((name) => INTEGER.test(name));
    this.#outer = new Builder(this.names, false);
    this.#inner = new Builder(this.names, true);
  }

  /** Which member holds the value of that name, from 0; undefined where none does. */
  indexOf(name: string): number | undefined {
    if (name === this.#lastName) return this.#lastIndex;
    if (name === this.#nextName) return this.#nextIndex;
    this.#lastName = this.#nextName;
    this.#lastIndex = this.#nextIndex;
    this.#nextName = name;
    return (this.#nextIndex = this.#indexes.get(name));
  }

  /** What makes the fields of lines of this shape; undefined before it pays. */
  get build(): BuildFields | undefined {
    return this.#outer.function;
  }

  /** The same for objects inside of members. */
  get buildInner(): BuildFields | undefined {
    return this.#inner.function;
  }
}

/** Makes a function at its time. */
class Builder {
  readonly #names: readonly string[];
  readonly #isInner: boolean;
  #uses = 0;
  #function: BuildFields | undefined;

  constructor(names: readonly string[], isInner: boolean) {
    this.#names = names;
    this.#isInner = isInner;
  }

  get function(): BuildFields | undefined {
    if (this.#function === undefined && this.#uses++ === USES_BEFORE_BUILD) {
      this.#function = buildFields(this.#names, this.#isInner);
    }
    return this.#function;
  }
}
