/** Maximum names that are cached; values of other names are created each time. */
const MOST_NAMES = 1000;

interface Entry<Made> {
  readonly name: string;
  readonly made: Made;
  /** The entry that followed it the last time. */
  next: Entry<Made> | undefined;
}

/**
 * Values derived from field names, created once for most names. Records mostly have the fields of the previous one, in the
 * same order: then comparing one entry is enough, in a fraction of the time of a map.
 */
export class NameTable<Made> {
  readonly #make: (name: string) => Made;
  readonly #known = new Map<string, Entry<Made>>();
  readonly #head: { next: Entry<Made> | undefined } = { next: undefined };
  #last = this.#head;

  constructor(make: (name: string) => Made) {
    this.#make = make;
  }

  /** Starts the next record. */
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

/** Values derived from a record's names, created once for the same names in the same order; see `FieldTaker.texts`. */
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
