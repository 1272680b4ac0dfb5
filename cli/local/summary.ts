import { type Invocation } from "../../local";

const NUMBERS = ["objects", "bytes", "lines", "records", "invalid", "dropped", "quarantined", "retries", "ms"] as const;

/** Numbers that are only present if they are not 0. */
const RARE_NUMBERS = [
  "oversize",
  "bigNumbers",
  "invalidUtf8",
  "sampled",
  "failed",
  "paddingBytes",
  "elsewhere",
] as const;

/** Return value of functions, according to the design; the local cloud knows no more of them. */
export type Summary = Record<(typeof NUMBERS)[number], number> & {
  outputs: Record<string, { records: number; bytes: number }>;
} & Partial<Record<(typeof RARE_NUMBERS)[number], number>> & {
    /** The encoding that non-UTF-8 lines appear to have. */
    looksLike?: string;
    /** Number of masked values by kind. */
    redacted?: Record<string, number>;
  };

/** The summary that an invocation returned; all zeros if it returned something else. */
export function summaryOf(invocation: Invocation): Summary {
  return sumSummaries([asObject(invocation.result)]);
}

/** The sum of the summaries of all invocations. */
export function totalOf(invocations: readonly Invocation[]): Summary {
  return sumSummaries(invocations.map(summaryOf));
}

function sumSummaries(summaries: readonly Readonly<Record<string, unknown>>[]): Summary {
  const sum = (name: string): number => summaries.reduce((total, summary) => total + numberOf(summary[name]), 0);
  const { objects, bytes, lines, records, invalid, dropped, quarantined, retries, ms } = Object.fromEntries(
    NUMBERS.map((name) => [name, sum(name)]),
  ) as Record<(typeof NUMBERS)[number], number>;
  const outputs = sumOutputs(summaries.map((summary) => asObject(summary.outputs)));
  const rare = RARE_NUMBERS.map((name) => [name, sum(name)] as const).filter(([, number]) => number > 0);
  const looksLike = summaries.map((summary) => summary.looksLike).find((label) => typeof label === "string");
  const redacted = new Map<string, number>();
  for (const [kind, times] of summaries.flatMap((summary) => Object.entries(asObject(summary.redacted)))) {
    redacted.set(kind, (redacted.get(kind) ?? 0) + numberOf(times));
  }
  return {
    objects,
    bytes,
    lines,
    records,
    invalid,
    ...Object.fromEntries(rare),
    ...(looksLike !== undefined && { looksLike }),
    ...(redacted.size > 0 && { redacted: Object.fromEntries(redacted) }),
    dropped,
    quarantined,
    outputs,
    retries,
    ms,
  };
}

function sumOutputs(reports: readonly Record<string, unknown>[]): Summary["outputs"] {
  const total: Summary["outputs"] = {};
  for (const [name, value] of reports.flatMap((report) => Object.entries(report))) {
    const report = asObject(value);
    const before = total[name] ?? { records: 0, bytes: 0 };
    total[name] = {
      records: before.records + numberOf(report.records),
      bytes: before.bytes + numberOf(report.bytes),
    };
  }
  return total;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
