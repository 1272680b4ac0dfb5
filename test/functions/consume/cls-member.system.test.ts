import { setTimeout as wait } from "node:timers/promises";
import { SimulatedClock } from "../../../local/clock";
import type { LocalCloud } from "../../../local/cloud";
import type { Topic } from "../../../local/cls/topic";
import { LostPartitionError, Source } from "../../../functions/consume";
import { closeClouds, start } from "../../local/support/cloud";
import { logs, makeTopic, sorted, upTo } from "../support/topics";
import { TestMember, until } from "./support";

// Sessions are a second here, looks a tenth of one, and a busy machine takes its time.
jest.setTimeout(30_000);

let cloud: LocalCloud;
let topic: Topic;
let stopClock: () => void;
const members: TestMember[] = [];
const member = (...args: ConstructorParameters<typeof TestMember> extends [LocalCloud, ...infer R] ? R : never) => {
  const made = new TestMember(cloud, ...args);
  members.push(made);
  return made;
};

beforeEach(async () => {
  // Heartbeats expire by the cloud's time, and members send them by the machine's.
  const clock = new SimulatedClock(Date.now());
  stopClock = clock.follow();
  cloud = await start({ clock });
  topic = makeTopic(cloud, { partitions: 4 });
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((one) => one.leave(0)));
  stopClock();
  await closeClouds();
});

async function put(from: number, count: number): Promise<void> {
  for (let at = from; at < from + count; at++) await topic.put(logs(at, 1));
}

/** Has CLS forget who is silent by now, without the wait for the end of the session. */
const forgetSilent = (): Promise<void> => cloud.clock.advance(1_100);

const handled = (...of: TestMember[]): number[] => sorted(of.flatMap(({ numbers }) => numbers));

test("two members share the partitions, and each record is handled once", async () => {
  const [one, two] = ["one", "two"].map((consumer) => member([topic], { consumer }).start());
  await until(() => one.partitions.length === 2 && two.partitions.length === 2, "a balance");
  await put(0, 40);
  await until(() => handled(one, two).length >= 40, "all records");
  expect(handled(one, two)).toEqual(upTo(40));
  expect(sorted([...one.partitions, ...two.partitions])).toEqual([1, 2, 3, 4]);
});

test("of a partition no batch comes before the one before it is committed, and others do not wait for it", async () => {
  await put(0, 8);
  let open: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (open = resolve));
  const one = member([topic]).start((batch) => (batch.partition === 1 ? slow : undefined));
  await until(() => one.numbers.length >= 6, "the other partitions");
  await put(8, 8);
  await until(() => one.numbers.length >= 12, "the other partitions again");
  expect(one.batches.some(({ partition }) => partition === 1)).toBe(false);
  open();
  await until(() => one.numbers.length >= 16, "all records");
  const ofFirst = one.batches.filter(({ partition }) => partition === 1);
  expect(ofFirst.map(({ startOffset }) => startOffset)).toEqual([0, 2]);
  expect(ofFirst[0]?.nextOffset).toBe(2);
});

test("a partition is handed over once, however long what is worked on takes", async () => {
  await put(0, 4);
  const one = member([topic]).start(() => wait(900));
  await until(() => one.partitions.length === 4, "its partitions");
  await wait(100);
  const two = member([topic], { consumer: "two" }).start();
  await until(() => two.partitions.length === 2 && one.partitions.length === 2, "a balance");
  expect(one.events.filter(({ kind }) => kind === "released")).toHaveLength(2);
  expect(one.member.state().rebalances).toBe(3);
  expect(handled(one, two)).toEqual(upTo(4));
});

test("a member that leaves finishes what it works on, commits, and is silent only then", async () => {
  await put(0, 4);
  const one = member([topic]).start(() => wait(300));
  await until(() => one.member.state().partitions.length === 4, "its partitions");
  await wait(150);
  await one.leave();
  await forgetSilent();
  const done = one.numbers.length;
  expect(done).toBeGreaterThan(0);
  const two = member([topic], { consumer: "two" }).start();
  await until(() => done + two.numbers.length >= 4, "the rest");
  await wait(200);
  expect(handled(one, two)).toEqual(upTo(4));
});

