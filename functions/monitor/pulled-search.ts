import type { MayMatch } from "../../monitor";
import type { Needed } from "../../rules";
import type { RecordPlace } from "../consume/record";
import type { SearchOptions } from "../parser/search/literal-search";
import { BatchSearch, type Found } from "./batch-search";

/** Maximum bytes between two records that are searched together: those of keys, heads and lengths. */
const GAP_BYTES = 256;

/** A pulled record with its position in bytes. */
export interface Placed {
  readonly place: RecordPlace | undefined;
}

/**
 * Searches pulled bytes before they are parsed: Kafka messages in a broker's answer, and logs in the protobuf of a package.
 * Consecutive records are searched together, so that a batch without hits is skipped as a whole.
 */
export class PulledSearch {
  readonly #levels: Readonly<Record<RecordPlace["level"], BatchSearch>>;

  /** @param needs by monitor: `BatchMatcher.needsOf` */
  constructor(needs: readonly Needed[], options: Pick<SearchOptions, "searcher"> = {}) {
    this.#levels = {
      lines: new BatchSearch(needs, { ...options, level: "lines" }),
      pairs: new BatchSearch(needs, { ...options, level: "pairs" }),
    };
  }

  /** The records that can match; undefined if all of them must be read. */
  mayMatch(records: readonly Placed[]): MayMatch | undefined {
    const places: RecordPlace[] = [];
    for (const { place } of records) {
      if (!place) return undefined;
      places.push(place);
    }
    const found = this.#levels.lines.found();
    for (let from = 0; from < places.length;) from = this.#find(places, from, found);
    return found.mayMatch;
  }

  /** Searches a run of adjacent records; returns the first record after it. */
  #find(places: readonly RecordPlace[], from: number, found: Found): number {
    const { level, memory, start } = places[from];
    const to = endOfRun(places, from);
    const length = places[to - 1].end - start;
    const search = this.#levels[level];
    search.open(Buffer.from(memory, start, length));
    let hit = search.next(0, length);
    for (let index = from; index < to && hit >= 0; index++) {
      const [first, end] = [places[index].start - start, places[index].end - start];
      if (hit < first) hit = search.next(first, length);
      if (hit < 0 || hit >= end) continue;
      search.note(found, index, first, end);
      hit = search.next(end, length);
    }
    return to;
  }
}

/** The first record that is not close behind the one before it. */
function endOfRun(places: readonly RecordPlace[], from: number): number {
  const { level, memory } = places[from];
  for (let to = from + 1; to < places.length; to++) {
    const gap = places[to].start - places[to - 1].end;
    if (places[to].memory !== memory || places[to].level !== level || gap < 0 || gap > GAP_BYTES) return to;
  }
  return places.length;
}
