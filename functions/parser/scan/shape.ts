import { buildFields, type BuildFields } from "./build-fields";

/** Number of objects of a shape that JSON.parse reads before a function is created for it. */
const USES_BEFORE_BUILD = 32;

/** Maximum number of names to compare one by one, which is faster than a table lookup. */
const MOST_ASKED = 8;

/** Maximum length of these names, which can come from events. */
const LONGEST_ASKED = 256;

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
  /** The first names that were looked up, and their members: code usually reads the same few names of each record. */
  readonly #asked: string[] = [];
  readonly #found: (number | undefined)[] = [];
  readonly #outer: Builder;
  readonly #inner: Builder;

  /** @param keys keys as written in JSON, without escapes */
  constructor(keys: readonly string[]) {
    this.names = keys.map((key) => ownName(key.slice(1, -1)));
    this.#indexes = new Map(this.names.map((name, index) => [name, index]));
    this.hasDuplicates = this.#indexes.size < this.names.length;
    this.isOrdered = !this.hasDuplicates && !this.names.some((name) => INTEGER.test(name));
    this.#outer = new Builder(this.names, false);
    this.#inner = new Builder(this.names, true);
  }

  /** Number of the member with that name, starting at 0; undefined if there is none. */
  indexOf(name: string): number | undefined {
    const asked = this.#asked;
    for (let at = 0; at < asked.length; at++) if (asked[at] === name) return this.#found[at];
    const index = this.#indexes.get(name);
    if (asked.length < MOST_ASKED && name.length <= LONGEST_ASKED) {
      asked.push(ownName(name));
      this.#found.push(index);
    }
    return index;
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

/**
 * The same name as a string that V8 shares among all property names, so that look-ups compare it by identity. It does
 * not keep a longer text in memory from which the name was cut.
 */
export function ownName(name: string): string {
  return Object.keys({ [name]: 0 })[0];
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
