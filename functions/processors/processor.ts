import type { Batch, InvalidLine } from "../records/contracts";
import type { RecordCheck } from "../settings";

/** What a handler does with the records of one input. */
export interface Processor {
  /** How a line must be checked for this processor. */
  readonly check: RecordCheck;
  /** Takes a batch; resolves, when it is ready for the next one, to how many of its records it sent nowhere. */
  write(batch: Batch): Promise<number>;
  /** Takes a line that is no record, in order. */
  readonly reject: (line: InvalidLine) => void;
  /** The chunks of the input, held back where the lines that were rejected must be written first. */
  paced(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Resolves when all that was written is stored. */
  flush(): Promise<void>;
}
