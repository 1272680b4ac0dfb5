import type { OutputReport } from "../records/contracts";

/** The sum of what outputs of one name did. */
export function addReports(a: OutputReport, b: OutputReport): OutputReport {
  const retries = (a.retries ?? 0) + (b.retries ?? 0);
  const quarantined = (a.quarantined ?? 0) + (b.quarantined ?? 0);
  return {
    records: a.records + b.records,
    bytes: a.bytes + b.bytes,
    ...(retries > 0 && { retries }),
    ...(quarantined > 0 && { quarantined }),
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
