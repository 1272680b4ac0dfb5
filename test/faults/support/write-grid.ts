import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { LocalCloud } from "../../../local/cloud";
import { cosEvent, cosRecord } from "../../functions/support/events";
import { TestServer } from "../../functions/support/http-server";
import { KafkaBroker } from "../../functions/support/kafka-broker";
import { takeRecords } from "../../functions/support/taking-server";
import { rowsOf } from "../../functions/support/parquet";
import { BUCKET, REGION } from "../../local/support/plan";
import { FaultProxy } from "./fault-proxy";
import { Instance, type Ended } from "./instance";
import type { WriteFault, WriteKind } from "./write-faults";

/** What delivers records: objects in COS, or events of CLS. */
export type Source = "batch" | "stream";

/** One run: an input is delivered during the fault, then everything that is left is replayed. */
export interface WriteCase {
  readonly fault: WriteFault;
  /** Number of failing requests; later ones succeed. */
  readonly times: number;
  readonly records: number;
}

const DIST = join(__dirname, "../../../dist");
const HANDLERS: Readonly<Record<Source, string>> = {
  batch: join(DIST, "handlers/cos-batch/index.js"),
  stream: join(DIST, "handlers/cls-stream/index.js"),
};
/** Parts next to the handler, by kind of output. */
const PARTS: Partial<Record<WriteKind, string>> = {
  ckafka: "out-kafka.js",
  parquet: "out-parquet.js",
  elasticsearch: "out-elasticsearch.js",
  "otlp-protobuf": "out-otlp.js",
  "otlp-json": "out-otlp.js",
};
const TOPIC = "written";
const PARQUET = {
  type: "parquet",
  partitionBy: "dt=%Y-%m-%d",
  timeField: "__TIMESTAMP__",
  utcOffset: "+00:00",
  rowGroupMb: 1,
  compression: "snappy",
};
/** Time of the invocation with the fault, in milliseconds: requests without an answer use half of it. */
const TIME_LIMIT_MS = 1_300;

/** Time of the others, in milliseconds. */
const PATIENT_MS = 60_000;

/** Success answers of the bots. */
const TAKEN: Readonly<Record<string, string>> = {
  json: "",
  wecom: '{"errcode":0,"errmsg":"ok"}',
  dingtalk: '{"errcode":0,"errmsg":"ok"}',
  feishu: '{"code":0,"msg":"success"}',
  slack: "ok",
};

/** Outputs for which a repeat creates no duplicates. */
const ONCE: readonly WriteKind[] = ["cos", "parquet", "elasticsearch"];

/** Whether records are written to a search cluster, or a collector. */
function isServer(kind: WriteKind): boolean {
  return kind === "elasticsearch" || kind.startsWith("otlp-");
}

/** Counts of the cases, for the final report. */
export class WriteTally {
  cases = 0;
  records = 0;
  copies = 0;
  faults = 0;
  replays = 0;

  toString(): string {
    const { cases, faults, records, copies, replays } = this;
    return `${cases} cases, ${faults} faults, ${records} records in and out, ${copies} copies, ${replays} replays`;
  }
}

/** A function with one output, the services that it writes to, and the proxies between them. */
export class WriteGrid {
  readonly #ids: string[] = [];
  /** Records that a search cluster or a collector has accepted. */
  #taken: readonly string[] = [];
  readonly #toCloud: FaultProxy;
  readonly #toHook: FaultProxy;
  #instance!: Instance;
  #runs = 0;
  #brokerFaults = 0;

  private constructor(
    private readonly cloud: LocalCloud,
    private readonly source: Source,
    private readonly kind: WriteKind,
    private readonly hook: TestServer,
    private readonly broker: KafkaBroker,
  ) {
    this.#toCloud = new FaultProxy(cloud.endpoint);
    this.#toHook = new FaultProxy(hook.url);
  }

  static async open(cloud: LocalCloud, source: Source, kind: WriteKind): Promise<WriteGrid> {
    const broker = new KafkaBroker([TOPIC]);
    await broker.listen();
    const grid = new WriteGrid(cloud, source, kind, await TestServer.start(), broker);
    await grid.#start();
    return grid;
  }

