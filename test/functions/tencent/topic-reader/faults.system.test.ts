import type { AccessKey } from "../../../../local/account";
import type { LocalCloud } from "../../../../local/cloud";
import type { ClsFault } from "../../../../local/cls/faults";
import type { Topic } from "../../../../local/cls/topic";
import type { ReadError, ReadEvent } from "../../../../functions/tencent/topic-reader";
import { closeClouds, failure, start } from "../../../local/support/cloud";
import { TestServer } from "../../support/http-server";
import { batches, collect, logs, makeTopic, notices, numbers, readerOf, sorted, upTo } from "../../support/topics";

let cloud: LocalCloud;
let topic: Topic;
beforeEach(async () => {
  cloud = await start();
  topic = makeTopic(cloud, { partitions: 2 });
  for (let count = 0; count < 6; count++) await topic.put(logs(count * 5, 5));
});
afterEach(closeClouds);

const FAULTS: [string, ClsFault][] = [
  ["status 429", { status: 429 }],
  ["status 500", { status: 500 }],
  ["status 503 with a code of its own", { status: 503, code: "Timeout" }],
  ["half of the answer, then the connection's end", { shortBody: 40 }],
  ["a reset in the middle", { reset: 10 }],
  ["a reset before any answer", { reset: 0 }],
  ["silence", { stall: true }],
  ["a page of a proxy", { body: "<html>please log in</html>" }],
  ["an answer that is late", { delayMs: 150 }],
];

describe.each(["pull_log", "DescribePartitions", "SearchLog"])("%s", (action) => {
  test.each(FAULTS)("answers %s at first: each log comes once all the same", async (_name, fault) => {
    cloud.cls.faults.decide = (request) => (request.action === action && request.attempt === 1 ? fault : {});
    const reader = readerOf(cloud, topic);
    const how = action === "SearchLog" ? "search" : "pull";
    const events = await collect(reader, { from: "begin", follow: false, how });
    reader.close();
    expect(sorted(numbers(events))).toEqual(upTo(30));
  });
});

test.each(FAULTS)(
  "what answers %s at every second request loses nothing, and brings nothing twice",
  async (_name, fault) => {
    cloud.cls.faults.decide = ({ attempt }) => (attempt % 2 === 0 ? fault : {});
    const reader = readerOf(cloud, topic);
    let put = 30;
    const events: ReadEvent[] = [];
    for await (const event of reader.read({ from: "begin", perSecond: 50 })) {
      events.push(event);
      if (numbers(events).length === put && put < 60) await topic.put(logs(put, (put += 10) - (put - 10)));
      if (numbers(events).length >= 60) break;
    }
    reader.close();
    expect(sorted(numbers(events))).toEqual(upTo(60));
  },
);

test("tells once that answers stop to come, and once that they come again, however many partitions wait", async () => {
  let isDown = false;
  cloud.cls.faults.decide = () => (isDown ? { reset: 0 } : {});
  const reader = readerOf(cloud, topic);
  const events: ReadEvent[] = [];
  for await (const event of reader.read({ from: "begin", perSecond: 50 })) {
    events.push(event);
    if (numbers(events).length === 30 && !isDown && notices(events).length === 0) {
      isDown = true;
      setTimeout(() => (isDown = false), 600);
      await topic.put(logs(30, 10));
    }
    if (notices(events).includes("reconnected") && numbers(events).length >= 40) break;
  }
  reader.close();
  expect(notices(events)).toEqual(["disconnected", "reconnected"]);
  expect(events.find((event) => event.kind === "notice")).toMatchObject({ code: "ECONNRESET" });
  expect(sorted(numbers(events))).toEqual(upTo(40));
});

test("goes on at its pace where this machine's clock is set back while CLS answers", async () => {
  const { now } = Date;
  // Of one partition: a request that is on its way to another would be checked by the clock that was set back.
  const other = await start();
  const one = makeTopic(other);
  await one.put(logs(0, 5));
  other.cls.faults.decide = (request) => {
    if (request.action !== "pull_log" || request.attempt > 1) return {};
    Date.now = () => now() - 3_600_000;
    return { delayMs: 100 };
  };
  const reader = readerOf(other, one);
  const seen: number[] = [];
  const read = { from: "begin", perSecond: 50, signal: AbortSignal.timeout(4_000) } as const;
  try {
    for await (const event of reader.read(read)) {
      const more = numbers([event]);
      seen.push(...more);
      if (seen.length === 5 && more.length > 0) await one.put(logs(5, 5));
      if (seen.length >= 10) break;
    }
    expect(seen).toEqual(upTo(10));
  } finally {
    Date.now = now;
    reader.close();
  }
});

