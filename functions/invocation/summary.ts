import { emptyCounts, type ParseCounts } from "../parser/counts";
import type { RouterCounts } from "../processors/router-counts";
import type { OutputReport } from "../records/contracts";

/** What an invocation did; logged as one JSON line and returned by the handler. */
export interface Summary extends ParseCounts {
  /** Objects read to their end. */
  objects: number;
  /** Objects that lie below none of the source's prefixes, and were left alone, where there are any. */
  elsewhere?: number;
  /** Bytes read from the source, as it stores them (compressed, where it compresses). */
  bytes: number;
  /** Bytes that follow gzip in objects and are only padding, such as line ends, where there are any. */
  paddingBytes?: number;
  /** Records that the processor sent nowhere. */
  dropped: number;
  /** Records that `sample` left out, where there are any; they count in `records` as well. */
  sampled?: number;
  /** What `redact` has masked in what went to outputs, by kind, where there is anything. */
  redacted?: Record<string, number>;
  /**
   * Records on which the processor failed, where there are any; they count in `records` as well. They are in the output
   * `invalid`; where there is none, in the default one as they were read, or dropped where rules failed on them.
   */
  failed?: number;
  /** Objects that were left to a quarantine note. */
  quarantined: number;
  /** Objects that the next catch-up goes on with, where there are any: what was read of them counts here. */
  unfinished?: number;
  /** What each output wrote, by its name. */
  outputs: Record<string, OutputReport>;
  /** What each monitor that a stream carries found, by its name, where there are some. */
  monitors?: Record<string, { readonly matches: number; readonly groups: number; readonly failed?: object }>;
  /** Requests to the source that were sent again. */
  retries: number;
  /** Wall time in milliseconds. */
  ms: number;
  /**
   * Milliseconds from when an object was stored, or the last log of an event was written, until all of it was at the outputs: of
   * several objects the longest. Left out where nothing was delivered, or nothing tells the time: a replay names none.
   */
  delayMs?: number;
}

/** A summary of nothing: where counting starts. */
export function emptySummary(): Summary {
  return { objects: 0, bytes: 0, ...emptyCounts(), dropped: 0, quarantined: 0, outputs: {}, retries: 0, ms: 0 };
}

/** Adds what became of records: what is 0 is left out. */
export function addRouted(summary: Summary, { dropped, failed, sampled, redacted }: RouterCounts): void {
  summary.dropped += dropped;
  if (failed > 0) summary.failed = (summary.failed ?? 0) + failed;
  if (sampled > 0) summary.sampled = (summary.sampled ?? 0) + sampled;
  for (const [kind, times] of Object.entries(redacted).filter(([, times]) => times > 0)) {
    summary.redacted ??= {};
    summary.redacted[kind] = (summary.redacted[kind] ?? 0) + times;
  }
}

/** The year 2000: an earlier time is that of a clock that was never set, or in another unit. */
const LEAST_TIME = 946_684_800_000;

/** Notes that an input was delivered now. @param time when it was stored or written, in epoch milliseconds, where that is known */
export function addDelay(summary: Summary, time: number | undefined): void {
  if (time === undefined || time < LEAST_TIME) return;
  // Clocks differ: what is ahead of this one had no delay.
  summary.delayMs = Math.max(summary.delayMs ?? 0, Date.now() - time);
}
