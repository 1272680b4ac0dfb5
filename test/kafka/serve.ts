/**
 * A broker with a topic that holds so many records, for measurements: prints `{ address, topic, username, password }` and
 * serves until its input ends. The second argument is Kafka's version, 4.3.1 unless it is given.
 */
import { Kafka, logLevel } from "kafkajs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Broker, KEY, type KafkaVersion, USER } from "./brokers";

const TOPIC = "bench";
const PARTITIONS = 6;
const count = Number(process.argv[2]);
const version = (process.argv[3] ?? "4.3.1") as KafkaVersion;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tencent-logs-"));
  const broker = await Broker.start(version, folder);
  const password = `${KEY.secretId}#${KEY.secretKey}`;
  const sasl = { mechanism: "plain", username: USER, password } as const;
  const client = new Kafka({ clientId: "bench", brokers: [broker.address], sasl, logLevel: logLevel.NOTHING });
  await fill(client);
  process.stdout.write(`${JSON.stringify({ address: broker.address, topic: TOPIC, username: USER, password })}\n`);
  for await (const chunk of process.stdin) void chunk;
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function fill(client: Kafka): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const topics = [{ topic: TOPIC, numPartitions: PARTITIONS, replicationFactor: 1 }];
  while ((await admin.createTopics({ topics }).catch(() => undefined)) === undefined) await wait(500);
  // The first group of a broker waits until it has loaded what it knows of groups: not ours to measure.
  while ((await admin.fetchOffsets({ groupId: "warm", topics: [TOPIC] }).catch(() => undefined)) === undefined)
    await wait(500);
  await admin.disconnect();
  const producer = client.producer();
  await producer.connect();
  for (let from = 0; from < count; from += 5_000) {
    const messages = Array.from({ length: Math.min(5_000, count - from) }, (_, index) => recordOf(from + index));
    await producer.send({ topic: TOPIC, messages });
  }
  await producer.disconnect();
}

/** About 330 bytes, one in 10,000 a failure of the server. */
function recordOf(n: number): { value: string; partition: number } {
  const path = `/v1/orders/${(n * 7919) % 100_003}/items?page=${n % 50}&token=${"x".repeat(60)}`;
  const status = n % 10_000 === 77 ? 503 : 200;
  const fields = { n, service: "orders", status: String(status), method: "GET", path, bytes: (n * 31) % 50_000 };
  const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36";
  return { value: JSON.stringify({ ...fields, request_time: (n % 900) / 1000, agent }), partition: n % PARTITIONS };
}

void main();
