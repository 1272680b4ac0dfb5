import type { OutgoingRecord, Output } from "../records/contracts";
import type { QuarantineSettings } from "../settings";
import type { CosClient } from "../tencent/cos-client";
import type { RetryPolicy } from "../tencent/retry";
import type { Connections } from "./connections";
import type { KeptAs, KeptParcel } from "./parcel";

/** The identity of one object or event that outputs write. */
export interface InputIdentity {
  /** Its name as in places: `cos://bucket/key`, `cls://topic/event-hash`. */
  readonly name: string;
  /** The same for each delivery of the same input: keys and ids derive from it. Its segments are separated by `/`. */
  readonly path: string;
}

/** What all outputs of an invocation share. */
export interface InvocationContext {
  readonly cos: CosClient;
  readonly connections: Connections;
  readonly quarantine: QuarantineSettings;
  readonly retry: RetryPolicy;
  /** Aborts deliveries, and writing to quarantine. */
  readonly signal: AbortSignal;
  /** Also aborts writing the notes of inputs. */
  readonly notesSignal: AbortSignal;
  /** When the signal aborts because time is up, in milliseconds since the epoch; Infinity without a time limit. */
  readonly endsAt: number;
  /** SCF's id of the invocation. */
  readonly requestId: string;
  /** Start of the invocation in milliseconds since the epoch: the time of records that have none. */
  readonly now: number;
}

/** What one output is created from, besides its settings. */
export interface OutputContext extends InvocationContext {
  /** Name of the output. */
  readonly output: string;
  readonly onFailure: "quarantine" | "fail";
  /**
   * Whether a batch from quarantine is redelivered. If only some of its records are refused, these go to quarantine
   * separately, because the batch as a whole would not name them. @default false
   */
  readonly isRedelivery?: boolean;
  readonly input: InputIdentity;
  /** Whether there are other outputs, which must get time as well. */
  readonly hasOthers: boolean;
  /** Keys of this input's batches in quarantine, in the order in which they can be removed again. */
  readonly left: string[];
  /**
   * Distinguishes two streams of records to the same output whose relative order can differ between deliveries. Empty for
   * the first one.
   */
  readonly stream: string;
  /** Where the output continues. @default the input is read from its start */
  readonly resumed?: Resumed;
  /**
   * Reports a record that the output cannot encode. The record fails alone; its batch continues without it.
   *
   * @param id its `log_id`, if it was kept with one
   */
  fail(record: OutgoingRecord, error: unknown, id?: string): void;
}

/**
 * Encodes one record; returns undefined after a failure, which affects only that record.
 *
 * @param id its `log_id`, if it was kept with one
 */
export function encodeOrFail<Encoded>(
  context: OutputContext,
  record: OutgoingRecord,
  encode: (record: OutgoingRecord) => Encoded,
  id?: string,
): Encoded | undefined {
  try {
    return encode(record);
  } catch (error) {
    context.fail(record, error, id);
    return undefined;
  }
}

/** Where an output continues in an input whose first part another invocation has read. */
export interface Resumed {
  /** Offset in the input: records that begin before it are stored. */
  readonly byte: number;
  /** Number of the input's parcels that already have names. */
  readonly parcels: number;
}

/** An output for one input. */
export interface InputOutput extends Output {
  /** How it writes batches to quarantine, and accepts them for redelivery. */
  readonly keptAs: KeptAs;
  /**
   * Discards what is not stored, after the input failed and the signal aborted; resolves when no work is in progress. Do
   * not write afterwards.
   */
  discard(): Promise<void>;
  /** Examines records that another invocation stored: those it cannot accept fail again, because `invalid` can need them. */
  check?(batch: readonly OutgoingRecord[]): Promise<void> | void;
  /**
   * Where another invocation would have to continue if this one stopped now; undefined if that is impossible, in general or
   * now.
   *
   * @param next offset in the input of the first record that was not written to it
   */
  resumesAt?(next: number): number | undefined;
  /** Stores everything before {@link resumesAt} of the same `next`, discards the rest. Do not write afterwards. */
  pause?(next: number): Promise<Pick<Resumed, "parcels">>;
  /** Redelivers a parcel from quarantine as it would have been delivered; resolves when it has arrived. */
  redeliver(parcel: KeptParcel): Promise<void>;
}
