/** Names that are kept; what is made of others is made each time. */
const MOST_NAMES = 1000;

interface Entry<Made> {
  readonly name: string;
  readonly made: Made;
  /** What stood behind it the last time. */
  next: Entry<Made> | undefined;
}

/**
 * What is made of the names of fields, once for most. Records mostly have the fields of the one before, in their order: then a
 * look at one entry tells, which takes a fraction of the time of a map.
 */
export class NameTable<Made> {
  readonly #make: (name: string) => Made;
  readonly #known = new Map<string, Entry<Made>>();
  readonly #head: { next: Entry<Made> | undefined } = { next: undefined };
  #last = this.#head;

  constructor(make: (name: string) => Made) {
    this.#make = make;
  }

  /** Begins with the next record. */
  begin(): void {
    this.#last = this.#head;
  }

  find(name: string): Made {
    const guess = this.#last.next;
    if (guess === undefined || guess.name !== name) return this.#seek(name);
    this.#last = guess;
    return guess.made;
  }

  #seek(name: string): Made {
    const known = this.#known.get(name);
    const entry = known ?? { name, made: this.#make(name), next: undefined };
    if (!known && this.#known.size >= MOST_NAMES) return entry.made;
    this.#known.set(name, entry);
    this.#last.next = this.#last = entry;
    return entry.made;
  }
}

/** What is made of the names of a whole record, once for those with the same names in the same order, see `FieldTaker.texts`. */
export class NameLists<Made> {
  readonly #make: (names: readonly string[]) => Made;
  readonly #known = new WeakMap<readonly string[], Made>();
  #names: readonly string[] | undefined;
  #last: Made | undefined;

  constructor(make: (names: readonly string[]) => Made) {
    this.#make = make;
  }

  find(names: readonly string[]): Made {
    if (names === this.#names) return this.#last as Made;
    const made = this.#known.get(names) ?? this.#make(names);
    this.#known.set(names, made);
    this.#names = names;
    return (this.#last = made);
  }
}
