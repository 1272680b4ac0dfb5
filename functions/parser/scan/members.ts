import type { Scan } from "./scan";

/**
 * Where the members of a record stand in its `raw`, which holds one JSON object, spaces around it aside. Members are counted
 * from 0, in their order; no name stands there twice. Good as long as `isLive`: until the parser has gone some way on, so use
 * it at once.
 *
 * To write a record with other values, copy `raw` and leave out or replace what stands between these offsets. Between a
 * member's value and the next member's key there is one comma; spaces may stand around each of them, and around the colon.
 */
export class Members {
  readonly names: readonly string[];
  readonly #scan: Scan;
  readonly #first: number;
  /** Where `raw` starts in the scan. */
  readonly #start: number;

  constructor(scan: Scan, line: number, names: readonly string[]) {
    this.names = names;
    this.#scan = scan;
    this.#first = scan.firstMember(line);
    this.#start = scan.lineStart(line);
  }

  get isLive(): boolean {
    return this.#scan.isLive;
  }

  get count(): number {
    return this.names.length;
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
