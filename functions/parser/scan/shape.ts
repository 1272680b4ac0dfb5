import { buildFields, type BuildFields } from "./build-fields";

/** Objects of a shape that are read by JSON.parse before a function is made for it. */
const USES_BEFORE_BUILD = 32;

/** The keys of an object in their order. */
export class Shape {
  readonly names: readonly string[];
  /** Whether a name stands there twice: then its last value counts. */
  readonly hasDuplicates: boolean;
  readonly #indexes: ReadonlyMap<string, number>;
  #uses = 0;
  #build: BuildFields | undefined;

  /** @param keys as they stand in JSON, without escapes */
  constructor(keys: readonly string[]) {
    this.names = keys.map((key) => key.slice(1, -1));
    this.#indexes = new Map(this.names.map((name, index) => [name, index]));
    this.hasDuplicates = this.#indexes.size < this.names.length;
  }

  /** Which member holds the value of that name, from 0; undefined where none does. */
  indexOf(name: string): number | undefined {
    return this.#indexes.get(name);
  }

  has(name: string): boolean {
    return this.#indexes.has(name);
  }

  /** What makes the fields of its objects; undefined before it pays. */
  get build(): BuildFields | undefined {
    if (this.#build === undefined && this.#uses++ === USES_BEFORE_BUILD) this.#build = buildFields(this.names);
    return this.#build;
  }
}
