import { readFileSync } from "node:fs";
import { durationText, type MonitorFile, TIME_FIELD } from "../../monitor";
import type { Console } from "../../terminal/console";
import { readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { CaseReport } from "../case-report";
import { casesBeside } from "../cases-beside";
import { type ExpectedAlert, holdsCases, type MonitorCase, readCases } from "./cases";
import { fileOf } from "./check";
import { loadDefinition, renderFileProblem } from "./definition-file";
import { alertLine, positionOf, recordOf, Simulation, type ToldAlert } from "./simulation";

const TEST_USAGE = `Usage: tencent-logs monitor test FILE [FLAGS]

Runs the test cases of a monitor definition. They are in the file itself, under the key cases, or in a YAML file next to
it: monitors.test.yaml for monitors.yaml. Nothing is sent, and the cases control the time.

  cases:
    - name: an outage is reported, then counted, then over
      in:
        - { at: 0s, source: guangzhou, record: { service: orders, status: 503 } }
        - { at: 4m, source: singapore, record: { service: orders, status: 503 }, times: 20 }
      alerts:                        # all alerts, in order; [] for none
        - { at: 0s, kind: first, group: { service: orders }, count: 1, to: [oncall] }
        - { at: 10m, kind: more, count: 20 }
        - { at: 14m, kind: recovered }

Keys of in: at (time since the start of the case), source, record or records (fields, or the text of a line), times, and
age (how old the records are). Keys of an alert: kind (first, more, recovered, missing, returned), at, monitor, group,
others, count, source, marks (late), to; a key that is left out matches anything. Keys of a case: start, a time for quiet
hours and mutes (2026-01-05T10:00:00Z), and until, its duration (default: until all windows are over). Alerts of a sweep
are sent at the next full minute.

  --cases PATH    file of the cases
  --json          writes one JSON object per case: name, ok, and difference (the lines that differ)

Exits with 1 if a case fails.

Examples:
  tencent-logs monitor test monitors.yaml
  tencent-logs monitor test monitors.yaml --cases more.yaml --json
`;

const FLAGS = { cases: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** `tencent-logs monitor test`. Returns the exit status. */
export async function test(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) {
    console.stdout.write(TEST_USAGE);
    return 0;
  }
  const path = fileOf(positionals);
  const file = loadDefinition(path);
  const from = values.cases ?? casesOf(path);
  const text = readText(from);
  const { cases, problems } = readCases(text, file);
  if (problems.length > 0) {
    for (const problem of problems) console.stderr.write(`${renderFileProblem(from, text, problem)}\n`);
    console.stderr.write(`${problems.length} ${problems.length === 1 ? "error" : "errors"}; see --help\n`);
    return 2;
  }
  const report = new CaseReport(console, values.json);
  for (const one of cases) report.add(one.name, await differenceOf(file, one));
  return report.end();
}

/** File with the cases of a definition: a separate one, or the definition itself. */
function casesOf(path: string): string {
  const { expected, found } = casesBeside(path);
  if (found !== undefined) return found;
  if (holdsCases(readText(path))) return path;
  throw new UsageError(
    `cases must be in ${path} or next to it, got nothing at ${expected}; write them or pass --cases; see --help`,
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw new UsageError(`--cases must be a file, got ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Differences between actual and expected alerts; empty if the case passes. */
export async function differenceOf(file: MonitorFile, one: MonitorCase): Promise<string[]> {
  const simulation = new Simulation(file, one.start);
  await simulation.ready();
  for (const [index, { at, source, records, age }] of one.in.entries()) {
    const arrivedAt = one.start + at;
    const own = age > 0 ? { [TIME_FIELD]: arrivedAt - age } : {};
    const views = records.map((record) => recordOf(typeof record === "string" ? record : { ...own, ...record }));
    const matches = simulation.match(source, arrivedAt, views, positionOf(index, records));
    if (views.length > 0) await simulation.seen(source, arrivedAt);
    await simulation.take(matches);
  }
  await simulation.passTo(one.start + one.until);
  const lines = difference(one, simulation.told);
  for (const [monitor, count] of simulation.failed) lines.push(`! the rules of ${monitor} failed on ${count} records`);
  return lines;
}

/** Both lists as lines, with `-` for missing and `+` for unexpected alerts; empty if they are the same. */
function difference({ start, alerts }: MonitorCase, told: readonly ToldAlert[]): string[] {
  // The longest common sequence of both.
  const paired = Array.from({ length: alerts.length + 1 }, () => new Array<number>(told.length + 1).fill(0));
  for (let i = alerts.length - 1; i >= 0; i--) {
    for (let j = told.length - 1; j >= 0; j--) {
      const both = fits(alerts[i], told[j], start) ? paired[i + 1][j + 1] + 1 : 0;
      paired[i][j] = Math.max(both, paired[i + 1][j], paired[i][j + 1]);
    }
  }
  if (paired[0][0] === alerts.length && alerts.length === told.length) return [];
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < alerts.length || j < told.length) {
    const isPair = i < alerts.length && j < told.length && fits(alerts[i], told[j], start);
    if (isPair && paired[i][j] === paired[i + 1][j + 1] + 1) {
      lines.push(`  ${toldLine(told[j++], start)}`);
      i++;
    } else if (j === told.length || (i < alerts.length && paired[i + 1][j] >= paired[i][j + 1])) {
      lines.push(`- ${expectedLine(alerts[i++])}`);
    } else lines.push(`+ ${toldLine(told[j++], start)}`);
  }
  return lines;
}

function fits(expected: ExpectedAlert, { at, alert, to }: ToldAlert, start: number): boolean {
  const group = Object.fromEntries(alert.group);
  const isAt = expected.at === undefined || Math.floor((at - start) / 1000) === Math.floor(expected.at / 1000);
  return (
    isAt &&
    expected.kind === alert.kind &&
    (expected.monitor ?? alert.monitor) === alert.monitor &&
    Object.entries(expected.group ?? {}).every(([name, value]) => group[name] === value) &&
    (expected.isOthers ?? alert.isOthers) === alert.isOthers &&
    (expected.count ?? alert.count) === alert.count &&
    (expected.source === undefined || expected.source === alert.source?.name) &&
    (expected.marks === undefined || isSameSet(expected.marks, alert.marks)) &&
    (expected.to === undefined || isSameSet(expected.to, to))
  );
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}

function toldLine({ at, alert, to }: ToldAlert, start: number): string {
  return `${durationText(at - start).padEnd(7)} ${alertLine(alert)} -> ${to.join(", ")}`;
}

function expectedLine({ at, kind, monitor, group, isOthers, source, count, marks, to }: ExpectedAlert): string {
  const names = Object.entries(group ?? {}).map(([name, value]) => `${name}=${value}`);
  const words = [kind, monitor, ...names, isOthers && "others", source].filter(
    (word) => word !== undefined && word !== false,
  );
  const records = count === undefined ? "" : `, ${count} ${count === 1 ? "record" : "records"}`;
  const marked = marks === undefined ? "" : ` (${marks.join(", ") || "no mark"})`;
  return `${(at === undefined ? "" : durationText(at)).padEnd(7)} ${words.join(" ")}${records}${marked}${to ? ` -> ${to.join(", ")}` : ""}`;
}
