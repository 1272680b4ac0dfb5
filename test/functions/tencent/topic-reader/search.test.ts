import { setTimeout as wait } from "node:timers/promises";
import { SimulatedClock } from "../../../../local/clock";
import type { LocalCloud } from "../../../../local/cloud";
import type { Topic } from "../../../../local/cls/topic";
import { Refusal } from "../../../../local/refusal";
import type { ReadError, ReadEvent } from "../../../../functions/tencent/topic-reader";
import { closeClouds, failure, start } from "../../../local/support/cloud";
import { batches, collect, logs, makeTopic, notices, numbers, readerOf, sorted, upTo } from "../../support/topics";

let cloud: LocalCloud;
let topic: Topic;
beforeEach(async () => {
  cloud = await start({ clock: new SimulatedClock(1_767_225_660_000) });
  topic = makeTopic(cloud, { partitions: 2 });
});
afterEach(closeClouds);

const search = { from: "begin", follow: false, how: "search" } as const;

test("finds what is there, in order, with its labels and CLS's identity of each log", async () => {
  await topic.put(logs(0, 3, { source: "10.0.0.1", filename: "a.log" }));
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, search);
  reader.close();
  expect(numbers(events)).toEqual([0, 1, 2]);
  expect(batches(events)[0]?.logs[1]).toEqual({
    time: 1_767_225_600_001_000,
    contents: { n: "1" },
    source: "10.0.0.1",
    filename: "a.log",
    id: expect.stringMatching(/^[0-9A-F]{16}-0\/1$/) as string,
  });
  expect(batches(events).at(-1)).toMatchObject({ logs: [], end: true });
});

test("goes past the limit of an answer by offsets", async () => {
  for (let count = 0; count < 12; count++) await topic.put(logs(count * 1000, 1000));
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, search);
  reader.close();
  expect(numbers(events)).toEqual(upTo(12_000));
  expect(batches(events).every((batch) => batch.logs.length <= 1000)).toBe(true);
});

test("goes past ten thousand logs where CLS pages by Context alone", async () => {
  for (let count = 0; count < 23; count++) await topic.put(logs(count * 1000, 1000));
  withoutOffset();
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, search);
  reader.close();
  expect(numbers(events)).toEqual(upTo(23_000));
});

test("says that a millisecond holds too many logs where CLS pages by Context alone", async () => {
  for (let count = 0; count < 11; count++) await topic.put(logs(0, 1000).map((log) => ({ ...log, time: 5_000 })));
  withoutOffset();
  const reader = readerOf(cloud, topic);
  const error = await failure<ReadError>(collect(reader, { ...search, from: new Date(5_000) }));
  reader.close();
  expect(error).toMatchObject({ failure: "request", code: "TooManyLogs" });
  expect(error.message).toContain("pull the topic, or narrow the query");
});

test("halves a span that takes CLS too long", async () => {
  await topic.put(logs(0, 40));
  let searched = 0;
  const { searches } = cloud.cls;
  const ask = searches.search.bind(searches);
  searches.search = (where, asked) => {
    searched++;
    if (asked.limit > 1 && asked.to - asked.from > 60_000)
      throw new Refusal("FailedOperation.SearchTimeout", "search timed out");
    return ask(where, asked);
  };
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, { ...search, from: new Date(1_767_225_590_000) });
  reader.close();
  expect(numbers(events)).toEqual(upTo(40));
  expect(searched).toBeGreaterThan(3);
});

test("follows: finds what CLS makes known late and out of order, each log once", async () => {
  const stop = cloud.clock.follow();
  cloud.cls.searches.delayMs = 400;
  const reader = readerOf(cloud, topic);
  const events: ReadEvent[] = [];
  let put = 0;
  for await (const event of reader.read({ from: "begin", how: "search", perSecond: 20 })) {
    events.push(event);
    if (put < 50) {
      const now = cloud.clock.now();
      // The later half of what is put has the earlier times.
      await topic.put(logs(put, 5).map((log, index) => ({ ...log, time: now - put - index })));
      put += 5;
      await wait(20);
    }
    if (numbers(events).length >= 50) break;
  }
  stop();
  reader.close();
  expect(sorted(numbers(events))).toEqual(upTo(50));
});

test("asks less often while CLS says that it is too often", async () => {
  const asked: number[] = [];
  cloud.cls.faults.decide = ({ action, attempt }) => {
    if (action === "SearchLog") asked.push(performance.now());
    return attempt === 2 || attempt === 3 ? { status: 429 } : {};
  };
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, { from: "begin", how: "search", perSecond: 50 }, () => asked.length >= 6);
  reader.close();
  expect(notices(events)).toEqual(["throttled"]);
  expect(asked[5] - asked[4]).toBeGreaterThan(300);
});

test("begins at the end by CLS's clock, not by this machine's", async () => {
  await topic.put(logs(0, 3));
  const reader = readerOf(cloud, topic);
  const events: ReadEvent[] = [];
  for await (const event of reader.read({ from: "end", how: "search", perSecond: 20 })) {
    events.push(event);
    if (numbers(events).length >= 2) break;
    if (events.length === 1) await topic.put(logs(3, 2).map((log) => ({ ...log, time: cloud.clock.now() + 5 })));
  }
  reader.close();
  expect(numbers(events)).toEqual([3, 4]);
});

test("passes the query on in CQL", async () => {
  await topic.put([
    { time: 1, contents: { n: "0", level: "INFO", text: "all is well" } },
    { time: 2, contents: { n: "1", level: "ERROR", text: "all is lost" } },
  ]);
  const reader = readerOf(cloud, topic);
  expect(numbers(await collect(reader, { ...search, query: 'level:"ERROR" AND "all is"' }))).toEqual([1]);
  reader.close();
});

test.each([
  ["a topic without an index", {}, { failure: "missing", code: "ResourceNotFound.IndexNotExist" }],
  ["offsets, which only pulling knows", { from: { 1: 7 } }, { failure: "request" }],
])("refuses %s", async (name, read, expected) => {
  if (name.includes("index")) topic.index = undefined;
  const reader = readerOf(cloud, topic);
  expect(await failure<ReadError>(collect(reader, { ...search, ...read }))).toMatchObject(expected);
  reader.close();
});

test("searches where it may not pull only where that is asked for", async () => {
  await topic.put(logs(0, 2));
  cloud.cls.faults.decide = ({ action }) =>
    action === "pull_log" ? { status: 403, code: "AuthFailure.UnauthorizedOperation" } : {};
  const reader = readerOf(cloud, topic);
  expect(await failure<ReadError>(collect(reader, { from: "begin", follow: false }))).toMatchObject({
    failure: "denied",
  });
  const events = await collect(reader, { from: "begin", follow: false, how: "auto" });
  reader.close();
  expect(notices(events)).toEqual(["searching"]);
  expect(numbers(events)).toEqual([0, 1]);
});

/** As CLS was before it knew `Offset`. */
function withoutOffset(): void {
  const { searches } = cloud.cls;
  const ask = searches.search.bind(searches);
  searches.search = (where, asked) => {
    if (asked.offset === undefined) return ask(where, asked);
    throw new Refusal("UnknownParameter", "The parameter `Offset` is not recognized.");
  };
}
