import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { Kafka, logLevel } from "kafkajs";
import { LocalCloud } from "../../local/cloud";
import type { Bucket } from "../../local/cos/bucket";
import { FaultProxy, type ProxyFault } from "../faults/support/fault-proxy";
import { Instance } from "../faults/support/instance";
import { seeded } from "../faults/support/random";
import { cosEvent, cosRecord } from "../functions/support/events";
import { Broker, KEY, USER } from "../kafka/brokers";
import { Collector, SearchServer } from "./servers";

const REGION = "ap-guangzhou";
const BUCKET = "peers-1250000000";
const DIST = join(__dirname, "../../dist");
const SEED = Number(process.env.LOGS_SEED ?? 18);

/** Records of a run, and of each object or event that brings them. */
const RECORDS = 10_000;
const PER_INPUT = 500;

/** Each so many records one that an index refuses, for its number is none. */
const REFUSED_EVERY = 1_000;

/** When the first record was written. */
const BEGAN = 1_790_000_000_000;

/** What may become of a request on its way: nothing but the first says whether the peer has it. */
const FAULTS: readonly ProxyFault[] = [
  { type: "reset", isDone: false },
  { type: "reset", isDone: true },
  { type: "answer", isDone: true, status: 503 },
  { type: "answer", isDone: false, status: 429, headers: { "retry-after": "0" } },
  { type: "answer", isDone: false, status: 200, headers: { "content-type": "text/html" }, body: "<html></html>" },
  { type: "half", isDone: true },
];

/** What a run needs of a peer. */
interface Peer {
  readonly output: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** What goes wrong before this input is delivered; what it returns ends that. @param input from 0 */
  disturb(input: number): Promise<() => Promise<void>>;
}

/** What was said of a record that lies in quarantine for good. */
interface Refused {
  readonly message: string;
}

/**
 * Delivers ten thousand records, half as objects and half as events, and replays what is left. Resolves when all is done, to
 * what lies in quarantine still: records that were refused one by one.
 */
async function deliver({ output, environment = {}, files = {}, disturb }: Peer): Promise<Refused[]> {
  const cloud = await LocalCloud.start({});
  const bucket = cloud.cos.createBucket(BUCKET, REGION);
  const { secretId, secretKey } = cloud.cam.ownerKey;
  const keys = { TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey };
  const settings = {
    version: 1,
    region: REGION,
    processor: { type: "count" },
    outputs: { out: output },
    quarantine: { bucket: BUCKET, region: REGION, prefix: "quarantine/" },
  };
  const instances = ["cos-batch", "cls-stream"].map((handler) => {
    const bundle = join(DIST, `handlers/${handler}/index.js`);
    return new Instance({ ...environment, ...keys, COS_ENDPOINT: cloud.endpoint }, settings, files, bundle);
  });
  const invoke = async (handler: number, event: object): Promise<string | undefined> =>
    (await instances[handler].invoke(event, { request_id: "scf-1", time_limit_in_ms: 60_000 })).error;
  try {
    for (let input = 0; input * PER_INPUT < RECORDS; input++) {
      const lines = Array.from({ length: PER_INPUT }, (_, at) => lineOf(input * PER_INPUT + at));
      const key = `in/${input}.gz`;
      if (input % 2 === 0) await bucket.put(key, gzipSync(`${lines.join("\n")}\n`));
      const event = input % 2 === 0 ? cosEvent(cosRecord(BUCKET, key)) : clsEvent(input, lines);
      const end = await disturb(input);
      const failed = await invoke(input % 2, event);
      await end();
      // SCF's own retry.
      const again = failed === undefined ? undefined : await invoke(input % 2, event);
      if (again !== undefined) throw new Error(`input ${input} must be delivered, got ${again}`);
    }
    const notes = (): string[] => bucket.keys("quarantine/").filter((key) => key.endsWith(".json"));
    // Requests go wrong now as well; a batch that is refused for good stays, whoever replays it.
    for (let round = 0; round < 3; round++) for (const note of notes()) await invoke(0, { redeliver: note });
    return (await Promise.all(notes().map((note) => refusedIn(bucket, note)))).flat();
  } finally {
    for (const instance of instances) instance.kill();
    await cloud.close();
  }
}

