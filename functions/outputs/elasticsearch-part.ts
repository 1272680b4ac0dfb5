import type { OutgoingRecord } from "../records/contracts";
import { loadBeside } from "../runtime/loader";
import type { ElasticsearchOutputSettings } from "../settings";
import type { RecordRefusal } from "./partly-taken";

/** The records in an answer of `_bulk`, by their indexes in the request. */
export interface BulkAnswer {
  /** Records that were not stored, and that no retry can deliver. */
  readonly refused: readonly RecordRefusal[];
  /** Records that a retry can deliver. */
  readonly waiting: readonly RecordRefusal[];
}

/** Documents of one output. */
export interface Documents<Item = unknown> {
  /** Path of `_bulk` below the address of the cluster. */
  readonly path: string;
  /**
   * Creates a document from a record; see `BatchedOutput.make`.
   *
   * @throws if the record's line is not JSON
   */
  make(record: OutgoingRecord, id: string, given: OutgoingRecord): { readonly item: Item; readonly bytes: number };
  /** A request in one buffer. */
  request(items: readonly Item[]): Buffer;
  /** Reads an answer; undefined if it is not a `_bulk` answer, or has another number of records than were sent. */
  readAnswer(text: string, sent: number): BulkAnswer | undefined;
  /** Details of a request that was refused as a whole. */
  readRefusal(text: string): { readonly code?: string; readonly words?: string };
  /** Whether a request with this status can succeed in a retry. */
  mayPass(status: number): boolean;
}

/** The contract of `out-elasticsearch.js`, the prebuilt part that writes and reads `_bulk`. It is structural. */
export interface ElasticsearchPart {
  /** @param now time of records without one, in milliseconds since the epoch */
  openElasticsearch(settings: ElasticsearchOutputSettings, now: number): Documents;
}

/** Loads the part; throws `PartError`. @param folder its folder, by default that of the handler */
export function loadElasticsearchPart(folder?: string): ElasticsearchPart {
  return loadBeside("out-elasticsearch.js", folder) as ElasticsearchPart;
}
