import type { OutgoingRecord, Output } from "../records/contracts";
import type { QuarantineSettings } from "../settings";
import type { CosClient } from "../tencent/cos-client";
import type { RetryPolicy } from "../tencent/retry";
import type { Connections } from "./connections";
import type { KeptAs, KeptParcel } from "./parcel";

/** What an output reads from, for the length of one object or event. */
export interface InputIdentity {
  /** As places name it: `cos://bucket/key`, `cls://topic/event-hash`. */
  readonly name: string;
  /** The same for each delivery of the same input: keys and ids are made of it. Its names are separated by `/`. */
  readonly path: string;
}

/** What all outputs of an invocation share. */
export interface InvocationContext {
  readonly cos: CosClient;
  readonly connections: Connections;
  readonly quarantine: QuarantineSettings;
  readonly retry: RetryPolicy;
  /** Aborts deliveries, and what outputs leave to quarantine. */
  readonly signal: AbortSignal;
  /** Aborts the notes of inputs as well. */
  readonly notesSignal: AbortSignal;
  /** When the signal aborts because the time is up, in milliseconds since the epoch; Infinity where nothing limits it. */
  readonly endsAt: number;
  /** SCF's id of the invocation. */
  readonly requestId: string;
  /** When the invocation began, in milliseconds since the epoch: the time of what has none of its own. */
  readonly now: number;
}

/** What one output is made of beside its settings. */
export interface OutputContext extends InvocationContext {
  /** Name of the output. */
  readonly output: string;
  readonly onFailure: "quarantine" | "fail";
  /**
   * Whether a batch is delivered again that lies in quarantine. Of one that is taken but for records that are refused one by
   * one, these are left to quarantine by themselves: the batch as a whole would say nothing of them. @default false
   */
  readonly isRedelivery?: boolean;
  readonly input: InputIdentity;
  /** Whether there are others, which must have time as well. */
  readonly hasOthers: boolean;
  /** Keys of what was left to quarantine of this input, in the order in which they may be removed again. */
  readonly left: string[];
  /**
   * Tells two streams of records apart that go to the same output, and whose order to each other may differ from one
   * delivery to the next. Empty for the first of them.
   */
  readonly stream: string;
  /** Where it goes on. @default the input is read from its start */
  readonly resumed?: Resumed;
  /**
   * Takes a record of which the output cannot make what it sends. Such a record fails alone; the batch that it came in goes
   * on without it.
   *
   * @param id its `log_id`, where it was kept with one
   */
  fail(record: OutgoingRecord, error: unknown, id?: string): void;
}

/**
 * What an output makes of one record; undefined where it cannot, which is that record's failure and no other's.
 *
 * @param id its `log_id`, where it was kept with one
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

/** Where an output goes on in an input of which another invocation has read the first part. */
export interface Resumed {
  /** Offset in the input: records that begin before it are stored. */
  readonly byte: number;
  /** Parcels of the input that have their names already. */
  readonly parcels: number;
}

/** An output for one input. */
export interface InputOutput extends Output {
  /** What it leaves to quarantine, and takes back. */
  readonly keptAs: KeptAs;
  /**
   * Forgets what is not stored, where the input failed and the signal is aborted; resolves when nothing is under way.
   * Nothing may be written after.
   */
  discard(): Promise<void>;
  /** Looks at records that were stored by another invocation: those it cannot take fail once more, for `invalid` may want them. */
  check?(batch: readonly OutgoingRecord[]): Promise<void> | void;
  /**
   * Where another invocation would have to go on if this one stopped now; undefined where no other can, or not now.
   *
   * @param next offset in the input of the first record that was not written to it
   */
  resumesAt?(next: number): number | undefined;
  /** Stores what is before what {@link resumesAt} says for the same offset, and forgets the rest. Nothing may be written after. */
  pause?(next: number): Promise<Pick<Resumed, "parcels">>;
  /** Delivers once more what it left to quarantine, as it would have then; resolves when it has arrived. */
  redeliver(parcel: KeptParcel): Promise<void>;
}
