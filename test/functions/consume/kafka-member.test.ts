import { KafkaMember, type KafkaMemberOptions, type MemberEvent } from "../../../functions/consume";
import type { KafkaConsumerOptions } from "../../../functions/consume/kafka/kafka-part";
import { requirePrivate } from "../../../functions/consume/kafka/plaintext";
import { connectConsumer } from "../../../parts/kafka/consumer";

const SECRET = "theSecretKeyOfThisTest";

function member(options: Partial<KafkaMemberOptions>): KafkaMember {
  return new KafkaMember({
    topics: [{ name: "access", topicId: "access", region: "ap-guangzhou" }],
    brokers: ["127.0.0.1:9"],
    group: "monitor",
    consumer: "one",
    username: "logset",
    credentials: () => ({ secretId: "AKIDx", secretKey: SECRET }),
    part: { connectConsumer },
    tell: () => undefined,
    ...options,
  });
}

async function failureOf(of: KafkaMember): Promise<string> {
  try {
    for await (const batch of of.batches()) throw new Error(`no batch must come, got one of ${batch.partition}`);
  } catch (error) {
    return String((error as Error).stack);
  }
  throw new Error("it must fail");
}

test.each([
  ["8.8.8.8", true],
  ["2001:db8::1", true],
  ["11.0.0.1", true],
  ["172.32.0.1", true],
  ["10.1.2.3", false],
  ["172.16.0.9", false],
  ["192.168.1.1", false],
  ["169.254.0.4", false],
  ["127.0.0.1", false],
  ["::1", false],
  ["fd00::2", false],
])("a broker at %s is refused: %s", (address, isRefused) => {
  if (isRefused)
    expect(() => requirePrivate(address)).toThrow(/must have a private address, got .*allowPlaintext: true/);
  else expect(() => requirePrivate(address)).not.toThrow();
});

test("no connection is made to a public address, and the error does not hold the key", async () => {
  const failure = await failureOf(member({ brokers: ["203.0.113.7:9095"] }));
  expect(failure).toMatch(/a broker must have a private address, got 203\.0\.113\.7/);
  expect(failure).not.toContain(SECRET);
}, 30_000);

test("a temporary key is refused: the protocol has no place for its token", async () => {
  const credentials = () => ({ secretId: "AKIDx", secretKey: SECRET, sessionToken: "token" });
  const failure = await failureOf(member({ credentials }));
  expect(failure).toMatch(/must be given a permanent key, got a temporary one/);
  expect(failure).not.toContain(SECRET);
});

/** A client that has partition 0, which another member had before: it held 7, and the oldest is 10 by now. */
function clientBehind(committed: number[]): KafkaMemberOptions["part"] {
  const at = (offset: number) => Promise.resolve(new Map([[0, offset]]));
  let position = 12;
  const record = (offset: number) => ({
    offset: String(offset),
    timestamp: String(Date.now()),
    value: Buffer.from(`{"n":"${offset}"}`),
  });
  const connect = (options: KafkaConsumerOptions) => ({
    async run(handle: (batch: object) => Promise<boolean>) {
      // It was written down when the group began, and is lost until the partition comes here.
      position = 7;
      options.joined({ access: [0] }, "member-1");
      const heartbeat = () => Promise.resolve();
      const fetched = { topic: "access", partition: 0, endOffset: 12, heartbeat };
      const rest = [10, 11, 12].map(record);
      void (async () => {
        for (let tries = 0; tries < 3 && !(await handle({ ...fetched, records: rest.slice(0, 2) })); tries++);
        await handle({ ...fetched, endOffset: 13, records: rest.slice(2) });
      })();
    },
    commit: (_topic: string, _partition: number, offset: number) => Promise.resolve(void committed.push(offset)),
    positions: () => at(position),
    setPositions: () => Promise.resolve(),
    bounds: () => Promise.resolve({ oldest: new Map([[0, 10]]), end: new Map([[0, 12]]) }),
    offsetsAt: () => at(10),
    leave: () => Promise.resolve(),
  });
  return { connectConsumer: (options) => Promise.resolve(connect(options) as never) };
}

test.each([
  ["begin", [10, 11, 12], 3],
  ["end", [12], 5],
] as const)(
  "a hole before a partition that comes from another member is told, and %s is taken",
  async (onLost, expected, hole) => {
    const events: MemberEvent[] = [];
    const committed: number[] = [];
    const one = member({
      credentials: undefined,
      onLost,
      part: clientBehind(committed),
      tell: (event) => void events.push(event),
    });
    const handled: number[] = [];
    for await (const batch of one.batches()) {
      handled.push(...batch.records.map((record) => Number(record.get("n"))));
      await batch.commit();
      if (handled.includes(12)) break;
    }
    expect(handled).toEqual(expected);
    expect(events.filter(({ kind }) => kind === "lost")).toEqual([expect.objectContaining({ offset: 7, hole })]);
    expect(committed.at(-1)).toBe(13);
  },
);

test("a hole that must not be is the member's end", async () => {
  const failure = await failureOf(member({ credentials: undefined, onLost: "fail", part: clientBehind([]) }));
  expect(failure).toMatch(
    /LostPositionError: partition 0 of access must keep offset 7, got 10 as its oldest: 3 are lost/,
  );
});
