/**
 * `npm run test:kafka [-- --quick]`: tests processes that share partitions, with real brokers of the oldest and the
 * newest relevant Kafka, and with the local cloud's consumer groups. Exit status 1 if a record is skipped, 3 if there
 * is no Java, no Maven, or no registry.
 */
import { Kafka, logLevel } from "kafkajs";
import { setTimeout as wait } from "node:timers/promises";
import { SimulatedClock } from "../../local/clock";
import { LocalCloud } from "../../local/cloud";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { Broker, type KafkaVersion, KEY, USER } from "./brokers";
import { tellStory, Worker, type Stage, type Told } from "./group";

const isQuick = process.argv.includes("--quick");

async function main(folder: string): Promise<number> {
  const report = new Report();
  const story = "one of three is killed, one stopped, one added, one hangs, the service restarts: nothing is skipped";
  const versions: readonly KafkaVersion[] = isQuick ? ["4.3.1"] : ["4.3.1", "1.1.1"];
  try {
    for (const version of versions) {
      const broker = await report.step(`Kafka ${version}`, "starts", () => Broker.start(version, folder));
      try {
        await report.step(`Kafka ${version}`, isQuick ? "a group of one handles all" : story, () =>
          isQuick ? smoke(broker) : withBroker(broker),
        );
      } finally {
        await broker.stop();
      }
    }
    if (!isQuick) await report.step("CLS's consumer groups", story, withCls);
  } catch (error) {
    if ((error as Error).name === "NotRunError") throw error;
    process.stderr.write(`\n${(error as Error).stack}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
  return 0;
}

const TOPIC = "access";
const PARTITIONS = 6;
const SESSION_SECONDS = 6;

async function smoke(broker: Broker): Promise<void> {
  const stage = await kafkaStage(broker);
  const worker = stage.worker("one");
  try {
    await stage.produce(0, 600);
    for (const started = Date.now(); ; await wait(100)) {
      const numbers = worker.handled.flatMap((batch) => batch.numbers);
      if (numbers.length === 600 && new Set(numbers).size === 600) break;
      if (Date.now() - started > 60_000)
        throw new Error(`600 records must come, got ${numbers.length}: ${worker.said}${JSON.stringify(worker.events)}`);
    }
    await worker.stop();
  } finally {
    await worker.kill();
    await stage.close();
  }
}

async function withBroker(broker: Broker): Promise<void> {
  const stage = await kafkaStage(broker);
  try {
    tell(await tellStory(stage));
  } finally {
    await stage.close();
  }
}

async function kafkaStage(broker: Broker): Promise<Stage & { close(): Promise<void> }> {
  const client = new Kafka({
    clientId: "test",
    brokers: [broker.address],
    sasl: { mechanism: "plain", username: USER, password: `${KEY.secretId}#${KEY.secretKey}` },
    logLevel: logLevel.NOTHING,
  });
  const admin = client.admin();
  await admin.connect();
  const topics = [{ topic: TOPIC, numPartitions: PARTITIONS, replicationFactor: 1 }];
  for (const started = Date.now(); ; await wait(500)) {
    // A broker listens before it is ready.
    const error: unknown = await admin.createTopics({ topics }).catch((failure: unknown) => failure);
    if (!(error instanceof Error)) break;
    if (Date.now() - started > 60_000) throw error;
  }
  const producer = client.producer();
  await producer.connect();
  return {
    sessionSeconds: SESSION_SECONDS,
    async produce(from, count) {
      const messages = numbersFrom(from, count).map((n) => ({
        value: JSON.stringify({ n }),
        partition: n % PARTITIONS,
      }));
      for (;;) {
        // A restarting broker refuses records for a while. Duplicates would be no loss, but would be counted.
        const sent = await producer.send({ topic: TOPIC, messages, acks: -1 }).catch(() => undefined);
        if (sent) return;
        await wait(500);
      }
    },
    worker: (consumer) =>
      new Worker(
        { kind: "kafka", consumer, group: "monitor", topic: TOPIC, brokers: [broker.address], username: USER, sessionSeconds: SESSION_SECONDS }, // prettier-ignore
        { SECRET_ID: KEY.secretId, SECRET_KEY: KEY.secretKey },
      ),
    restart: () => broker.restart(),
    async close() {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}

async function withCls(): Promise<void> {
  const clock = new SimulatedClock(Date.now());
  const stopClock = clock.follow();
  const cloud = await LocalCloud.start({ clock });
  const logset = cloud.cls.createLogset("group", "ap-guangzhou");
  const topic = cloud.cls.createTopic("group", logset, "ap-guangzhou", { partitionCount: PARTITIONS });
  const { secretId, secretKey } = cloud.cam.ownerKey;
  const sessionSeconds = SESSION_SECONDS;
  try {
    tell(
      await tellStory({
        sessionSeconds,
        async produce(from, count) {
          for (const n of numbersFrom(from, count))
            await topic.put([{ time: clock.now(), contents: { n: String(n) } }]);
        },
        worker: (consumer) =>
          new Worker(
            { kind: "cls", consumer, group: "monitor", topic: topic.id, logsetId: topic.logsetId, sessionSeconds },
            { SECRET_ID: secretId, SECRET_KEY: secretKey, CLS_ENDPOINT: cloud.endpoint },
          ),
        async restart() {
          cloud.cls.faults.decide = () => ({ status: 500 });
          await wait(4_000);
          cloud.cls.faults.decide = () => ({});
        },
      }),
    );
  } finally {
    stopClock();
    await cloud.close();
  }
}

function numbersFrom(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

function tell({ records, twice, leaveMs }: Told): void {
  const left = `the one that was stopped left in ${(leaveMs / 1000).toFixed(1)} s`;
  process.stdout.write(`      ${records} records, none skipped, ${twice} handled twice; ${left}\n`);
}

void runSuite("kafka", main);
