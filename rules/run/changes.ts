/** Value of a record's field: a JSON value. */
export type FieldValue = string | number | boolean | null | FieldValue[] | { [name: string]: FieldValue };

/** Maximum number of names to search one by one. For so few, creating a table takes longer than the searches. */
const FEW = 8;

/** Changes that rules have made to an event's fields. The value of a deleted field is `undefined`. */
export class Changes {
  /** Name, value, name, value, in the order in which names were first written. */
  readonly #entries: (FieldValue | undefined)[] = [];
  /** Positions of the names, once there are many. */
  #places: Map<string, number> | undefined;

  constructor(changes?: Iterable<readonly [string, FieldValue | undefined]>) {
    if (changes) for (const [name, value] of changes) this.set(name, value);
  }

  get size(): number {
    return this.#entries.length >> 1;
  }

  /** Name of a change by its number, starting at 0, in the order in which names were first written. */
  nameAt(index: number): string {
    return this.#entries[2 * index] as string;
  }

  valueAt(index: number): FieldValue | undefined {
    return this.#entries[2 * index + 1];
  }

  has(name: string): boolean {
    return this.#placeOf(name) >= 0;
  }

  get(name: string): FieldValue | undefined {
    const place = this.#placeOf(name);
    return place < 0 ? undefined : this.#entries[place + 1];
  }

  set(name: string, value: FieldValue | undefined): void {
    const place = this.#placeOf(name);
    if (place >= 0) {
      this.#entries[place + 1] = value;
    } else {
      this.#places?.set(name, this.#entries.length);
      this.#entries.push(name, value);
    }
  }

  *[Symbol.iterator](): Generator<[string, FieldValue | undefined]> {
    for (let index = 0; index < this.size; index++) yield [this.nameAt(index), this.valueAt(index)];
  }

  /** Position of a name; -1 if it is missing. */
  #placeOf(name: string): number {
    const entries = this.#entries;
    if (entries.length > 2 * FEW) return this.#table().get(name) ?? -1;
    for (let place = 0; place < entries.length; place += 2) if (entries[place] === name) return place;
    return -1;
  }

  #table(): Map<string, number> {
    return (this.#places ??= new Map([...this].map(([name], index) => [name, 2 * index])));
  }
}