  async close(): Promise<void> {
    this.#instance.kill();
    await Promise.all([this.#toCloud.stop(), this.#toHook.stop(), this.hook.stop(), this.broker.close()]);
  }

  /** Runs a case; resolves to its errors. */
  async run({ fault, times, records }: WriteCase, tally: WriteTally): Promise<string[]> {
    const name = `${this.source} to ${this.kind}, ${fault.name}, ${times} times`;
    const run = `${this.source}-${this.kind}-${++this.#runs}`;
    const ids = Array.from({ length: records }, (_, n) => `${run}-${n}`);
    const event = await this.#eventOf(run, ids);
    const lift = await this.#spoil(fault, times);
    const first = await this.#invoke(event, TIME_LIMIT_MS);
    await lift();
    const wrong = await this.#replayAll(run, event, first, tally);
    const { missing, twice } = await this.#compare(ids);
    tally.cases++;
    tally.records += ids.length;
    tally.copies += twice;
    if (missing > 0) wrong.push(`${missing} of ${records} are missing`);
    if (ONCE.includes(this.kind) && twice > 0) wrong.push(`${twice} are there twice`);
    return wrong.map((what) => `${name}: ${what}; ${first.error ?? JSON.stringify(first.summary)}`);
  }

  /** SCF's retry of a failed invocation, then a replay of each note. */
  async #replayAll(run: string, event: object, first: Ended, tally: WriteTally): Promise<string[]> {
    if (first.error !== undefined) {
      tally.replays++;
      const again = await this.#invoke(event);
      if (again.error !== undefined) return [`its retry failed: ${again.error}`];
    }
    const wrong: string[] = [];
    for (const key of this.#notes(run)) {
      // The replay of an input also removes the notes of its batches.
      if (!this.cloud.bucket(BUCKET).head(key)) continue;
      const note = JSON.parse(String(await this.cloud.bucket(BUCKET).read(key))) as Record<string, unknown>;
      tally.replays++;
      const again = await this.#invoke(note.lines === undefined ? event : { redeliver: key });
      if (again.error !== undefined) wrong.push(`the replay of ${key} failed: ${again.error}`);
    }
    const left = this.#notes(run);
    return left.length === 0 ? wrong : [...wrong, `${left.length} notes are left: ${left[0]}`];
  }

  #invoke(event: object, timeLimitMs = PATIENT_MS): Promise<Ended> {
    return this.#instance.invoke(event, { request_id: "scf-1", time_limit_in_ms: timeLimitMs });
  }