/** The records of a batch that lies in quarantine for good, each with its reason. */
async function refusedIn(bucket: Bucket, note: string): Promise<Refused[]> {
  const { reason } = JSON.parse((await bucket.read(note)).toString()) as { reason: { records?: Refused[] } };
  if (!reason.records) throw new Error(`the batch of ${note} must be delivered, got ${JSON.stringify(reason)}`);
  const kept = gunzipSync(await bucket.read(note.replace(/json$/, "jsonl.gz"))).toString();
  const records = kept.trimEnd().split("\n").length;
  if (records !== reason.records.length) throw new Error(`${note} must tell why of ${records} records each`);
  return reason.records;
}

function lineOf(number: number): string {
  return JSON.stringify({
    __TIMESTAMP__: BEGAN + number * 1000,
    level: number % 3 === 0 ? "ERROR" : "info",
    message: `request ${number} "done" é🙂`,
    id: `r-${number}`,
    n: number % REFUSED_EVERY === 7 ? "seven" : number,
    trace_id: number.toString(16).padStart(32, "a"),
  });
}

function clsEvent(input: number, lines: readonly string[]): object {
  const records = lines.map((line) => {
    const { __TIMESTAMP__: time, ...content } = JSON.parse(line) as { __TIMESTAMP__: number };
    return { timestamp: `${time}000`, content: JSON.stringify(content) };
  });
  const data = gzipSync(JSON.stringify({ topic_id: `topic-${input}`, topic_name: "peers", records }));
  return { clslogs: { data: data.toString("base64") } };
}

/** Spoils a third of the requests that come to a proxy, and takes it away for some inputs. */
function spoiling(proxy: FaultProxy): Peer["disturb"] {
  const random = seeded(SEED);
  proxy.fault = () => (random() < 1 / 3 ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined);
  return async (input) => {
    if (input % 7 !== 3) return async () => undefined;
    await proxy.stop();
    return () => proxy.start();
  };
}

/** What stands beside the handler for an output. */
function partOf(name: string): Record<string, string> {
  return { [name]: readFileSync(join(DIST, "parts", name), "utf8") };
}

/** How often each id is there; throws where one is missing. */
function copiesOf(ids: readonly string[], expected: number): number {
  const known = new Set(ids);
  if (known.size === expected) return ids.length - known.size;
  const missing = Array.from({ length: RECORDS }, (_, number) => `r-${number}`).filter((id) => !known.has(id));
  throw new Error(`${expected} records must be there, got ${known.size}; some that are not: ${missing.slice(0, 10)}`);
}

/** Elasticsearch's output and OpenSearch: an index for each day, and a data stream. */
export async function search(folder: string, target: "index" | "data stream"): Promise<string> {
  const server = await SearchServer.start(folder);
  const proxy = new FaultProxy(server.url);
  try {
    await proxy.start();
    const mappings = { properties: { n: { type: "long" }, id: { type: "keyword" } } };
    const streams = target === "index" ? {} : { data_stream: {} };
    const template = { index_patterns: ["peers-*"], template: { mappings }, ...streams };
    await server.ask("PUT", "/_index_template/peers", template);
    const refused = await deliver({
      output: {
        type: "elasticsearch",
        urlSecret: "LOGS_SECRET_URL",
        index: target === "index" ? "peers-%Y.%m.%d-%H" : "peers-stream",
        maxBatchRecords: 100,
      },
      environment: { LOGS_SECRET_URL: proxy.url },
      files: partOf("out-elasticsearch.js"),
      disturb: spoiling(proxy),
    });
    const bad = RECORDS / REFUSED_EVERY;
    if (refused.length !== bad || !refused.every(({ message }) => message.includes("field [n] of type [long]"))) {
      throw new Error(`${bad} records must be refused for their field n, got ${JSON.stringify(refused)}`);
    }
    await server.ask("POST", "/peers-*/_refresh");
    const counted = (await server.ask("GET", "/peers-*/_count")).count;
    if (counted !== RECORDS - bad) throw new Error(`${RECORDS - bad} documents must be there, got ${String(counted)}`);
    const found = await server.ask("POST", "/peers-*/_search", {
      size: RECORDS,
      _source: ["id", "@timestamp", "message"],
      track_total_hits: true,
    });
    const { hits } = found.hits as { hits: { _index: string; _source: Record<string, string> }[] };
    copiesOf(
      hits.map(({ _source }) => _source.id),
      RECORDS - bad,
    );
    for (const { _index, _source } of hits) checkDocument(_index, _source, target);
    const indices = new Set(hits.map(({ _index }) => _index)).size;
    return `${counted} documents in ${indices} indices, none twice; ${bad} refused; ${proxy.spoilt} requests spoilt`;
  } finally {
    await proxy.stop();
    await server.stop();
  }
}

