import type { Summary } from "../invocation/summary";
import type { Batch, OutgoingRecord, Routed } from "../records/contracts";
import type { RecordCheck } from "../settings";

/** The result for a batch. */
export interface Processed {
  readonly routed: readonly Routed[];
  /** Records that were dropped. */
  readonly dropped: readonly OutgoingRecord[];
  /** Number of failed records; what is kept of them is among the routed ones. */
  readonly failed: number;
}

/** Turns records into routed records, for one invocation. One implementation runs the user's `ProcessorDefinition`. */
export interface Processor {
  /** How lines must be checked for this processor. */
  readonly check: RecordCheck;
  /** Whether it neither examines records nor sends them anywhere: then they are only counted, not created. */
  readonly onlyCounts?: boolean;
  /** @param signal after it aborts, nobody waits for the result, and the user's code is no longer called */
  process(batch: Batch, signal: AbortSignal): Processed | Promise<Processed>;
  /** Called after the last batch of the invocation. */
  end(summary: Readonly<Summary>): void | Promise<void>;
}
