import type { Literal } from "../../rules";
import { LiteralSearch } from "../parser/search/literal-search";
import type { BufferRecord } from "../records/buffer-record";
import type { Batch } from "../records/contracts";

/** Number of batches that are not searched after a batch in which the search was in vain for most records. */
const BATCHES_UNSEARCHED = 15;

/** Where a record's bytes are; a structural type, because its class is in another file of the zip. */
type Proven = Pick<BufferRecord, "provenIn" | "start" | "end">;

/**
 * Finds the idle records of a batch with one search in the bytes of all its records. Records whose original bytes are not
 * available are left to the rules.
 */
export class IdleRecords {
  readonly #search: LiteralSearch;
  #unsearched = 0;

  /** @param literals of which a record needs at least one for the rules to do anything */
  constructor(literals: readonly Literal[]) {
    this.#search = new LiteralSearch(literals);
  }

  /** Returns an array with 1 for each idle record of a batch, by index; undefined if the batch is not searched. */
  of(batch: Batch): Uint8Array | undefined {
    if (this.#unsearched > 0) {
      this.#unsearched--;
      return undefined;
    }
    const records = batch as readonly object[] as readonly Proven[];
    const idle = new Uint8Array(batch.length);
    for (let at = 0; at < batch.length;) {
      const end = endOfRun(records, at);
      if (end > at) this.#searchRun(records, at, end, idle);
      at = Math.max(end, at + 1);
    }
    const count = idle.reduce((sum, one) => sum + one, 0);
    if (count * 2 < batch.length) this.#unsearched = BATCHES_UNSEARCHED;
    return idle;
  }

  /** Searches the records from `first` to `last` - 1, which are consecutive in one buffer. */
  #searchRun(batch: readonly Proven[], first: number, last: number, idle: Uint8Array): void {
    const search = this.#search;
    const end = batch[last - 1].end;
    let from = batch[first].start;
    search.open(batch[first].provenIn as Buffer, from, end);
    let at = first;
    while (at < last) {
      const place = search.next(from, end);
      if (place < 0) break;
      while (batch[at].end <= place) idle[at++] = 1;
      // A hit between two records belongs to neither.
      from = batch[at].start > place ? batch[at].start : batch[at++].end;
    }
    idle.fill(1, at, last);
  }
}

/** End of the run of records that are consecutive in one buffer; none if the bytes of the first one are not available. */
function endOfRun(batch: readonly Proven[], at: number): number {
  const buffer = batch[at].provenIn;
  if (buffer === undefined) return at;
  let end = at + 1;
  while (end < batch.length && batch[end].provenIn === buffer && batch[end].start >= batch[end - 1].end) end++;
  return end;
}
