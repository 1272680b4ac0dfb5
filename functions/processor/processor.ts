import type { Batch } from "../records";
import type { ProcessorSettings, RecordCheck } from "../settings";
import { countProcessor } from "./count";

/** What a handler does with the records that it reads. */
export interface Processor {
  /** How a line must be checked for this processor. */
  readonly check: RecordCheck;
  /** Takes a batch; resolves, when it is ready for the next one, to how many of its records it sent nowhere. */
  write(batch: Batch): Promise<number>;
}

/** The processor that the settings ask for. */
export function createProcessor(settings: ProcessorSettings): Processor {
  return countProcessor(settings);
}
