/** Items of which the first is requested repeatedly, while its position changes: a binary heap. */
export class Earliest<T> {
  readonly #items: T[];
  readonly #isBefore: (one: T, other: T) => boolean;

  constructor(items: readonly T[], isBefore: (one: T, other: T) => boolean) {
    this.#items = [...items];
    this.#isBefore = isBefore;
    for (let at = (this.#items.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  get first(): T {
    return this.#items[0];
  }

  /** Call it when the first item has moved behind others. */
  firstChanged(): void {
    this.#sink(0);
  }

  #sink(at: number): void {
    const items = this.#items;
    const item = items[at];
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#isBefore(items[child + 1], items[child])) child++;
      if (!this.#isBefore(items[child], item)) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = item;
  }
}