function checkDocument(
  index: string,
  { id, message, "@timestamp": time }: Record<string, string>,
  target: string,
): void {
  const number = Number(id.slice(2));
  const written = new Date(BEGAN + number * 1000).toISOString();
  const name = `peers-${written.slice(0, 10).replaceAll("-", ".")}-${written.slice(11, 13)}`;
  const isThere = target === "index" ? index === name : index.startsWith(".ds-peers-stream-");
  if (isThere && time === written && message === `request ${number} "done" é🙂`) return;
  throw new Error(`${id} must be at ${written} in ${name}, got ${index}: ${time} ${message}`);
}

/** OTLP's output and the OpenTelemetry collector. */
export async function otlp(folder: string, encoding: "protobuf" | "json"): Promise<string> {
  const collector = await Collector.start(folder);
  const proxy = new FaultProxy(collector.url);
  try {
    await proxy.start();
    await deliver({
      output: { type: "otlp", urlSecret: "LOGS_SECRET_URL", encoding, maxBatchRecords: 100 },
      environment: { LOGS_SECRET_URL: proxy.url },
      files: partOf("out-otlp.js"),
      disturb: spoiling(proxy),
    });
    const logs = await collector.stopAndRead();
    const copies = copiesOf(
      logs.map((log) => String(attribute(log, "id"))),
      RECORDS,
    );
    const uids = new Set(logs.map((log) => attribute(log, "log.record.uid")));
    if (uids.size !== RECORDS) throw new Error(`copies must have the id of their record, got ${uids.size} ids`);
    for (const log of logs) {
      const number = Number(String(attribute(log, "id")).slice(2));
      const isRight =
        log.body.stringValue === `request ${number} "done" é🙂` &&
        log.timeUnixNano === `${BEGAN + number * 1000}000000` &&
        log.traceId === number.toString(16).padStart(32, "a") &&
        log.severityNumber === (number % 3 === 0 ? 17 : 9);
      if (!isRight) throw new Error(`record ${number} must be as it was, got ${JSON.stringify(log)}`);
    }
    return `${logs.length} records, of which ${copies} came again; ${proxy.spoilt} requests spoilt`;
  } finally {
    await proxy.stop();
    await collector.stop();
  }
}

function attribute({ attributes }: Awaited<ReturnType<Collector["stopAndRead"]>>[number], name: string) {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
}

/** CKafka's output and a broker, which is gone for a while. */
export async function kafka(folder: string): Promise<string> {
  const broker = await Broker.start("4.3.1", folder);
  const password = `${KEY.secretId}#${KEY.secretKey}`;
  const sasl = { mechanism: "plain" as const, username: USER, password };
  const client = new Kafka({
    clientId: "peers",
    brokers: [broker.address],
    sasl,
    logLevel: logLevel.NOTHING,
    retry: { retries: 20 },
  });
  const admin = client.admin();
  const consumer = client.consumer({ groupId: "peers" });
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: "peers", numPartitions: 3, replicationFactor: 1 }] });
    const output = {
      type: "ckafka",
      brokers: [broker.address],
      topic: "peers",
      username: USER,
      passwordSecret: "LOGS_SECRET_PASSWORD",
    };
    let restarts = 0;
    await deliver({
      output,
      environment: { LOGS_SECRET_PASSWORD: password },
      files: partOf("out-kafka.js"),
      async disturb(input) {
        if (input % 7 !== 3) return async () => undefined;
        restarts++;
        const restarted = broker.restart();
        return () => restarted;
      },
    });
    const ids: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: "peers", fromBeginning: true });
    const offsets = await admin.fetchTopicOffsets("peers");
    const total = offsets.reduce((sum, { high }) => sum + Number(high), 0);
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error));
      const eachMessage = async ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
        ids.push((JSON.parse(String(message.value)) as { id: string }).id);
        if (ids.length >= total) resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
    return `${ids.length} messages, of which ${copiesOf(ids, RECORDS)} came again; the broker restarted ${restarts} times`;
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
    await broker.stop();
  }
}
