/** The latest numbered entries, limited in number and in size. */
export class Ring<T> {
  readonly #entries: { readonly entry: T; readonly size: number }[] = [];
  readonly #maxEntries: number;
  readonly #maxSize: number;
  #begin = 0;
  #size = 0;
  #first = 1;

  /** @param maxSize of all entries together, in the unit of `size` */
  constructor(maxEntries: number, maxSize: number) {
    this.#maxEntries = maxEntries;
    this.#maxSize = maxSize;
  }

  /** Number of the first stored entry; numbers begin at 1. */
  get first(): number {
    return this.#first;
  }

  /** Number of the last entry; 0 if there was none yet. */
  get last(): number {
    return this.#first + this.#entries.length - this.#begin - 1;
  }

  /** Adds an entry, which is created with its number. */
  add(make: (number: number) => T, size: number): void {
    this.#entries.push({ entry: make(this.last + 1), size });
    this.#size += size;
    const isOver = (): boolean => this.#entries.length - this.#begin > this.#maxEntries || this.#size > this.#maxSize;
    while (this.last > this.#first && isOver()) {
      this.#size -= this.#entries[this.#begin].size;
      this.#begin++;
      this.#first++;
    }
    // Removed entries are dropped in large blocks: moving the rest each time would take most of the time.
    if (this.#begin <= this.#maxEntries) return;
    this.#entries.splice(0, this.#begin);
    this.#begin = 0;
  }

  /** Entries after a number, up to a maximum. */
  after(number: number, most: number): T[] {
    const from = this.#begin + Math.max(0, number + 1 - this.#first);
    return this.#entries.slice(from, from + most).map(({ entry }) => entry);
  }
}
