import type { OutputReport } from "./records";

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
  /** Records that the processor sent nowhere. */
  dropped: number;
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