test("asks less often while CLS says that it is too often", async () => {
  cloud.cls.faults.decide = ({ action, attempt }) => (action === "pull_log" && attempt < 4 ? { status: 429 } : {});
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, { from: "begin", perSecond: 50 }, (all) => numbers(all).length >= 30);
  reader.close();
  expect(notices(events)).toEqual(["throttled"]);
  expect(sorted(numbers(events))).toEqual(upTo(30));
});

test("gives up where it has patience for so long only, with the last error", async () => {
  cloud.cls.faults.decide = () => ({ reset: 0 });
  const reader = readerOf(cloud, topic);
  const error = await failure<ReadError>(collect(reader, { from: "begin", patienceMs: 500 }));
  reader.close();
  expect(error).toMatchObject({ failure: "unavailable", code: "ECONNRESET" });
  expect(error.message).toMatch(/no other answer came for \d\.\d s$/);
});

test.each([
  ["pull_log", "a page", "<html><body>welcome</body></html>", "a page of HTML"],
  ["pull_log", "JSON without what it should hold", '{"Response":{"Next":1}}', "JSON with Response"],
  ["pull_log", "an offset that goes back", '{"Response":{"NextOffset":-2,"Message":[]}}', "JSON with Response"],
  ["pull_log", "messages that are none", '{"Response":{"NextOffset":9,"Message":["eA=="]}}', "another text"],
  ["pull_log", "messages without a place to go on", '{"Response":{"NextOffset":0,"Message":["eA=="]}}', "another text"],
  ["pull_log", "nothing", "", "an empty body"],
  ["DescribePartitions", "a page", "<html></html>", undefined],
  [
    "DescribePartitions",
    "a status that is new",
    '{"Response":{"RequestId":"r","Partitions":[{"PartitionId":1,"Status":"frozen"}]}}',
    "JSON with PartitionId, Status",
  ],
  ["SearchLog", "no word of whether that is all", '{"Response":{"RequestId":"r","Results":[]}}', "something else"],
])("%s: %s is an error that holds the answer", async (action, _name, body, looksLike) => {
  cloud.cls.faults.decide = (request) => (request.action === action ? { body } : {});
  const reader = readerOf(cloud, topic);
  const how = action === "SearchLog" ? "search" : "pull";
  const error = await failure<ReadError>(collect(reader, { from: "begin", how }));
  reader.close();
  expect(error).toMatchObject({ failure: "answer", code: "UnknownAnswer" });
  if (looksLike !== undefined) expect(error.message).toContain(looksLike);
  if (body !== "") expect(body.replace(/eA==/, "")).toContain((error.answer ?? "?").slice(0, 30).replace("eA==", ""));
});

test("an error that nobody knows here ends the read in CLS's words", async () => {
  cloud.cls.faults.decide = ({ action }) => (action === "pull_log" ? { status: 418, code: "Teapot" } : {});
  const reader = readerOf(cloud, topic);
  const error = await failure<ReadError>(collect(reader, { from: "begin" }));
  reader.close();
  expect(error).toMatchObject({ failure: "request", code: "Teapot", statusCode: 418 });
});

test("what is kept no more is told, and the read goes on at the oldest log that is", async () => {
  const reader = readerOf(cloud, topic);
  const read = { from: { 1: 2, 2: 2 }, perSecond: 50 };
  await cloud.clock.advance(40 * 24 * 3_600_000);
  await topic.put(logs(30, 5));
  const events = await collect(reader, read, (all) => numbers(all).length >= 5 && notices(all).length > 0);
  reader.close();
  expect(notices(events)).toContain("lost");
  expect(numbers(events)).toEqual([30, 31, 32, 33, 34]);
});

