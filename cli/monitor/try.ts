import { type ReadBatch, type ReadLog, TopicReader } from "../../functions/tencent/topic-reader";
import type { Credentials } from "../../functions/tencent/credentials";
import { type BatchMatches, durationText, type MonitorFile, parseDuration, textOf, TIME_FIELD } from "../../monitor";
import { type Console, oneLine } from "../../terminal/console";
import { readArguments } from "../../terminal/flags";
import { interruptible } from "../../terminal/interrupt";
import { UsageError } from "../../terminal/user-error";
import { readUserCredentials } from "../credentials";
import { fileOf } from "./check";
import { loadDefinition, requireIds } from "./definition-file";
import { alertLine, positionOf, recordOfFields, Simulation, type ToldAlert } from "./simulation";

const TRY_USAGE = `Usage: tencent-logs monitor try FILE --from TIME [FLAGS]

Reads past records from the topics of a definition and shows which alerts would have been sent, with times, groups and
counts. Nothing is sent, and no position is committed. Each record is treated as if it had arrived when it was written; the
counts of late records are the same.

  --from TIME     start: -24h, -90m, or 2026-01-31T12:00:00Z
  --to TIME       end; same formats as --from (default: now)
  --text          shows each alert as its receivers would see it
  --json          writes one JSON object per alert: time, kind, monitor, group, count, regions, marks, severity,
                  to, and text with --text

Uses the keys that you deploy with: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.

Examples:
  tencent-logs monitor try monitors.yaml --from -24h
  tencent-logs monitor try monitors.yaml --from 2026-01-31T08:00:00Z --to 2026-01-31T10:00:00Z --text
`;

