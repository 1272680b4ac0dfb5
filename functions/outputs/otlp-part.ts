import type { OutgoingRecord } from "../records/contracts";
import { loadBeside } from "../runtime/loader";
import type { OtlpOutputSettings } from "../settings";
import type { PostAnswer } from "./body-post";

/** What a success says of the records. */
export interface PartialSuccess {
  /** Records that were not taken, and must not be sent again as they are. */
  readonly rejected: number;
  /** The service's words; empty where it has none. */
  readonly words: string;
}

/** Log records of one output. */
export interface OtlpLogs<Item = unknown> {
  readonly contentType: string;
  /**
   * Writes a record, into memory that it shares with those before and behind it; see `BatchedOutput.make`.
   *
   * @throws where the record has no fields
   */
  make(record: OutgoingRecord, id: string, given: OutgoingRecord): { readonly item: Item; readonly bytes: number };
  /** A request, in one piece of memory. */
  request(items: readonly Item[]): Buffer;
  /** Reads a success; undefined where it is none of OTLP. */
  readSuccess(answer: PostAnswer): PartialSuccess | undefined;
  /** The words of a refusal, where it has some. */
  readStatus(answer: PostAnswer): string | undefined;
  /** Whether OTLP has a request sent again that was answered this status. */
  isRetryable(statusCode: number): boolean;
}

/** The contract of `out-otlp.js`, the prebuilt part that writes and reads OTLP. It is structural. */
export interface OtlpPart {
  /** @param now when records are seen, in milliseconds since the epoch */
  openOtlp(settings: OtlpOutputSettings, now: number): OtlpLogs;
}

/** Loads the part; throws `PartError`. @param folder where it stands, beside the handler */
export function loadOtlpPart(folder?: string): OtlpPart {
  return loadBeside("out-otlp.js", folder) as OtlpPart;
}
