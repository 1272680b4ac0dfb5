import type { OutgoingRecord } from "../records/contracts";
import { loadBeside } from "../runtime/loader";
import type { OtlpOutputSettings } from "../settings";
import type { PostAnswer } from "./body-post";

/** What a successful answer says about the records. */
export interface PartialSuccess {
  /** Number of records that were rejected and must not be sent again unchanged. */
  readonly rejected: number;
  /** The service's message; empty if there is none. */
  readonly words: string;
}

/** Log records of one output. */
export interface OtlpLogs<Item = unknown> {
  readonly contentType: string;
  /**
   * Encodes a record, into memory that it shares with its neighbors; see `BatchedOutput.make`.
   *
   * @throws if the record has no fields
   */
  make(record: OutgoingRecord, id: string, given: OutgoingRecord): { readonly item: Item; readonly bytes: number };
  /** A request in one buffer. */
  request(items: readonly Item[]): Buffer;
  /** Reads a successful answer; undefined if it is not OTLP. */
  readSuccess(answer: PostAnswer): PartialSuccess | undefined;
  /** The message of a refusal, if any. */
  readStatus(answer: PostAnswer): string | undefined;
  /** Whether OTLP requires a retry after this status. */
  isRetryable(statusCode: number): boolean;
}

/** The contract of `out-otlp.js`, the prebuilt part that writes and reads OTLP. It is structural. */
export interface OtlpPart {
  /** @param now when records are observed, in milliseconds since the epoch */
  openOtlp(settings: OtlpOutputSettings, now: number): OtlpLogs;
}

/** Loads the part; throws `PartError`. @param folder its folder, by default that of the handler */
export function loadOtlpPart(folder?: string): OtlpPart {
  return loadBeside("out-otlp.js", folder) as OtlpPart;
}