  /** Keys of a run's notes: for its input, or for batches of it. */
  #notes(run: string): string[] {
    const keys = this.cloud.bucket(BUCKET).keys(`${this.#folder}quarantine/`);
    return keys.filter((key) => key.endsWith(".json") && new RegExp(`${run}(\\.gz)?[./]`).test(key));
  }

  get #folder(): string {
    return `grid-${this.source}-${this.kind}/`;
  }

  /** Checks which records of the case arrived, and how often. */
  async #compare(ids: readonly string[]): Promise<{ missing: number; twice: number }> {
    const found = new Map<string, number>();
    for (const id of await this.#arrived()) found.set(id, (found.get(id) ?? 0) + 1);
    const counts = ids.map((id) => found.get(id) ?? 0);
    return {
      missing: counts.filter((count) => count === 0).length,
      twice: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    };
  }

  async #arrived(): Promise<string[]> {
    if (this.kind === "cos") {
      const bucket = this.cloud.bucket(BUCKET);
      const texts = bucket
        .keys(`${this.#folder}out/`)
        .map(async (key) => gunzipSync(await bucket.read(key)).toString());
      return idsIn((await Promise.all(texts)).join(""));
    }
    if (this.kind === "parquet") {
      const bucket = this.cloud.bucket(BUCKET);
      const files = bucket.keys(`${this.#folder}out/`).map(async (key) => rowsOf(await bucket.read(key)));
      return (await Promise.all(files)).flat().map(({ id }) => String(id));
    }
    if (this.kind === "cls") return this.#ids;
    if (this.kind === "ckafka")
      return idsIn((this.broker.records.get(TOPIC) ?? []).map(({ value }) => value.toString()).join(""));
    if (isServer(this.kind)) return idsIn(this.#taken.join(""));
    return idsIn(this.hook.requests.map(({ body }) => body.toString()).join(""));
  }

  async #eventOf(run: string, ids: readonly string[]): Promise<object> {
    if (this.source === "stream") {
      const records = ids.map((id) => ({ timestamp: "1605578090000000", content: JSON.stringify({ id }) }));
      const logs = { topic_id: `from-${run}`, topic_name: "from", records };
      return { clslogs: { data: gzipSync(JSON.stringify(logs)).toString("base64") } };
    }
    const key = `${this.#folder}in/${run}.gz`;
    await this.cloud.bucket(BUCKET).put(key, gzipSync(ids.map((id) => `${JSON.stringify({ id })}\n`).join("")));
    return cosEvent(cosRecord(BUCKET, key));
  }

  /** Starts the fault; the returned function ends it. */
  async #spoil({ http, kafka, of }: WriteFault, times: number): Promise<() => Promise<void>> {
    let left = times;
    if (this.kind === "ckafka" && of === undefined) {
      if (kafka !== "refused") {
        this.broker.faults = Array.from({ length: Math.min(times, 100) }, () => kafka);
        const before = this.broker.faults.length;
        return async () => {
          this.#brokerFaults += before - this.broker.faults.length;
          this.broker.faults = [];
        };
      }
      const port = Number(this.broker.address.split(":")[1]);
      await this.broker.close();
      return () => this.broker.listen(port);
    }
    const isCloud = of === "DELETE" || this.#isObjects || this.kind === "cls";
    const proxy = isCloud ? this.#toCloud : this.#toHook;
    if (http === "refused") {
      await proxy.stop();
      return () => proxy.start();
    }
    proxy.fault = ({ method, host, path }) => {
      const isMeant = of === "DELETE" ? method === "DELETE" : this.#isWrite(method, host, path);
      if (!isMeant || left-- <= 0) return undefined;
      return typeof http === "function" ? http(this.kind) : http;
    };
    return async () => void (proxy.fault = () => undefined);
  }

  #isWrite(method: string, host: string, path: string): boolean {
    if (this.kind === "cls") return host.includes(".cls.");
    return !this.#isObjects || (method === "PUT" && path.startsWith(`/${this.#folder}out/`));
  }

  /** Whether it writes objects, so that records exist once. */
  get #isObjects(): boolean {
    return this.kind === "cos" || this.kind === "parquet";
  }

  get spoilt(): number {
    return this.#toCloud.spoilt + this.#toHook.spoilt + this.#brokerFaults;
  }

  async #start(): Promise<void> {
    const { cloud, kind, hook } = this;
    if (isServer(kind)) this.#taken = takeRecords(hook);
    else hook.answer = () => ({ body: TAKEN[kind] });
    cloud.topic("access").onRecords(async (records) => {
      this.#ids.push(...records.map(({ contents }) => contents.id));
    });
    await Promise.all([this.#toCloud.start(), this.#toHook.start()]);
    const { secretId, secretKey } = cloud.cam.ownerKey;
    const environment = {
      COS_ENDPOINT: this.#toCloud.url,
      CLS_ENDPOINT: this.#toCloud.url,
      LOGS_SECRET_HOOK: this.#toHook.url,
      TENCENTCLOUD_SECRETID: secretId,
      TENCENTCLOUD_SECRETKEY: secretKey,
    };
    const settings = {
      version: 1,
      region: REGION,
      processor: { type: "count" },
      outputs: { out: this.#output() },
      quarantine: { bucket: BUCKET, region: REGION, prefix: `${this.#folder}quarantine/` },
    };
    const part = PARTS[kind];
    const files = part === undefined ? {} : { [part]: readFileSync(join(DIST, "parts", part), "utf8") };
    this.#instance = new Instance(environment, settings, files, HANDLERS[this.source]);
  }

  #output(): object {
    const { kind, cloud, broker } = this;
    if (this.#isObjects) {
      const format = kind === "parquet" ? PARQUET : undefined;
      return { type: "cos", bucket: BUCKET, region: REGION, prefix: `${this.#folder}out/`, maxPartBytes: 400, format };
    }
    if (kind === "cls") return { type: "cls", topicId: cloud.topic("access").id, region: REGION };
    if (kind === "ckafka") return { type: "ckafka", brokers: [broker.address], topic: TOPIC };
    if (kind === "elasticsearch")
      return { type: kind, urlSecret: "LOGS_SECRET_HOOK", index: "logs", maxBatchRecords: 10 };
    if (kind === "otlp-protobuf" || kind === "otlp-json") {
      const encoding = kind.slice("otlp-".length);
      return { type: "otlp", urlSecret: "LOGS_SECRET_HOOK", encoding, maxBatchRecords: 10 };
    }
    return { type: "webhook", urlSecret: "LOGS_SECRET_HOOK", format: kind, maxBatchRecords: 10, maxPerMinute: 60_000 };
  }
}

function idsIn(text: string): string[] {
  return [...text.matchAll(/\\?"id\\?":\\?"([\w-]+)/g)].map(([, id]) => id);
}

/** Runs cases, sequentially within a grid and with all grids concurrently; throws failures. */
export async function runGrids(
  cloud: LocalCloud,
  grids: readonly (readonly [Source, WriteKind])[],
  casesOf: () => readonly WriteCase[],
  tally: WriteTally,
): Promise<void> {
  const wrong = grids.map(async ([source, kind]) => {
    const grid = await WriteGrid.open(cloud, source, kind);
    try {
      const all: string[] = [];
      for (const one of casesOf()) all.push(...(await grid.run(one, tally)));
      tally.faults += grid.spoilt;
      return all;
    } finally {
      await grid.close();
    }
  });
  const all = (await Promise.all(wrong)).flat();
  if (all.length > 0) throw new Error(`${all.length} faults went wrong:\n${all.slice(0, 12).join("\n")}`);
}
