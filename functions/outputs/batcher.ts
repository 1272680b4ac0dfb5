/** Where a parcel ends: before the first item that would exceed a limit. A single item may. */
export interface ParcelLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Collects items into parcels that depend on the items only, and not on how they come. */
export class Batcher<Item> {
  readonly #limits: ParcelLimits;
  #items: Item[] = [];
  #bytes = 0;
  #count: number;

  /** @param count of parcels that there are already: those that follow have other names */
  constructor(limits: ParcelLimits, count = 0) {
    this.#limits = limits;
    this.#count = count;
  }

  /** How many parcels there are. */
  get count(): number {
    return this.#count;
  }

  /** Takes an item; returns the parcel that it did not fit into. */
  add(item: Item, bytes: number): { name: string; items: Item[] } | undefined {
    const { items: most, bytes: mostBytes } = this.#limits;
    const full = this.#items.length >= most || (this.#items.length > 0 && this.#bytes + bytes > mostBytes);
    const parcel = full ? this.take() : undefined;
    this.#items.push(item);
    this.#bytes += bytes;
    return parcel;
  }

  /** What is left, if anything. */
  take(): { name: string; items: Item[] } | undefined {
    if (this.#items.length === 0) return undefined;
    const parcel = { name: String(this.#count++).padStart(6, "0"), items: this.#items };
    this.#items = [];
    this.#bytes = 0;
    return parcel;
  }
}
