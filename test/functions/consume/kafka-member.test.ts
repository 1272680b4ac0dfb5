import { KafkaMember, type KafkaMemberOptions } from "../../../functions/consume";
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
