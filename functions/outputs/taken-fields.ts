import type { FieldValue } from "../records/contracts";
import type { FieldTaker } from "../records/field-taker";

/**
 * The fields of a record as they are handed over: those of some names are put aside, for they may be more than a field like any
 * other; the rest go on at once.
 */
export class TakenFields implements FieldTaker {
  readonly #next: FieldTaker;
  /** What was put aside of the record at hand; undefined where it has no such field. */
  readonly #aside: Map<string, FieldValue | undefined>;

  constructor(next: FieldTaker, names: readonly string[]) {
    this.#next = next;
    this.#aside = new Map(names.map((name) => [name, undefined]));
  }

  /** The next record. */
  begin(): void {
    for (const name of this.#aside.keys()) this.#aside.set(name, undefined);
  }

  text(name: string, bytes: Buffer, start: number, end: number): void {
    if (this.#aside.has(name)) this.#aside.set(name, bytes.toString("utf8", start, end));
    else this.#next.text(name, bytes, start, end);
  }

  value(name: string, value: FieldValue): void {
    if (this.#aside.has(name)) this.#aside.set(name, value);
    else this.#next.value(name, value);
  }

  /** A field that was put aside. */
  get(name: string): FieldValue | undefined {
    return this.#aside.get(name);
  }

  /** Takes a field that was put aside: it does not go on. */
  take(name: string): void {
    this.#aside.set(name, undefined);
  }

  /** Hands over what was put aside and not taken. */
  writeRest(): void {
    for (const [name, value] of this.#aside) if (value !== undefined) this.#next.value(name, value);
  }
}
