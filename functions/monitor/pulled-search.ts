import type { MayMatch } from "../../monitor";
import type { Needed } from "../../rules";
import type { RecordPlace } from "../consume/record";
import type { SearchOptions } from "../parser/search/literal-search";
import { BatchSearch, type Found } from "./batch-search";

/** Bytes between two records up to which they are searched in one go: those of keys, heads and lengths. */
const GAP_BYTES = 256;

/** A record that is pulled, as far as its bytes go. */
export interface Placed {
  readonly place: RecordPlace | undefined;
}

/**
 * Looks in the bytes of what is pulled, before anything is made of them: messages of Kafka as they stand in an answer of the
 * broker, and logs as they stand in the protobuf of a package. Records that follow each other there are searched together, so that
 * a batch which holds nothing is passed over whole.
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

  /** Which of some records may match; undefined where all of them must be read. */
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

  /** Searches the records that stand together from one on; returns the first that does not. */
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

/** The first record that does not stand close behind the one before it. */
function endOfRun(places: readonly RecordPlace[], from: number): number {
  const { level, memory } = places[from];
  for (let to = from + 1; to < places.length; to++) {
    const gap = places[to].start - places[to - 1].end;
    if (places[to].memory !== memory || places[to].level !== level || gap < 0 || gap > GAP_BYTES) return to;
  }
  return places.length;
}
