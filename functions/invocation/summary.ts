import type { OutputReport } from "../records/contracts";

/**
 * What an invocation did; logged as one JSON line and returned by the handler.
 *
 * `lines = records + invalid + empty`, where empty lines are not counted on their own.
 */
export interface Summary {
  /** Objects read to their end. */
  objects: number;
  /** Bytes read from the source, as it stores them (compressed, where it compresses). */
  bytes: number;
  /** Lines in the decompressed input, empty ones included. */
  lines: number;
  /** Lines that hold a JSON object. */
  records: number;
  /** Non-empty lines that hold no JSON object. */
  invalid: number;
  /** Lines and records that went over a limit, where there are any. */
  oversize?: number;
  /** Numbers beyond what a double can hold, which became strings, where there are any. */
  bigNumbers?: number;
  /** Lines and records that hold bytes that are not UTF-8, where there are any; their bytes are kept. */
  invalidUtf8?: number;
  /** Records that the processor sent nowhere. */
  dropped: number;
  /**
   * Records on which the processor failed, where there are any; they count in `records` as well. They are in the output
   * `invalid`; where there is none, in the default one as they were read, or dropped where rules failed on them.
   */
  failed?: number;
  /** Objects that were left to a quarantine note. */
  quarantined: number;
  /** What each output wrote, by its name. */
  outputs: Record<string, OutputReport>;
  /** Requests to the source that were sent again. */
  retries: number;
  /** Wall time in milliseconds. */
  ms: number;
}

/** A summary of nothing: where counting starts. */
export function emptySummary(): Summary {
  return {
    objects: 0,
    bytes: 0,
    lines: 0,
    records: 0,
    invalid: 0,
    dropped: 0,
    quarantined: 0,
    outputs: {},
    retries: 0,
    ms: 0,
  };
}

/** What is counted while an input is read. */
type Counts = Pick<Summary, "lines" | "records" | "invalid" | "oversize" | "bigNumbers" | "invalidUtf8">;

/** Adds what was counted while an input was read. */
export function addCounts(summary: Summary, counts: Counts): void {
  summary.lines += counts.lines;
  summary.records += counts.records;
  summary.invalid += counts.invalid;
  for (const name of ["oversize", "bigNumbers", "invalidUtf8"] as const) {
    const count = counts[name];
    if (count !== undefined) summary[name] = (summary[name] ?? 0) + count;
  }
}
