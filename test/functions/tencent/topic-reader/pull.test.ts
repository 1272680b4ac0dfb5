import { setTimeout as wait } from "node:timers/promises";
import type { LocalCloud } from "../../../../local/cloud";
import type { Topic } from "../../../../local/cls/topic";
import type { ReadEvent } from "../../../../functions/tencent/topic-reader";
import { closeClouds, failure, start } from "../../../local/support/cloud";
import { REGION } from "../../../local/support/plan";
import { batches, collect, logs, makeTopic, notices, numbers, readerOf, sorted, upTo } from "../../support/topics";

let cloud: LocalCloud;
let topic: Topic;
beforeEach(async () => {
  cloud = await start();
  topic = makeTopic(cloud);
});
afterEach(closeClouds);

const fast = { perSecond: 50, follow: true };
const until = (count: number) => (events: readonly ReadEvent[]) => numbers(events).length >= count;

test("reads from the begin what is there, and ends where it need not follow", async () => {
  await topic.put(logs(0, 3, { source: "10.0.0.1", filename: "a.log", tags: { env: "x" } }));
  await topic.put([{ time: 5, contents: { ["__proto__"]: "own", 中: "é", empty: "" } }]);
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, { from: "begin", follow: false });
  reader.close();
  const [first] = batches(events);
  expect(first?.logs).toHaveLength(4);
  expect(first?.logs[1]).toEqual({
    time: 1_767_225_600_001_001,
    contents: { n: "1" },
    source: "10.0.0.1",
    filename: "a.log",
    tags: { env: "x" },
  });
  expect(Object.entries(first?.logs[3]?.contents ?? {})).toEqual([
    ["__proto__", "own"],
    ["中", "é"],
    ["empty", ""],
  ]);
  expect(first).toMatchObject({ partition: 1, nextOffset: 2, end: false, behindMs: 0 });
  expect(batches(events).at(-1)).toMatchObject({ logs: [], offset: 2, nextOffset: 2, end: true });
});

test("goes on from the offsets of an earlier read, and reads partitions that these do not name from their begin", async () => {
  await topic.put(logs(0, 2));
  const reader = readerOf(cloud, topic);
  const earlier = await collect(reader, { from: "begin", follow: false });
  const next = batches(earlier).at(-1)?.nextOffset ?? -1;
  topic.partitions.split(1, { now: cloud.clock.now() });
  await topic.put(logs(2, 2));
  await topic.put(logs(4, 2));
  const later = await collect(reader, { from: { 1: next }, follow: false });
  reader.close();
  expect(sorted(numbers(later))).toEqual([2, 3, 4, 5]);
});

test.each([
  ["a time", () => new Date(cloud.clock.now() + 2000), [3, 4, 5]],
  ["the end", () => "end" as const, [6, 7, 8]],
])("begins at %s", async (_name, from, expected) => {
  await topic.put(logs(0, 3));
  await cloud.clock.advance(2000);
  const begin = from();
  await cloud.clock.advance(1000);
  await topic.put(logs(3, 3));
  await cloud.clock.advance(1000);
  const reader = readerOf(cloud, topic);
  const read = { from: begin === "end" ? begin : new Date(cloud.clock.now() - 2000), ...fast };
  const reading = collect(reader, read, until(3));
  if (begin === "end") {
    await wait(300);
    await topic.put(logs(6, 3));
  }
  expect(numbers(await reading)).toEqual(expected);
  reader.close();
});

test("ends at a time in the past when all is read that came before it", async () => {
  await topic.put(logs(0, 3));
  await cloud.clock.advance(5000);
  const end = new Date(cloud.clock.now());
  await cloud.clock.advance(5000);
  await topic.put(logs(3, 3));
  const reader = readerOf(cloud, topic);
  expect(numbers(await collect(reader, { from: "begin", until: end }))).toEqual([0, 1, 2]);
  reader.close();
});

test("follows: what comes is read in order, by one request a second unless something waits", async () => {
  const reader = readerOf(cloud, topic);
  const reading = collect(reader, { from: "begin", ...fast }, until(40));
  for (let round = 0; round < 20; round++) {
    await topic.put(logs(round * 2, 2));
    await wait(5);
  }
  expect(numbers(await reading)).toEqual(upTo(40));
  reader.close();
});

test("reads what was split and merged meanwhile, each log once, and tells which partitions came and went", async () => {
  topic = cloud.cls.createTopic("two", topic.logsetId, REGION, { partitionCount: 2 });
  const reader = readerOf(cloud, topic);
  const now = cloud.clock.now();
  const events: ReadEvent[] = [];
  let put = 0;
  for await (const event of reader.read({ from: "begin", ...fast })) {
    events.push(event);
    if (put === 0) {
      await topic.put(logs(0, 10));
      topic.partitions.split(1, { now });
      await topic.put(logs(10, 10));
      topic.partitions.merge(3, now);
      await topic.put(logs(20, 10));
      for (let count = 0; count < 6; count++) await topic.put(logs(30 + count * 10, 10));
      put = 90;
    }
    if (numbers(events).length >= 90 && notices(events).length > 1) break;
  }
  reader.close();
  expect(sorted(numbers(events))).toEqual(upTo(90));
  const told = events.flatMap((event) => (event.kind === "notice" && event.notice === "partitions" ? [event] : []));
  expect(sorted(told.flatMap(({ added }) => added))).toEqual([3, 4, 5]);
  expect(told.flatMap(({ ended }) => ended)).toContain(1);
}, 30_000);

test("passes the query on, and goes past what it leaves out", async () => {
  for (let count = 0; count < 300; count++) {
    await topic.put([
      { time: 1, contents: { n: String(count), level: count === 250 ? "ERROR" : "INFO", pad: "x".repeat(9000) } },
    ]);
  }
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, {
    from: "begin",
    follow: false,
    query: 'log_keep(op_eq(v("level"), "ERROR"))',
  });
  reader.close();
  expect(numbers(events)).toEqual([250]);
});

test("reads a long past in many requests, none of which is larger than was asked for", async () => {
  const pad = "y".repeat(1000);
  for (let count = 0; count < 60; count++) await topic.put(logs(count * 100, 100, { contents: { pad } }));
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, { from: "begin", follow: false });
  reader.close();
  expect(numbers(events)).toEqual(upTo(6000));
  expect(batches(events).length).toBeGreaterThan(5);
});

test("ends with the signal's reason, and leaves nothing behind", async () => {
  const reader = readerOf(cloud, topic);
  const abort = new AbortController();
  const reading = collect(reader, { from: "begin", ...fast, signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 50);
  expect((await failure(reading)).message).toBe("enough");
  reader.close();
});

test("refuses a query that CLS cannot read, in CLS's words", async () => {
  const reader = readerOf(cloud, topic);
  const error = await failure<Error & { failure: string; code: string }>(
    collect(reader, { from: "begin", query: "log_keep(" }),
  );
  reader.close();
  expect(error).toMatchObject({ failure: "request", code: "SyntaxError" });
});