test("what is not done when the time to leave is over comes to another member", async () => {
  await put(0, 4);
  const one = member([topic]).start(({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)))); // prettier-ignore
  await until(() => one.member.state().partitions.length === 4, "its partitions");
  await wait(200);
  const started = Date.now();
  await one.leave(300);
  expect(Date.now() - started).toBeLessThan(1_500);
  await forgetSilent();
  expect(one.failure).toBeInstanceOf(LostPartitionError);
  const two = member([topic], { consumer: "two" }).start();
  await until(() => two.numbers.length >= 4, "all records");
});

test("who was silent for a session notices before it commits, and begins anew", async () => {
  await put(0, 4);
  const one = member([topic]);
  let hang = true;
  one.start(() => {
    // As a process that is stopped: nothing of it runs.
    for (const started = performance.now(); hang && performance.now() - started < 1_300;);
    hang = false;
  });
  await until(() => one.failure !== undefined, "the loss");
  expect(one.failure).toBeInstanceOf(LostPartitionError);
  expect(String(one.failure)).toMatch(/no heartbeat of ours was answered for 1\.\d s, the session is 1 s/);
  await until(() => handled(one).length >= 4, "all records");
  expect(new Set(handled(one)).size).toBe(4);
  expect(one.events.map(({ kind }) => kind)).toContain("expelled");
});

test.each([
  ["begin", upTo(6)],
  ["end", [4, 5]],
] as const)("a group without a position begins at %s, once", async (from, expected) => {
  await put(0, 4);
  const one = member([topic], { start: from }).start();
  await until(() => one.partitions.length === 4, "its partitions");
  await one.leave();
  await forgetSilent();
  // Nobody reads meanwhile: the end must not move.
  await put(4, 2);
  const two = member([topic], { consumer: "two", start: from }).start();
  await until(() => handled(one, two).length >= expected.length, "the records");
  await wait(300);
  expect(handled(one, two)).toEqual(expected);
});

test("a group without a position begins at a time", async () => {
  await put(0, 4);
  await cloud.clock.advance(2_100);
  const time = new Date(cloud.clock.now() - 1_000);
  await put(4, 4);
  const one = member([topic], { start: time }).start();
  await until(() => one.numbers.length >= 4, "the later records");
  expect(handled(one)).toEqual([4, 5, 6, 7]);
});

test("what came of a split is read from its begin, also by a group that began at the end", async () => {
  await put(0, 4);
  const one = member([topic], { start: "end" }).start();
  await until(() => one.partitions.length === 4, "its partitions");
  topic.partitions.split(1, { now: cloud.clock.now() });
  await put(4, 20);
  await until(() => one.partitions.length === 6, "the new partitions");
  await until(() => one.numbers.length >= 20, "all that came since");
  expect(handled(one)).toEqual(upTo(24).slice(4));
});

test("what came of a merge is read from its begin, and the two that were merged to their ends", async () => {
  await put(0, 4);
  const one = member([topic]).start();
  await until(() => one.partitions.length === 4, "its partitions");
  topic.partitions.merge(1, cloud.clock.now());
  await put(4, 20);
  await until(() => one.events.filter(({ kind }) => kind === "ended").length === 2, "the ends of the two");
  await until(() => one.numbers.length >= 24, "all records");
  expect(handled(one)).toEqual(upTo(24));
});

