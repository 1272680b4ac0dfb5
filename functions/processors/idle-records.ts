import type { Literal } from "../../rules";
import { LiteralSearch } from "../parser/search/literal-search";
import type { BufferRecord } from "../records/buffer-record";
import type { Batch } from "../records/contracts";

/** Batches that are not searched behind one in which the search was in vain for most records. */
const BATCHES_UNSEARCHED = 15;

/** What a record tells of where its bytes stand; its class stands in another file of the zip. */
type Proven = Pick<BufferRecord, "provenIn" | "start" | "end">;

/**
 * Tells which records rules leave alone, by one search in the bytes of all of a batch. Those whose bytes do not stand there
 * as they were read are left to the rules.
 */
export class IdleRecords {
  readonly #search: LiteralSearch;
  #unsearched = 0;

  /** @param literals of which the rules need one to do anything */
  constructor(literals: readonly Literal[]) {
    this.#search = new LiteralSearch(literals);
  }

  /** Ones for the records of a batch that are left alone, by their places in it; undefined where it is not searched. */
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

  /** Searches the records from the first to before the last, which follow each other in one buffer. */
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
      // What stands between two records is no record, and tells of none.
      from = batch[at].start > place ? batch[at].start : batch[at++].end;
    }
    idle.fill(1, at, last);
  }
}

/** How far records follow each other in one buffer, from one on; none where that one does not tell. */
function endOfRun(batch: readonly Proven[], at: number): number {
  const buffer = batch[at].provenIn;
  if (buffer === undefined) return at;
  let end = at + 1;
  while (end < batch.length && batch[end].provenIn === buffer && batch[end].start >= batch[end - 1].end) end++;
  return end;
}
