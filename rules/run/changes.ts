/** What a field of a record holds: a value of JSON. */
export type FieldValue = string | number | boolean | null | FieldValue[] | { [name: string]: FieldValue };

/** Names that are looked through one by one: a table takes longer to make than to do so in it. */
const FEW = 8;

/** What rules have made of the fields of an event; the value of a field that they deleted is `undefined`. */
export class Changes {
  /** Name, value, name, value: a list takes memory for sixteen at its first entry. In the order in which names were first written to. */
  readonly #entries: (FieldValue | undefined)[] = [];
  /** Where the names are, once they are not few. */
  #places: Map<string, number> | undefined;

  constructor(changes: Iterable<readonly [string, FieldValue | undefined]> = []) {
    for (const [name, value] of changes) this.set(name, value);
  }

  get size(): number {
    return this.#entries.length >> 1;
  }

  /** The name that was the one of that number, from 0, when it was written to first. */
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

  /** Where a name stands; -1 for one that is not there. */
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
