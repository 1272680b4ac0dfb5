import type { OutgoingRecord } from "../records/contracts";
import { typeName } from "../runtime/checked-json";

/**
 * Offset in the input at which a record begins.
 *
 * @throws what user code throws that was put over its place, or TypeError if the place has no offset
 */
export function byteOf({ place }: OutgoingRecord): number {
  if (Number.isSafeInteger(place.byte)) return place.byte;
  throw new TypeError(`place.byte of a record must be an integer, got ${typeName(place.byte)}`);
}

/**
 * The stretch of an input that an output is writing: the records that begin within a fixed number of bytes. Each stretch
 * has its own objects, and all or none of them are written by one invocation.
 */
export class InputStretch {
  readonly #bytes: number;
  #number = 0;
  /** Whether it contains a record that begins before it. */
  #hasEarlier = false;

  /** @param bytes bytes of the input per stretch */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get number(): number {
    return this.#number;
  }

  /** Whether a record that begins there is in a later stretch. Never in an earlier one: a late record belongs to this. */
  endsBefore(byte: number): boolean {
    return this.#of(byte) !== this.#number;
  }

  /** Notes that a record that begins there is written, to this stretch or as the first of a later one. */
  take(byte: number): void {
    if (this.endsBefore(byte)) {
      this.#number = this.#of(byte);
      this.#hasEarlier = false;
    }
    this.#hasEarlier ||= byte < this.#startOf(this.#number);
  }

  /**
   * Where another invocation continues: at the start of the stretch that is not read to its end. Undefined while that
   * contains a record that begins before it, which would not be read again.
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