test("a position that is kept no more is told with the size of the hole, and the choice is taken", async () => {
  await put(0, 8);
  const one = member([topic]).start();
  await until(() => one.numbers.length >= 8, "all records");
  await one.leave();
  await forgetSilent();
  await put(8, 12);
  // Of each partition: two are committed, three came since, and of those two are forgotten.
  for (const partition of topic.partitions.all()) for (let index = 0; index < 4; index++) partition.forgetOldest();
  const two = member([topic], { consumer: "two" }).start();
  await until(() => two.numbers.length >= 4, "what is left");
  const lost = two.events.filter(({ kind }) => kind === "lost");
  expect(lost).toHaveLength(4);
  expect(lost[0]).toMatchObject({ offset: 2, resumedAt: 4, hole: 2 });
  await two.leave();
  await forgetSilent();

  for (const partition of topic.partitions.all()) await topic.put(logs(100 + partition.id, 1));
  for (const partition of topic.partitions.all()) while (partition.forgetOldest());
  const three = member([topic], { consumer: "three", onLost: "fail" }).start();
  await three.ended;
  expect(String(three.failure)).toMatch(/must keep offset 5, got 6 as its oldest: 1 are lost/);
});

test("who tells of a lost position for longer than a session keeps its partitions meanwhile", async () => {
  await put(0, 8);
  for (const partition of topic.partitions.all()) partition.forgetOldest();
  cloud.cls.consumerGroups.create(topic.logsetId, "monitor", 1, [topic.id]).commit("earlier", topic.partitions.all().map(({ id }) => ({ topicId: topic.id, partitionId: id, offset: 0 }))); // prettier-ignore
  let isTold = false;
  const told: string[] = [];
  const one = member([topic], {
    tell: async ({ kind }) => {
      told.push(kind);
      if (kind === "lost") await wait(1_200).then(() => (isTold = true));
    },
  }).start(() => expect(isTold).toBe(true));
  await until(() => one.numbers.length >= 4, "what is left");
  expect(told.filter((kind) => kind === "lost")).toHaveLength(4);
  expect(told).not.toContain("expelled");
  expect(one.failure).toBeUndefined();
});

