import type { MayMatch } from "../../monitor";
import type { Literal, Needed } from "../../rules";
import { LiteralSearch, type SearchOptions } from "../parser/search/literal-search";

/**
 * Looks in the bytes of a source's records, before anything is made of them, for what its monitors need to match: for the
 * literals of all of them at once.
 */
export class BatchSearch {
  /** Whether each record must be read, since nothing is known of what one of the monitors needs. */
  readonly isBlind: boolean;
  readonly #needs: readonly Needed[];
  readonly #search: LiteralSearch;
  /** By literal, then for what may be any of them: the monitors that need it. */
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

  /** Takes the bytes to be searched, which must not change. */
  open(bytes: Buffer): void {
    this.#search.open(bytes);
  }

  /** The first place from `from` on where something begins that a monitor needs and that ends before `to`, or -1. */
  next(from: number, to: number): number {
    return this.#search.next(from, to);
  }

  /** Which records may match, of which none is known yet. */
  found(): Found {
    return new Found(this.#needs);
  }

  /** Notes of a record which monitors may match it. @param from where it begins in the bytes */
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

/** Which records of a batch may match. */
export class Found {
  /** How many records hold something that a monitor needs. */
  records = 0;
  readonly mayMatch: MayMatch;
  readonly #lists: readonly (number[] | undefined)[];

  constructor(needs: readonly Needed[]) {
    this.mayMatch = this.#lists = needs.map((needed) => needed && []);
  }

  /** Adds a record for a monitor; they come in their order, and one may come again at once. */
  add(monitor: number, index: number): void {
    const list = this.#lists[monitor];
    if (list && list[list.length - 1] !== index) list.push(index);
  }
}
