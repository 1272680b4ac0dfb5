import type { SourceState } from "../../functions/consume";

/** Upper bounds of the delay histogram, in seconds. */
export const DELAY_BUCKETS = [0.5, 1, 2, 5, 10, 30, 60, 300, 1800] as const;

/** Metrics of a process, in a form that can be sent to another. */
export interface Numbers {
  /** Counts by metric and labels: `records{source="access"}`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Number of delays up to each of {@link DELAY_BUCKETS}; the last is the total. */
  readonly delays: readonly number[];
  readonly delaySum: number;
}

/** Metrics of a process. */
export class Gauges {
  readonly #counts = new Map<string, number>();
  readonly #delays = new Array<number>(DELAY_BUCKETS.length + 1).fill(0);
  #delaySum = 0;

  /** @param labels values of labels by name */
  count(metric: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    const key = `${metric}${labelText(labels)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  /** Records a delay from the record to its completion, in seconds; a negative one counts as 0. */
  delay(seconds: number): void {
    const value = Math.max(0, seconds);
    this.#delaySum += value;
    DELAY_BUCKETS.forEach((limit, index) => {
      if (value <= limit) this.#delays[index]++;
    });
    this.#delays[DELAY_BUCKETS.length]++;
  }

  numbers(): Numbers {
    return { counts: Object.fromEntries(this.#counts), delays: [...this.#delays], delaySum: this.#delaySum };
  }
}

/** Type and description of a metric. */
const HELP: Readonly<Record<string, readonly [type: string, help: string]>> = {
  tencent_logs_records_total: ["counter", "Records handled."],
  tencent_logs_batches_total: ["counter", "Batches by outcome: handled, unhandled (retried), left to another member."],
  tencent_logs_failures_total: ["counter", "Failures of a source, after which it was restarted."],
  tencent_logs_lost_offsets_total: ["counter", "Offsets that nobody read before they were deleted."],
  tencent_logs_rebalances_total: ["counter", "Times that partitions were assigned or taken away."],
  tencent_logs_matches_total: ["counter", "Records that matched, by monitor."],
  tencent_logs_odd_matches_total: ["counter", "Matched records with an anomaly, by monitor and kind of anomaly."],
  tencent_logs_failed_records_total: ["counter", "Records on which a monitor's rules failed."],
  tencent_logs_alert_milliseconds_total: ["counter", "Milliseconds that receivers took to answer, including retries."],
  tencent_logs_alerts_total: [
    "counter",
    "Alerts by monitor, kind, receiver, outcome and, if one was not accepted, the code of its error.",
  ],
  tencent_logs_lag_records: ["gauge", "Offsets behind the newest, by partition: packages of CLS, messages of Kafka."],
  tencent_logs_lag_seconds: ["gauge", "Seconds that the newest record had waited when it was read, by partition."],
  tencent_logs_source_up: ["gauge", "1 while a source is read, 0 while it is not."],
  tencent_logs_topic_absent: ["gauge", "1 while a topic does not exist, such as one that was deleted."],
  tencent_logs_delay_seconds: [
    "histogram",
    "Seconds from the time the service received a record until it was handled.",
  ],
};

/** Metrics in Prometheus's text format 0.0.4. @param processes metrics and source states of each process */
export function metricsText(processes: readonly { numbers: Numbers; sources: readonly SourceState[] }[]): string {
  const values = new Map<string, number>();
  const add = (key: string, by: number): void => void values.set(key, (values.get(key) ?? 0) + by);
  for (const { numbers, sources } of processes) {
    for (const [key, count] of Object.entries(numbers.counts)) add(`tencent_logs_${key}`, count);
    for (const source of sources) addSource(source, add, (key, value) => void values.set(key, value));
  }
  const lines: string[] = [];
  for (const [metric, [type, help]] of Object.entries(HELP)) {
    lines.push(`# HELP ${metric} ${help}`, `# TYPE ${metric} ${type}`);
    if (type === "histogram")
      lines.push(
        ...histogram(
          metric,
          processes.map(({ numbers }) => numbers),
        ),
      );
    for (const [key, value] of values) if (key.replace(/\{.*$/s, "") === metric) lines.push(`${key} ${value}`);
  }
  return `${lines.join("\n")}\n`;
}

function addSource(
  { topics, member }: SourceState,
  add: (key: string, by: number) => void,
  set: (key: string, value: number) => void,
): void {
  const source = topics.map(({ name }) => name).join(",");
  const [first] = topics;
  const region = first?.region ?? "";
  add(`tencent_logs_source_up${labelText({ source, region })}`, member?.isJoined ? 1 : 0);
  add(`tencent_logs_rebalances_total${labelText({ source, region })}`, member?.rebalances ?? 0);
  for (const { name, region: of } of member?.absent ?? []) {
    // Each of several processes reports the same topic.
    set(`tencent_logs_topic_absent${labelText({ source: name, region: of })}`, 1);
  }
  for (const { topic, partition, offsets, seconds } of member?.partitions ?? []) {
    const labels = labelText({ source: topic.name, region: topic.region, partition: String(partition) });
    if (offsets !== undefined) add(`tencent_logs_lag_records${labels}`, offsets);
    if (seconds !== undefined) add(`tencent_logs_lag_seconds${labels}`, seconds);
  }
}

function histogram(metric: string, all: readonly Numbers[]): string[] {
  const sum = (of: (numbers: Numbers) => number): number => all.reduce((total, numbers) => total + of(numbers), 0);
  const count = sum(({ delays }) => delays[DELAY_BUCKETS.length] ?? 0);
  return [
    ...DELAY_BUCKETS.map(
      (limit, index) => `${metric}_bucket{le="${limit}"} ${sum(({ delays }) => delays[index] ?? 0)}`,
    ),
    `${metric}_bucket{le="+Inf"} ${count}`,
    `${metric}_sum ${sum(({ delaySum }) => delaySum)}`,
    `${metric}_count ${count}`,
  ];
}

/** Labels in Prometheus's format, with any characters in values. */
function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
