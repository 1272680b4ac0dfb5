import type { FieldValue } from "../../records/contracts";
import type { FieldTaker } from "../../records/field-taker";
import type { Scan } from "./scan";
import type { Shape } from "./shape";

/**
 * Positions of the members of a record in its `raw`, which contains one JSON object, with or without spaces around it.
 * Members are numbered from 0, in their order; no name occurs twice. It is valid only while `isLive`, which ends soon
 * as the parser continues, so use it immediately.
 *
 * To write a record with other values, copy `raw` and leave out or replace the bytes between these offsets. Between a
 * member's value and the next member's key there is one comma. There can be spaces around each of them, and around the
 * colon.
 */
export class Members {
  readonly #shape: Shape;
  readonly #scan: Scan;
  readonly #first: number;
  /** Position of `raw` in the scan. */
  readonly #start: number;

  constructor(scan: Scan, line: number, shape: Shape) {
    this.#shape = shape;
    this.#scan = scan;
    this.#first = scan.firstMember(line);
    this.#start = scan.lineStart(line);
  }

  get isLive(): boolean {
    return this.#scan.isLive;
  }

  get names(): readonly string[] {
    return this.#shape.names;
  }

  /** Whether an object with these names has them in this order. */
  get isOrdered(): boolean {
    return this.#shape.isOrdered;
  }

  get count(): number {
    return this.names.length;
  }

  /** Number of the member with that name; undefined if there is none. */
  indexOf(name: string): number | undefined {
    return this.#shape.indexOf(name);
  }

  /** The bytes between two offsets of `raw`, one character per byte. */
  text(start: number, end: number): string {
    return this.#scan.latin1(this.#start + start, this.#start + end);
  }

  value(member: number): FieldValue {
    return this.#scan.value(this.#first + member);
  }

  /**
   * Passes all members on as fields. Changed ones are passed on with their new values.
   *
   * @returns false if they are no longer available, or cannot be fields in this order
   */
  handTo(taker: FieldTaker, changes?: ReadonlyMap<string, FieldValue | undefined>): boolean {
    if (!this.isLive || !this.isOrdered) return false;
    const { names } = this;
    let from = 0;
    if (changes !== undefined) {
      for (const [member, name] of names.entries()) {
        if (!changes.has(name)) continue;
        this.#scan.hand(this.#first, names, from, member, taker);
        const value = changes.get(name);
        if (value !== undefined) taker.value(name, value);
        from = member + 1;
      }
    }
    this.#scan.hand(this.#first, names, from, names.length, taker);
    return true;
  }

  /**
   * Writes the positions of all members, five numbers each: start and end of the key, start and end of the value, and 1
   * if the value is a string with escapes.
   *
   * @param rawStart position of `raw` relative to which the offsets are written
   * @param to array with room for all of them
   */
  places(rawStart: number, to: Int32Array): void {
    this.#scan.places(this.#first, this.count, rawStart - this.#start, to);
  }

  /** Offset of the opening quote of the key. */
  keyStart(member: number): number {
    return this.#scan.keyStart(this.#first + member) - this.#start;
  }

  /** Offset after the closing quote of the key. */
  keyEnd(member: number): number {
    return this.#scan.keyEnd(this.#first + member) - this.#start;
  }

  /** Offset of the first byte of the value. */
  valueStart(member: number): number {
    return this.#scan.valueStart(this.#first + member) - this.#start;
  }

  /** Offset after the last byte of the value. */
  valueEnd(member: number): number {
    return this.#scan.valueEnd(this.#first + member) - this.#start;
  }
}
