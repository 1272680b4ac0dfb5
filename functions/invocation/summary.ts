import { emptyCounts, type ParseCounts } from "../parser/counts";
import type { RouterCounts } from "../processors/router-counts";
import type { OutputReport } from "../records/contracts";

/** Summary of an invocation. It is logged as one JSON line and returned by the handler. */
export interface Summary extends ParseCounts {
  /** Objects read to their end. */
  objects: number;
  /** Objects that are below none of the source's prefixes and were ignored; left out if there are none. */
  elsewhere?: number;
  /** Bytes read from the source, as they are stored there (after compression). */
  bytes: number;
  /** Padding bytes that follow the gzip data in objects, such as line ends; left out if there are none. */
  paddingBytes?: number;
  /** Records that the processor dropped. */
  dropped: number;
  /** Records that `sample` left out, which are also part of `records`; left out if there are none. */
  sampled?: number;
  /** Number of values that `redact` masked in what went to outputs, by kind; left out if there are none. */
  redacted?: Record<string, number>;
  /**
   * Records on which the processor failed, which are also part of `records`; left out if there are none. They are in
   * the output `invalid`. Without it, they are in the default output as they were read, or dropped if rules failed on
   * them.
   */
  failed?: number;
  /** Objects or events that failed and have a note in quarantine. */
  quarantined: number;
  /**
   * Objects that the next catch-up continues with; left out if there are none. What was read of them is part of the
   * counts.
   */
  unfinished?: number;
  /** What each output wrote, by output name. */
  outputs: Record<string, OutputReport>;
  /** What each monitor of a stream found, by monitor name; left out if there are none. */
  monitors?: Record<string, { readonly matches: number; readonly groups: number; readonly failed?: object }>;
  /** Requests to the source that were retried. */
  retries: number;
  /** Duration in milliseconds. */
  ms: number;
  /**
   * Milliseconds from the time an object was stored, or the last log of an event was written, until all of it was
   * delivered to the outputs; the maximum if there are several objects. Left out if nothing was delivered, or if the
   * time is unknown, as in a replay.
   */
  delayMs?: number;
}

/** An empty summary, to start counting from. */
export function emptySummary(): Summary {
  return { objects: 0, bytes: 0, ...emptyCounts(), dropped: 0, quarantined: 0, outputs: {}, retries: 0, ms: 0 };
}

/** Adds counts of records; zero counts are left out. */
export function addRouted(summary: Summary, { dropped, failed, sampled, redacted }: RouterCounts): void {
  summary.dropped += dropped;
  if (failed > 0) summary.failed = (summary.failed ?? 0) + failed;
  if (sampled > 0) summary.sampled = (summary.sampled ?? 0) + sampled;
  for (const [kind, times] of Object.entries(redacted).filter(([, times]) => times > 0)) {
    summary.redacted ??= {};
    summary.redacted[kind] = (summary.redacted[kind] ?? 0) + times;
  }
}

/** The year 2000. An earlier time is from a clock that was never set, or in another unit. */
const LEAST_TIME = 946_684_800_000;

/**
 * Records that an input was delivered now. @param time when it was stored or written, in epoch milliseconds, if known
 */
export function addDelay(summary: Summary, time: number | undefined): void {
  if (time === undefined || time < LEAST_TIME) return;
  // Clocks differ: a time ahead of this clock counts as no delay.
  summary.delayMs = Math.max(summary.delayMs ?? 0, Date.now() - time);
}
