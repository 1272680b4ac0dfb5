import { Watching } from "../../../cli/monitor/watching";
import { Gauges, metricsText } from "../../../cli/operate/gauges";
import type { ConsumedBatch } from "../../../functions/consume";
import { MessageRecord } from "../../../functions/consume/record";
import { type Alert, MemoryStore, type MonitorFile, readDefinition, textOf, Tracker } from "../../../monitor";

const NOW = Date.UTC(2026, 10, 30, 12);
const DAY_MS = 86_400_000;

const { file } = readDefinition({
  monitors: [{ name: "Errors", match: { text: "panic" }, group: ["service"], alert: { to: "oncall" } }],
  sources: { access: { region: "ap-guangzhou", topic: "t", logset: "l", form: "pull" } },
  receivers: { oncall: { url: { env: "ONCALL" } } },
  state: "memory",
}) as { file: MonitorFile };

/** Has records of a topic of Kafka looked at. @param values each a record, and how long after now its time is */
async function watch(...values: [value: string | Buffer, aheadMs?: number][]) {
  const alerts: Alert[] = [];
  const store = new MemoryStore();
  const sender = { send: (alert: Alert) => Promise.resolve((alerts.push(alert), [])) };
  const tracker = new Tracker({ file, store, sender, instance: "one", clock: () => NOW });
  const gauges = new Gauges();
  const records = values.map(
    ([value, ahead = 0]) => new MessageRecord({ timestamp: String(NOW + ahead), value: Buffer.from(value) }),
  );
  const topic = { name: "access", topicId: "t", region: "ap-guangzhou" };
  const batch = { topic, partition: 0, startOffset: "0", readAt: NOW, records, isOurs: () => true };
  const watching = new Watching({ file, tracker, gauges, say: fail });
  await watching.take(batch as unknown as ConsumedBatch);
  const samples = metricsText([{ numbers: gauges.numbers(), sources: [] }]).matchAll(
    /^tencent_logs_odd_matches_total\{monitor="Errors",odd="(\w+)"\} (\d+)$/gm,
  );
  return { alerts, odd: Object.fromEntries([...samples].map(([, how, count]) => [how, Number(count)])) };
}

function fail(text: string): never {
  throw new Error(`nothing is to be said, got ${text}`);
}

const ORDERS = JSON.stringify({ service: "orders", message: "panic" });

test("a record as it should be is counted as nothing else", async () => {
  const { alerts, odd } = await watch([ORDERS], [ORDERS, -59_000], [ORDERS, 59_000]);
  expect(alerts).toMatchObject([{ kind: "first", group: [["service", "orders"]], marks: [] }]);
  expect(odd).toEqual({});
});

test.each<[string, [string | Buffer, number?], object]>([
  ["that is no JSON", ["panic: out of memory"], { text: 1, ungrouped: 1 }],
  ["that lacks the field", ['{"message":"panic"}'], { ungrouped: 1 }],
  ["that is 1 MB", [JSON.stringify({ service: "a", message: `${"x".repeat(1 << 20)}panic` })], { long: 1 }],
  ["that is binary", [Buffer.concat([Buffer.of(0xff, 0x00, 0xc3), Buffer.from("panic")])], { binary: 1, text: 1, ungrouped: 1 }], // prettier-ignore
  ["of the future", [ORDERS, DAY_MS], { future: 1 }],
  ["that arrives a day late", [ORDERS, -DAY_MS], { late: 1 }],
])("a record %s is told, and counted as what it is", async (_, record, expected) => {
  const { alerts, odd } = await watch(record);
  expect(odd).toEqual(expected);
  expect(alerts).toHaveLength(1);
  const text = textOf(alerts[0], { file, now: NOW });
  expect(text).not.toMatch(/-\d+(\.\d+)? (s|minutes|hours|days)/);
  expect(alerts[0].marks).toEqual("late" in expected ? ["late"] : []);
  if ("late" in expected) expect(text).toMatch(/late/);
});
