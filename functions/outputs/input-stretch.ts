/**
 * The stretch of an input that an output is writing: the records of so many bytes, by where each begins. A stretch has objects of
 * its own, which one invocation writes, or none.
 */
export class InputStretch {
  readonly #bytes: number;
  #number = 0;
  /** Whether a record that begins before it is among it. */
  #hasEarlier = false;

  /** @param bytes of the input that are one stretch */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get number(): number {
    return this.#number;
  }

  /** Whether a record that begins there is of a later one. It is never of an earlier one: what was held back belongs to this. */
  endsBefore(byte: number): boolean {
    return this.#of(byte) !== this.#number;
  }

  /** A record that begins there is written, to this stretch or as the first of a later one. */
  take(byte: number): void {
    if (this.endsBefore(byte)) {
      this.#number = this.#of(byte);
      this.#hasEarlier = false;
    }
    this.#hasEarlier ||= byte < this.#startOf(this.#number);
  }

  /**
   * Where another invocation goes on, at the start of the stretch that is not read to its end. Nowhere while that holds a record
   * that begins before it, which would not come again.
   *
   * @param next offset of the first record that was not written
   */
  resumesAt(next: number): number | undefined {
    return this.#hasEarlier && !this.endsBefore(next) ? undefined : this.#startOf(this.#of(next));
  }

  #of(byte: number): number {
    return Math.max(this.#number, Math.floor(byte / this.#bytes));
  }

  #startOf(number: number): number {
    return number * this.#bytes;
  }
}
