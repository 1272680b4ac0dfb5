import type { RedactCounts } from "../redact/masker";

/** Counts of records on their way to outputs. */
export interface RouterCounts {
  /** Records that the processor dropped. */
  readonly dropped: number;
  /** Records on which the processor failed. */
  readonly failed: number;
  /** Records that sampling left out. */
  readonly sampled: number;
  /** Numbers of masked values, by kind. */
  readonly redacted: Readonly<RedactCounts>;
}

const NOTHING: RouterCounts = { dropped: 0, failed: 0, sampled: 0, redacted: {} };

/** The sum of two counts. */
export function sumRouted(a: RouterCounts = NOTHING, b: RouterCounts): RouterCounts {
  return combine(a, b, (one, other) => one + other);
}

/** The difference to an earlier count. */
export function routedSince(now: RouterCounts, before: RouterCounts = NOTHING): RouterCounts {
  return combine(now, before, (one, other) => one - other);
}

function combine(a: RouterCounts, b: RouterCounts, of: (one: number, other: number) => number): RouterCounts {
  const kinds = Object.keys({ ...a.redacted, ...b.redacted });
  return {
    dropped: of(a.dropped, b.dropped),
    failed: of(a.failed, b.failed),
    sampled: of(a.sampled, b.sampled),
    redacted: Object.fromEntries(kinds.map((kind) => [kind, of(a.redacted[kind] ?? 0, b.redacted[kind] ?? 0)])),
  };
}