test("ends by itself when all that came before a time is committed, in all partitions, and goes on there later", async () => {
  await put(0, 12);
  const at = new Date(Math.ceil((Date.now() + 300) / 1000) * 1000);
  const members = ["one", "two"].map((consumer) => member([topic], { consumer, until: at }).start(() => wait(20)));
  await until(() => cloud.clock.now() > at.getTime(), "the time");
  await put(12, 8);
  await Promise.all(members.map(({ ended }) => ended));
  expect(members.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  expect(handled(...members)).toEqual(upTo(12));
  await forgetSilent();
  const later = member([topic], { consumer: "three" }).start();
  await until(() => later.numbers.length >= 8, "what came later");
  expect(handled(later)).toEqual(upTo(20).slice(12));
});

test("several topics of a logset are one group; a key that is wrong fails it, and a group that was deleted goes on", async () => {
  const other = cloud.cls.createTopic("other", topic.logsetId, topic.region, { partitionCount: 1 });
  const known = new Map<string, number>();
  const one = member([topic, other], { known, start: "end" }).start();
  await until(() => one.partitions.length === 5, "all partitions");
  await put(0, 4);
  await other.put(logs(4, 1));
  await until(() => one.numbers.length >= 5, "the records of both");
  cloud.cls.consumerGroups.delete(topic.logsetId, "monitor");
  await one.ended;
  expect(String(one.failure)).toMatch(/ResourceNotFound\.ConsumerGroupNotExist/);
  await put(5, 4);
  const two = member([topic, other], { known, start: "end", consumer: "two" }).start();
  await until(() => two.numbers.length >= 4, "what came meanwhile");
  expect(handled(one, two)).toEqual(upTo(9));

  const wrong = member([topic], {
    consumer: "wrong",
    credentials: () => ({ ...cloud.cam.ownerKey, secretKey: "wrong" }),
  });
  await wrong.start().ended;
  expect(wrong.failure).toMatchObject({ failure: "key" });
});

test.each(["before the group is made", "while it is read"])(
  "a topic that is deleted %s stops no other of its group, is told, and is taken up when it is there again",
  async (when) => {
    const other = cloud.cls.createTopic("other", topic.logsetId, topic.region, { partitionCount: 1 });
    const isEarly = when === "before the group is made";
    if (isEarly) cloud.cls.deleteTopic(other.id);
    const one = member([topic, other], { absentMs: 100 }).start();
    await until(() => one.partitions.length === (isEarly ? 4 : 5), "its partitions");
    await put(0, 2);
    if (!isEarly) cloud.cls.deleteTopic(other.id);
    await until(() => one.member.state().absent.length === 1, "the absence");
    await put(2, 4);
    await until(() => one.numbers.length >= 6, "the records of the other topic");
    expect(one.events).toContainEqual({
      kind: "absent",
      topic: expect.objectContaining({ name: "other" }) as unknown,
      reason: `topic ${other.id} must be there in ${topic.region}, got none of that id`,
    });
    expect(one.member.state().isJoined).toBe(true);

    // As a region that denied it for a while.
    (cloud.cls as unknown as { topics: Map<string, Topic> }).topics.set(other.id, other);
    await until(() => one.partitions.length === 5, "all partitions");
    await other.put(logs(6, 1));
    await until(() => one.numbers.length >= 7, "the record of the topic that is there again");
    expect(handled(one)).toEqual(upTo(7));
    expect(one.failure).toBeUndefined();
    expect(one.events.map(({ kind }) => kind)).toContain("present");
  },
);

test("a temporary key that expires in mid-run is taken anew, and no record is missed or handled twice", async () => {
  const document = (body: object): string =>
    JSON.stringify({ version: "2.0", statement: [{ effect: "allow", ...body }] });
  const trust = document({ action: ["name/sts:AssumeRole"], principal: { service: ["cvm.qcloud.com"] } });
  const role = cloud.cam.createRole("reader", trust);
  const read = cloud.cam.createPolicy("read", document({ action: ["cls:*"], resource: ["*"] }));
  cloud.cam.attachPolicy(role.id, read);
  const used = new Set<string>();
  let key = cloud.cam.assumeRole(role);
  const credentials = () => (used.add(key.secretId), key);
  const one = member([topic], { credentials }).start();
  await put(0, 4);
  await until(() => one.numbers.length >= 4, "the first records");

  cloud.cam.expireKeys();
  key = cloud.cam.assumeRole(role);
  await put(4, 4);
  await until(() => one.numbers.length >= 8, "the later records");
  expect(handled(one)).toEqual(upTo(8));
  expect([used.size, one.failure, one.member.state().isJoined]).toEqual([2, undefined, true]);

  // One that nobody renews ends the member, which is told as DOWN and tried again.
  cloud.cam.expireKeys();
  await one.ended;
  expect(one.failure).toMatchObject({ failure: "key" });
});

test("where none of its topics is there, that is the member's end", async () => {
  cloud.cls.deleteTopic(topic.id);
  const one = member([topic]).start();
  await one.ended;
  expect(one.failure).toMatchObject({ failure: "missing" });
});

test("a batch is nobody's to begin with who was silent for a session", async () => {
  await put(0, 8);
  const one = member([topic]);
  const told: boolean[] = [];
  one.start((batch) => {
    told.push(batch.isOurs());
    // As a process that is stopped: nothing of it runs.
    for (const started = performance.now(); performance.now() - started < 1_100;);
    told.push(batch.isOurs());
  });
  await until(() => one.failure !== undefined, "the loss");
  expect(told.slice(0, 2)).toEqual([true, false]);
  expect(one.batches).toEqual([]);
});

test("a source that answers and does not go on, although there is more, is begun anew, and then ends with its reason", async () => {
  await put(0, 4);
  cloud.cls.faults.decide = ({ action }) =>
    action === "pull_log" ? { body: JSON.stringify({ Response: { NextOffset: 0, Message: null } }) } : undefined;
  const told: string[] = [];
  const source = new Source({
    open: () => member([topic], { stallMs: 600 }).member,
    handle: () => Promise.resolve(),
    tell: (event) => void told.push(event.kind),
    signal: new AbortController().signal,
  });
  await expect(source.run()).rejects.toThrow(
    /partition \d of live must go on, got no progress from offset 0 with 1 behind it for 1 s/,
  );
  expect(told).toEqual(["failed"]);
});
