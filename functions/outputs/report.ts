import type { OutputReport } from "../records/contracts";

/** Counts that a report only contains if they are not 0. */
const OPTIONAL = ["retries", "quarantined", "cut", "rest"] as const;

/** The sum of the reports of outputs with one name. */
export function addReports(a: OutputReport, b: OutputReport): OutputReport {
  const sums = OPTIONAL.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)] as const);
  return {
    records: a.records + b.records,
    bytes: a.bytes + b.bytes,
    ...Object.fromEntries(sums.filter(([, sum]) => sum > 0)),
  };
}

/** Adds reports to those of the same name. */
export function addAllReports(
  sums: Readonly<Record<string, OutputReport>>,
  reports: Readonly<Record<string, OutputReport>>,
): Record<string, OutputReport> {
  const result = { ...sums };
  for (const [name, report] of Object.entries(reports)) {
    result[name] = Object.hasOwn(result, name) ? addReports(result[name], report) : report;
  }
  return result;
}
