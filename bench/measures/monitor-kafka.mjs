import { createRequire } from "node:module";
import { KafkaMember, Source } from "../../dist/functions/consume/index.js";
import { Watching } from "../../dist/cli/monitor/watching.js";
import { Gauges } from "../../dist/cli/operate/gauges.js";
import { MemoryStore, readDefinition, Tracker } from "../../dist/monitor/index.js";
import { broker, hasBroker, RECORDS } from "../lib/broker.mjs";

const require = createRequire(import.meta.url);
const { Kafka, logLevel } = require("kafkajs");
const part = require("../../dist/parts/out-kafka.js");

let groups = 0;

/** A monitor's loop over a real broker with six partitions, compared with the usual code for the same client. */
export default {
  name: `watch ${RECORDS.toLocaleString("en")} records of a Kafka broker`,
  ours,
  ...(!hasBroker() && { needs: "Kafka 4.3.1; npm run test:kafka -- --quick fetches it" }),
  rivals: [
    { name: "kafkajs eachMessage, JSON.parse + RegExp", atLeast: 1.3, open: () => kafkajs(eachMessage) },
    // The lower bound: nothing can be faster with this client.
    { name: "kafkajs eachBatch that does nothing", atLeast: 0.7, open: () => kafkajs(eachBatch) },
  ],
};

async function ours() {
  const { address, topic, username, password } = await broker();
  const [secretId, secretKey] = password.split("#");
  const { file } = readDefinition({
    monitors: [{ name: "Errors", match: { status: "^5\\d\\d$" }, group: ["service"], alert: { to: "oncall" } }],
    sources: { bench: { region: "ap-guangzhou", topic, logset: username, form: "pull" } },
    receivers: { oncall: { format: "json", url: { env: "ONCALL" } } },
    state: "memory",
  });
  const store = new MemoryStore();
  const sender = { send: async () => [{ receiver: "oncall", outcome: "taken", ms: 0, attempts: 1 }] };
  const tracker = new Tracker({ file, store, sender, instance: "bench" });
  const watching = new Watching({ file, tracker, sender, store, gauges: new Gauges(), say: console.error });
  return async () => {
    const ending = new AbortController();
    let records = 0;
    const source = new Source({
      signal: ending.signal,
      open: () =>
        new KafkaMember({
          topics: [{ name: "bench", topicId: topic, region: "ap-guangzhou" }],
          brokers: [address],
          username,
          credentials: () => ({ secretId, secretKey }),
          group: `ours-${process.pid}-${groups++}`,
          consumer: "one",
          start: "begin",
          part,
          tell: () => undefined,
        }),
      handle: (batch) => watching.take(batch),
      tell: (event) => {
        if (event.kind === "failed" || event.kind === "unhandled") console.error(event.error);
        if (event.kind !== "handled") return;
        records += event.batch.records.length;
        if (records >= RECORDS) ending.abort(new Error("all is watched"));
      },
    });
    await source.run();
    return `${records} records`;
  };
}

async function kafkajs(runOptions) {
  const { address, topic, username, password } = await broker();
  const sasl = { mechanism: "plain", username, password };
  const client = new Kafka({ clientId: "bench", brokers: [address], sasl, logLevel: logLevel.NOTHING });
  return async () => {
    const consumer = client.consumer({
      groupId: `theirs-${process.pid}-${groups++}`,
      sessionTimeout: 6_000,
      maxWaitTimeInMs: 500,
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    let records = 0;
    await new Promise((resolve, reject) => {
      const count = (more) => (records += more) >= RECORDS && resolve();
      consumer.run({ partitionsConsumedConcurrently: 6, ...runOptions(count) }).catch(reject);
    });
    await consumer.disconnect();
    return `${records} records`;
  };
}

function eachMessage(count) {
  const pattern = /^5\d\d$/;
  const matches = [];
  return {
    eachMessage: async ({ message }) => {
      const record = JSON.parse(message.value.toString());
      if (pattern.test(record.status)) matches.push(record);
      count(1);
    },
  };
}

function eachBatch(count) {
  return { eachBatch: async ({ batch }) => count(batch.messages.length) };
}
