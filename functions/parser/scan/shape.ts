import { buildFields, type BuildFields } from "./build-fields";

/** Number of objects of a shape that JSON.parse reads before a function is created for it. */
const USES_BEFORE_BUILD = 32;

/** Names that an object lists before other names, in numeric order. */
const INTEGER = /^(?:0|[1-9]\d{0,9})$/;

/** The keys of an object in their order. */
export class Shape {
  readonly names: readonly string[];
  /** Whether a name occurs twice; then its last value applies. */
  readonly hasDuplicates: boolean;
  /** Whether an object with these names has them in this order: not if one occurs twice, or is an integer. */
  readonly isOrdered: boolean;
  readonly #indexes: ReadonlyMap<string, number>;
  /** The last names that were looked up: code usually reads the same few names of each record. */
  #lastName = "";
  #lastIndex: number | undefined;
  #nextName = "";
  #nextIndex: number | undefined;
  readonly #outer: Builder;
  readonly #inner: Builder;

  /** @param keys keys as written in JSON, without escapes */
  constructor(keys: readonly string[]) {
    // V8 shares the strings of property names, so that look-ups compare them by identity.
    this.names = keys.map((key) => Object.keys({ [key.slice(1, -1)]: 0 })[0]);
    this.#indexes = new Map(this.names.map((name, index) => [name, index]));
    // From the first look-up on, all of these are names, so V8 compares no other strings.
    this.#lastIndex = this.#nextIndex = this.#indexes.get("");
    this.hasDuplicates = this.#indexes.size < this.names.length;
    this.isOrdered = !this.hasDuplicates && !this.names.some((name) => INTEGER.test(name));
    this.#outer = new Builder(this.names, false);
    this.#inner = new Builder(this.names, true);
  }

  /** Number of the member with that name, starting at 0; undefined if there is none. */
  indexOf(name: string): number | undefined {
    if (name === this.#lastName) return this.#lastIndex;
    if (name === this.#nextName) return this.#nextIndex;
    this.#lastName = this.#nextName;
    this.#lastIndex = this.#nextIndex;
    this.#nextName = name;
    return (this.#nextIndex = this.#indexes.get(name));
  }

  /** Creates the fields of lines of this shape; undefined until it pays off. */
  get build(): BuildFields | undefined {
    return this.#outer.function;
  }

  /** The same for objects inside members. */
  get buildInner(): BuildFields | undefined {
    return this.#inner.function;
  }
}

/** Creates the function when it pays off. */
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
