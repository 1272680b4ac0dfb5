import type { FieldValue } from "../../records/contracts";
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

  /** Whether its value is a string without escapes, so that the bytes between its quotes are its text. */
  isPlainText(member: number): boolean {
    return this.#scan.isPlainText(this.#first + member);
  }

  /** Whether its value is a string. */
  isText(member: number): boolean {
    return this.#scan.isText(this.#first + member);
  }

  /** The scanner's memory, for offsets from {@link textStart} on: a copy of the record stands there. */
  get memory(): Buffer {
    return this.#scan.memory;
  }

  /** Where in that memory what is between the quotes of a string begins. */
  textStart(member: number): number {
    return this.#scan.address + this.#scan.valueStart(this.#first + member) + 1;
  }

  textEnd(member: number): number {
    return this.#scan.address + this.#scan.valueEnd(this.#first + member) - 1;
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
