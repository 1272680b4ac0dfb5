/** Something made of a text, and what it takes of memory, in any unit that its keeper counts in. */
interface Made<T> {
  readonly made: T;
  readonly size: number;
  /** Gives back what is kept for it elsewhere. It may be used again after that. */
  forget(): void;
}

/**
 * Keeps what was made of texts, for texts that may come from events: where it is more than a size in all, what was made
 * first goes first. What was made last is always kept.
 */
export class Kept<T> {
  readonly #most: number;
  readonly #made = new Map<string, Made<T>>();
  #size = 0;

  /** @param most what all may take together */
  constructor(most: number) {
    this.#most = most;
  }

  /** What was made of a text; made where it is new. */
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
