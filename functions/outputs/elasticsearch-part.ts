import type { OutgoingRecord } from "../records/contracts";
import { loadBeside } from "../runtime/loader";
import type { ElasticsearchOutputSettings } from "../settings";
import type { RecordRefusal } from "./partly-taken";

/** What an answer of `_bulk` says of the records of a request, by their places in it. */
export interface BulkAnswer {
  /** Records that are not there, and that no further try helps. */
  readonly refused: readonly RecordRefusal[];
  /** Records that may be taken by another try. */
  readonly waiting: readonly RecordRefusal[];
}

/** Documents of one output. */
export interface Documents<Item = unknown> {
  /** Where `_bulk` is asked, below the address of the cluster. */
  readonly path: string;
  /**
   * Makes a document of a record; see `BatchedOutput.make`.
   *
   * @throws where the record's line is no JSON
   */
  make(record: OutgoingRecord, id: string, given: OutgoingRecord): { readonly item: Item; readonly bytes: number };
  /** A request, in one piece of memory. */
  request(items: readonly Item[]): Buffer;
  /** Reads an answer; undefined where it is none of `_bulk`, or tells of another number of records than were sent. */
  readAnswer(text: string, sent: number): BulkAnswer | undefined;
  /** What a request that was refused as a whole is told. */
  readRefusal(text: string): { readonly code?: string; readonly words?: string };
  /** Whether a request that was answered this status may be taken by another try. */
  mayPass(status: number): boolean;
}

/** The contract of `out-elasticsearch.js`, the prebuilt part that writes and reads `_bulk`. It is structural. */
export interface ElasticsearchPart {
  /** @param now the time of records without one, in milliseconds since the epoch */
  openElasticsearch(settings: ElasticsearchOutputSettings, now: number): Documents;
}

/** Loads the part; throws `PartError`. @param folder where it stands, beside the handler */
export function loadElasticsearchPart(folder?: string): ElasticsearchPart {
  return loadBeside("out-elasticsearch.js", folder) as ElasticsearchPart;
}