describe("keys", () => {
  const ALL = ["cls:DescribePartitions", "cls:pullLogs", "cls:SearchLog"];
  const roleWith = (actions: readonly string[]): (() => AccessKey) => {
    const trust = { action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: ["scf.qcloud.com"] } };
    const document = JSON.stringify({ version: "2.0", statement: [trust] });
    const role = cloud.cam.createRole(`reader-${Math.random()}`, document);
    const resource = [`qcs::cls:ap-guangzhou:uin/${cloud.account.uin}:topic/${topic.id}`];
    const statement = [{ effect: "allow", action: actions.map((action) => `name/${action}`), resource }];
    const policy = cloud.cam.createPolicy(`p-${Math.random()}`, JSON.stringify({ version: "2.0", statement }));
    cloud.cam.attachPolicy(role.id, policy);
    return () => cloud.cam.assumeRole(role);
  };

  test("of a role that may do just that on the topic are enough", async () => {
    const reader = readerOf(cloud, topic, roleWith(["cls:DescribePartitions", "cls:pullLogs"]));
    expect(sorted(numbers(await collect(reader, { from: "begin", follow: false })))).toEqual(upTo(30));
    reader.close();
  });

  test.each(ALL)("that lack %s are denied by its name", async (missing) => {
    const reader = readerOf(cloud, topic, roleWith(ALL.filter((action) => action !== missing)));
    const how = missing === "cls:SearchLog" ? "search" : "pull";
    const error = await failure<ReadError>(collect(reader, { from: "begin", how }));
    reader.close();
    expect(error).toMatchObject({ failure: "denied", action: missing });
    expect(error.message).toContain(`the key's policies must allow ${missing} for topic ${topic.id}`);
  });

  test("that may not pull search instead where that is wanted, and it is told", async () => {
    const reader = readerOf(cloud, topic, roleWith(["cls:DescribePartitions", "cls:SearchLog"]));
    const events = await collect(reader, { from: "begin", follow: false, how: "auto" });
    reader.close();
    expect(notices(events)).toEqual(["searching"]);
    expect(numbers(events)).toEqual(upTo(30));
  });

  test("that expire end the read, unless there are others by then", async () => {
    const key = roleWith(ALL);
    const held = key();
    const stale = readerOf(cloud, topic, () => held);
    const renewed = readerOf(cloud, topic, key);
    cloud.cam.expireKeys();
    const error = await failure<ReadError>(collect(stale, { from: "begin" }));
    expect(error).toMatchObject({ failure: "key", code: "AuthFailure.TokenFailure" });
    expect(sorted(numbers(await collect(renewed, { from: "begin", follow: false })))).toEqual(upTo(30));
    stale.close();
    renewed.close();
  });

  test("that expire while it reads are replaced without a hole", async () => {
    const reader = readerOf(cloud, topic, roleWith(ALL));
    const events: ReadEvent[] = [];
    for await (const event of reader.read({ from: "begin", perSecond: 50 })) {
      events.push(event);
      if (numbers(events).length === 30 && event.kind === "logs" && event.logs.length > 0) {
        cloud.cam.expireKeys();
        await topic.put(logs(30, 10));
      }
      if (numbers(events).length >= 40) break;
    }
    reader.close();
    expect(sorted(numbers(events))).toEqual(upTo(40));
  });

  test("that nobody knows are refused, and so is a topic that is not there", async () => {
    const unknown = readerOf(cloud, topic, () => ({ secretId: "AKIDunknown", secretKey: "x" }));
    expect(await failure<ReadError>(collect(unknown, { from: "begin" }))).toMatchObject({ failure: "key" });
    unknown.close();
    const gone = readerOf(cloud, { id: "f0000000-0000-0000-0000-000000000000", region: topic.region } as Topic);
    expect(await failure<ReadError>(collect(gone, { from: "begin" }))).toMatchObject({ failure: "missing" });
    gone.close();
  });
});

test("a clock that is wrong is told by how much, and not taken for a key that has expired", async () => {
  const server = await TestServer.start();
  const Error = { Code: "AuthFailure.SignatureExpire", Message: "The signature has expired" };
  server.answer = () => ({
    headers: { date: new Date(Date.now() + 20 * 60_000).toUTCString() },
    body: JSON.stringify({ Response: { Error, RequestId: "r" } }),
  });
  const reader = readerOf(cloud, topic);
  process.env.CLS_ENDPOINT = server.url;
  const error = await failure<ReadError>(collect(reader, { from: "begin" }));
  reader.close();
  await server.stop();
  expect(error).toMatchObject({ failure: "clock", code: "AuthFailure.SignatureExpire" });
  expect(error.message).toContain("this machine's clock is 20 minutes behind CLS's");
});

test("batches tell their partition and where to go on", async () => {
  const reader = readerOf(cloud, topic);
  const events = await collect(reader, { from: "begin", follow: false });
  reader.close();
  const last = new Map(batches(events).map(({ partition, nextOffset }) => [partition, nextOffset]));
  expect(last).toEqual(
    new Map([
      [1, 3],
      [2, 3],
    ]),
  );
});
