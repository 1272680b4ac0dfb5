import type { Summary } from "../invocation/summary";
import type { Batch, OutgoingRecord, Routed } from "../records/contracts";
import type { RecordCheck } from "../settings";

/** What became of a batch. */
export interface Processed {
  readonly routed: readonly Routed[];
  /** Records that go nowhere. */
  readonly dropped: readonly OutgoingRecord[];
  /** How many records the processor failed on; what is kept of them is routed. */
  readonly failed: number;
}

/** Turns records into routed records, for one invocation. The user's code is a `ProcessorDefinition`, which one of them runs. */
export interface Processor {
  /** How a line must be checked for this processor. */
  readonly check: RecordCheck;
  /** Whether it neither looks at records nor sends them anywhere: then they are counted, and none is made. */
  readonly onlyCounts?: boolean;
  /** @param signal once it aborts nobody waits for the result, and no code of the user's is called any more */
  process(batch: Batch, signal: AbortSignal): Processed | Promise<Processed>;
  /** After the last batch of the invocation. */
  end(summary: Readonly<Summary>): void | Promise<void>;
}
