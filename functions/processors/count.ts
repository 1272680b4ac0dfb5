import type { Batch } from "../records/contracts";
import type { CountProcessorSettings } from "../settings";
import type { Processed, Processor } from "./processor";

const NOTHING: Processed = { routed: [], dropped: [], failed: 0 };

/**
 * Passes records unchanged to the default output. Without one, records go nowhere by design and do not count as dropped:
 * the parser counts them.
 */
export class CountProcessor implements Processor {
  readonly check;
  readonly onlyCounts: boolean;
  readonly #output: string | undefined;

  constructor({ check }: CountProcessorSettings, defaultOutput: string | undefined) {
    this.check = check;
    this.#output = defaultOutput;
    this.onlyCounts = defaultOutput === undefined;
  }

  process(batch: Batch): Processed {
    if (this.#output === undefined) return NOTHING;
    return { routed: [{ output: this.#output, records: batch }], dropped: [], failed: 0 };
  }

  end(): void {
    // There is nothing to end.
  }
}
