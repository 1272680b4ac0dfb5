import type { FieldValue } from "../../records/contracts";
import type { FieldTaker } from "../../records/field-taker";
import type { Scan } from "./scan";
import type { Shape } from "./shape";

/**
 * Where the members of a record stand in its `raw`, which holds one JSON object, spaces around it aside. Members are counted
 * from 0, in their order; no name stands there twice. Good as long as `isLive`: until the parser has gone some way on, so use
 * it at once.
 *
 * To write a record with other values, copy `raw` and leave out or replace what stands between these offsets. Between a
 * member's value and the next member's key there is one comma; spaces may stand around each of them, and around the colon.
 */
export class Members {
  readonly #shape: Shape;
  readonly #scan: Scan;
  readonly #first: number;
  /** Where `raw` starts in the scan. */
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

  /** The member of that name; undefined where there is none. */
  indexOf(name: string): number | undefined {
    return this.#shape.indexOf(name);
  }

  /** What stands between two offsets of `raw`, each byte a character. */
  text(start: number, end: number): string {
    return this.#scan.latin1(this.#start + start, this.#start + end);
  }

  value(member: number): FieldValue {
    return this.#scan.value(this.#first + member);
  }

  /**
   * Hands over all of them as fields, but for those that are changed, which are handed over with their new values.
   *
   * @returns false where they are not there any more, or are no fields in this order
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
   * Writes where all of them stand, five numbers each: start and end of the key, start and end of the value, and 1 where that is a
   * string with escapes.
   *
   * @param rawStart where `raw` starts in what the offsets are to count from
   * @param to has room for all
   */
  places(rawStart: number, to: Int32Array): void {
    this.#scan.places(this.#first, this.count, rawStart - this.#start, to);
  }

  /** Offset of the quote that opens its key. */
  keyStart(member: number): number {
    return this.#scan.keyStart(this.#first + member) - this.#start;
  }

  /** Offset behind the quote that closes its key. */
  keyEnd(member: number): number {
    return this.#scan.keyEnd(this.#first + member) - this.#start;
  }

  /** Offset of the first byte of its value. */
  valueStart(member: number): number {
    return this.#scan.valueStart(this.#first + member) - this.#start;
  }

  /** Offset behind the last byte of its value. */
  valueEnd(member: number): number {
    return this.#scan.valueEnd(this.#first + member) - this.#start;
  }
}
