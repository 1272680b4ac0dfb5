import type { Batch } from "../records/contracts";
import type { CountProcessorSettings } from "../settings";
import type { Transformed, Transformer } from "./transformer";

const NOTHING: Transformed = { routed: [], dropped: [], failed: 0 };

/**
 * Lets records pass as they are to the default output. Without one it sends them nowhere on purpose, so that none of
 * them is dropped: the parser counts them.
 */
export class CountTransformer implements Transformer {
  readonly check;
  readonly #output: string | undefined;

  constructor({ check }: CountProcessorSettings, defaultOutput: string | undefined) {
    this.check = check;
    this.#output = defaultOutput;
  }

  transform(batch: Batch): Transformed {
    if (this.#output === undefined) return NOTHING;
    return { routed: [{ output: this.#output, records: batch }], dropped: [], failed: 0 };
  }

  end(): void {
    // There is nothing to settle.
  }
}
