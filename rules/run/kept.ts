/** A value created from a text, and its memory size, in any unit that the cache uses. */
interface Made<T> {
  readonly made: T;
  readonly size: number;
  /** Releases what is cached for it elsewhere. It can be used again afterwards. */
  forget(): void;
}

/**
 * Caches values created from texts, which can come from events. If the total exceeds a limit, the oldest are removed
 * first. The newest is always kept.
 */
export class Kept<T> {
  readonly #most: number;
  readonly #made = new Map<string, Made<T>>();
  #size = 0;

  /** @param most limit of the total size */
  constructor(most: number) {
    this.#most = most;
  }

  /** The value of a text; created if it is new. */
  get(text: string, make: () => Made<T>): T {
    const known = this.#made.get(text);
    if (known !== undefined) return known.made;
    const fresh = make();
    this.#size += fresh.size;
    for (const [first, { size, forget }] of this.#made) {
      if (this.#size <= this.#most) break;
      this.#made.delete(first);
      this.#size -= size;
      forget();
    }
    this.#made.set(text, fresh);
    return fresh.made;
  }
}
