import type { MayMatch } from "../../monitor";
import type { Literal, Needed } from "../../rules";
import { LiteralSearch, type SearchOptions } from "../parser/search/literal-search";

/**
 * Searches the bytes of a source's records, before they are parsed, for what its monitors need to match: the literals of
 * all monitors in one pass.
 */
export class BatchSearch {
  /** Whether each record must be read, because it is unknown what one of the monitors needs. */
  readonly isBlind: boolean;
  readonly #needs: readonly Needed[];
  readonly #search: LiteralSearch;
  /** Monitors that need a literal, by literal; then those for a hit that can be any literal. */
  readonly #monitors: readonly (readonly number[])[];

  /** @param needs by monitor: `BatchMatcher.needsOf` */
  constructor(needs: readonly Needed[], options: SearchOptions) {
    const literals = new Map<string, { readonly literal: Literal; readonly monitors: number[] }>();
    needs.forEach((needed = [], monitor) => {
      for (const literal of needed) {
        const key = JSON.stringify(literal);
        const known = literals.get(key);
        if (known) known.monitors.push(monitor);
        else literals.set(key, { literal, monitors: [monitor] });
      }
    });
    const found = [...literals.values()];
    this.#needs = needs;
    this.isBlind = needs.includes(undefined);
    this.#search = new LiteralSearch(
      found.map(({ literal }) => literal),
      options,
    );
    this.#monitors = [...found.map(({ monitors }) => monitors), [...needs.keys()].filter((one) => needs[one]?.length)];
  }

  /** Sets the bytes to be searched, which must not change. */
  open(bytes: Buffer): void {
    this.#search.open(bytes);
  }

  /** The first offset at or after `from` where a literal of a monitor begins that ends before `to`, or -1. */
  next(from: number, to: number): number {
    return this.#search.next(from, to);
  }

  /** An empty set of records that can match. */
  found(): Found {
    return new Found(this.#needs);
  }

  /** Notes which monitors a record can match. @param from where it begins in the bytes */
  note(found: Found, index: number, from: number, to: number): void {
    const marks = this.#search.marks(from, to);
    let isFound = false;
    for (let literal = 0; literal < marks.length; literal++) {
      if (marks[literal] === 0) continue;
      isFound = true;
      for (const monitor of this.#monitors[literal]) found.add(monitor, index);
    }
    if (isFound) found.records++;
  }
}

/** The records of a batch that can match. */
export class Found {
  /** Number of records that contain a literal of a monitor. */
  records = 0;
  readonly mayMatch: MayMatch;
  readonly #lists: readonly (number[] | undefined)[];

  constructor(needs: readonly Needed[]) {
    this.mayMatch = this.#lists = needs.map((needed) => needed && []);
  }

  /** Adds a record for a monitor. Records come in order; the last one can be repeated. */
  add(monitor: number, index: number): void {
    const list = this.#lists[monitor];
    if (list && list[list.length - 1] !== index) list.push(index);
  }
}
