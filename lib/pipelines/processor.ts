import type { ProcessorSettings, RecordCheck } from "../../functions/settings";

export interface CountOptions {
  /**
   * How a line is found to be a record. `json` parses it. `shape` looks only at its first and last byte: faster, and
   * approximate, since `{"a":` followed by anything and a `}` counts as a record.
   * @default "json"
   */
  readonly check?: RecordCheck;
}

/** What a pipeline's function does with records. */
export class LogProcessor {
  /** Counts records and invalid lines, in all and for each invocation. */
  static count(options: CountOptions = {}): LogProcessor {
    return new LogProcessor({ type: "count", check: options.check ?? "json" });
  }

  private constructor(
    /** What the handler is told of it. */
    readonly settings: ProcessorSettings,
  ) {}
}