const FLAGS = {
  from: { type: "string" },
  to: { type: "string" },
  text: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Records within this time are one batch: the minimum that CLS waits before delivery. */
const BATCH_MS = 3_000;

/** Milliseconds without an answer after which reading a topic is abandoned. */
const PATIENCE_MS = 30_000;

/** `tencent-logs monitor try`. Returns the exit status. */
export async function tryOut(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(withSignedTimes(args), FLAGS);
  if (values.help) {
    console.stdout.write(TRY_USAGE);
    return 0;
  }
  const path = fileOf(positionals);
  const now = Date.now();
  if (values.from === undefined) throw new UsageError("--from must be a time, got nothing; see --help");
  const from = momentOf("--from", values.from, now);
  const to = values.to === undefined ? now : momentOf("--to", values.to, now);
  if (from >= Math.min(to, now))
    throw new UsageError(`--from must be before --to and in the past, got ${values.from}; see --help`);
  const file = loadDefinition(path);
  requireIds(file, () => true);
  const credentials = readUserCredentials();
  const rehearsal = new Rehearsal(file, from, Math.min(to, now), () => credentials, console);
  const { text: withText = false, json: isJson = false } = values;
  await interruptible((signal) => rehearsal.run(signal, { withText, isJson }));
  return 0;
}

/** `--from -24h` is one flag to people, but two to Node. */
function withSignedTimes(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const isTime = /^-\d/.test(arg) && (joined.at(-1) === "--from" || joined.at(-1) === "--to");
    if (isTime) joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** Milliseconds since 1970 of a time in the form that people write. */
function momentOf(flag: string, text: string, now: number): number {
  const ago = text.startsWith("-") ? parseDuration(text.slice(1)) : undefined;
  if (ago !== undefined) return now - ago;
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    `${flag} must be how long ago, such as -24h, or a time, such as 2026-01-31T12:00:00Z, got ${JSON.stringify(text)}; see --help`,
  );
}

/** Display options of alerts. */
interface Shown {
  readonly withText: boolean;
  readonly isJson: boolean;
}

class Rehearsal {
  readonly #simulation: Simulation;
  readonly #matched: BatchMatches[] = [];
  /** Minutes in which a source had records. */
  readonly #seen: (readonly [at: number, source: string])[] = [];
  readonly #records = new Map<string, number>();

  constructor(
    private readonly file: MonitorFile,
    private readonly from: number,
    private readonly to: number,
    private readonly credentials: () => Credentials,
    private readonly console: Console,
  ) {
    this.#simulation = new Simulation(file, from);
  }

  async run(signal: AbortSignal, { withText, isJson }: Shown): Promise<void> {
    await this.#simulation.ready();
    await Promise.all(Object.keys(this.file.sources).map((name) => this.#read(name, signal)));
    await this.#replay();
    const { told } = this.#simulation;
    for (const one of told) {
      if (isJson) this.#showJson(one, withText);
      else this.#show(one, withText);
    }
    // In JSON output, the summary is not a result.
    this.#sum(told, isJson ? this.console.stderr : this.console.stdout);
  }

  async #read(name: string, signal: AbortSignal): Promise<void> {
    const { topic, region, query } = this.file.sources[name];
    const reader = new TopicReader({ topicId: topic, region, credentials: this.credentials });
    // Pulling is limited by CLS's time of receipt, a moment after a record was written.
    const span = { from: new Date(this.from), until: new Date(this.to + 1000) };
    const how = query === undefined ? ({ how: "auto" } as const) : ({ how: "pull", query } as const);
    const minutes = new Set<number>();
    let records = 0;
    try {
      for await (const event of reader.read({ ...span, ...how, follow: false, patienceMs: PATIENCE_MS, signal })) {
        if (event.kind === "notice") {
          if ("message" in event) this.console.stderr.write(`${name}: ${oneLine(event.message)}\n`);
          continue;
        }
        const logs = event.logs.filter(({ time }) => time / 1000 >= this.from && time / 1000 < this.to);
        records += logs.length;
        for (const { time } of logs) minutes.add(Math.floor(time / 60_000_000));
        this.#match(name, event, logs);
      }
    } finally {
      reader.close();
    }
    for (const minute of minutes) this.#seen.push([Math.max(minute * 60_000, this.from), name]);
    this.#records.set(name, records);
  }

  /** Stores only matches: the rest can be gigabytes. */
  #match(name: string, { partition, offset }: ReadBatch, logs: readonly ReadLog[]): void {
    const batches = new Map<number, ReadLog[]>();
    for (const log of logs) {
      const at = Math.floor(log.time / 1000 / BATCH_MS);
      const batch = batches.get(at);
      if (batch) batch.push(log);
      else batches.set(at, [log]);
    }
    for (const [at, batch] of batches) {
      const arrivedAt = Math.max(...batch.map(({ time }) => Math.floor(time / 1000)));
      const views = batch.map(({ contents, time }) => {
        return recordOfFields({ [TIME_FIELD]: Math.floor(time / 1000), ...contents });
      });
      const position = positionOf(partition, offset, at, batch[0].time, batch[0].id, this.#matched.length);
      const matches = this.#simulation.match(name, arrivedAt, views, position);
      if (matches.groups.length > 0) this.#matched.push(matches);
    }
  }

  async #replay(): Promise<void> {
    const seen = this.#seen.sort(([one], [other]) => one - other);
    let next = 0;
    for (const matches of this.#matched.sort((one, other) => one.arrivedAt - other.arrivedAt)) {
      while (next < seen.length && seen[next][0] <= matches.arrivedAt) await this.#hear(seen[next++]);
      await this.#simulation.take(matches);
    }
    while (next < seen.length) await this.#hear(seen[next++]);
    await this.#simulation.passTo(this.to);
  }

  async #hear([at, name]: readonly [at: number, source: string]): Promise<void> {
    await this.#simulation.seen(name, at);
  }

  #showJson({ at, alert, to }: ToldAlert, withText: boolean): void {
    const { count, group, isOthers, kind, marks, monitor, regions, severity } = alert;
    const told = { time: new Date(at).toISOString(), kind, monitor, severity, group: Object.fromEntries(group) };
    const text = withText ? { text: textOf(alert, { file: this.file, now: at }) } : {};
    const line = { ...told, others: isOthers, count, regions, marks, to, ...text };
    this.console.stdout.write(`${JSON.stringify(line)}\n`);
  }

  #show({ at, alert, to }: ToldAlert, withText: boolean): void {
    const time = new Date(at).toISOString().slice(0, 19);
    const where = alert.regions.join(", ");
    this.console.stdout.write(`${time}Z ${oneLine(`${alertLine(alert)} ${where} -> ${to.join(", ")}`)}\n`);
    if (!withText) return;
    for (const line of textOf(alert, { file: this.file, now: at }).split("\n"))
      this.console.stdout.write(`    ${oneLine(line)}\n`);
  }

  #sum(told: readonly ToldAlert[], stream: Console["stderr"]): void {
    const records = [...this.#records].map(([name, count]) => `${name} ${count}`).join(", ");
    const matches = this.#matched.flatMap(({ groups }) => groups).reduce((sum, { count }) => sum + count, 0);
    const write = (line: string): unknown => stream.write(`${line}\n`);
    write(
      `${told.length} ${told.length === 1 ? "alert" : "alerts"} in ${durationText(this.to - this.from)}; ${matches} records matched`,
    );
    write(`records: ${records}`);
    for (const { name } of this.file.monitors) {
      const own = told.filter(({ alert }) => alert.monitor === name);
      const kinds = countsBy(own.map(({ alert }) => alert.kind));
      const receivers = countsBy(own.flatMap(({ to }) => to));
      write(`${name}: ${kinds || "nothing"}${receivers && ` -> ${receivers}`}`);
    }
    for (const [monitor, count] of this.#simulation.failed) write(`the rules of ${monitor} failed on ${count} records`);
  }
}

function countsBy(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
}
