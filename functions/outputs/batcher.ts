/** Limits of a parcel: it ends before the first item that would exceed one. A single item can exceed them. */
export interface ParcelLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Collects items into parcels that depend only on the items, not on how they arrive. */
export class Batcher<Item> {
  readonly #limits: ParcelLimits;
  #items: Item[] = [];
  #bytes = 0;
  #count: number;

  /** @param count number of existing parcels, whose names are skipped */
  constructor(limits: ParcelLimits, count = 0) {
    this.#limits = limits;
    this.#count = count;
  }

  /** Number of parcels. */
  get count(): number {
    return this.#count;
  }

  /** Adds an item; returns the previous parcel if the item did not fit into it. */
  add(item: Item, bytes: number): { name: string; items: Item[] } | undefined {
    const { items: most, bytes: mostBytes } = this.#limits;
    const full = this.#items.length >= most || (this.#items.length > 0 && this.#bytes + bytes > mostBytes);
    const parcel = full ? this.take() : undefined;
    this.#items.push(item);
    this.#bytes += bytes;
    return parcel;
  }

  /** The rest, if any. */
  take(): { name: string; items: Item[] } | undefined {
    if (this.#items.length === 0) return undefined;
    const parcel = { name: String(this.#count++).padStart(6, "0"), items: this.#items };
    this.#items = [];
    this.#bytes = 0;
    return parcel;
  }
}
