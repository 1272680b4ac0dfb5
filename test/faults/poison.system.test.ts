import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import type { OutputSettings } from "../../functions/settings";
import { decodeLogGroupList } from "../../local/cls/protobuf";
import { CosServer, environmentOf } from "../functions/support/cos-server";
import { cosEvent, cosRecord } from "../functions/support/events";
import { TestServer } from "../functions/support/http-server";
import { KafkaBroker } from "../functions/support/kafka-broker";
import { takeRecords } from "../functions/support/taking-server";
import { Instance } from "./support/instance";
import { DEEP, DEEPEST, POISONS, poisonousProcessor } from "./support/poison";
import { sample, told } from "../runs";

jest.setTimeout(60_000);

const DIST = join(__dirname, "../../dist");
const IN = "logs-1250000000";
const OUT = "out-1250000000";
const GOOD = 20;
/** Where the poisonous record stands among the good ones. */
const AT = 10;
type Kind = OutputSettings["type"];
const EACH_KIND = { cos: 0, cls: 0, webhook: 0, ckafka: 0, elasticsearch: 0, otlp: 0 } satisfies Record<Kind, 0>;
const KINDS = Object.keys(EACH_KIND) as readonly Kind[];
type Handler = "cos-batch" | "cls-stream";
const HANDLERS: readonly Handler[] = ["cos-batch", "cls-stream"];

let cos: CosServer;
let cls: TestServer;
let hook: TestServer;
let search: TestServer;
let collector: TestServer;
let documents: string[];
let collected: string[];
let kafka: KafkaBroker;
let tried = 0;
beforeAll(async () => {
  cos = await CosServer.start();
  [cls, hook, search, collector] = await Promise.all(Array.from({ length: 4 }, () => TestServer.start()));
  [documents, collected] = [takeRecords(search), takeRecords(collector)];
  hook.answer = () => ({ body: '{"errcode":0}' });
  kafka = new KafkaBroker(["logs"]);
  await kafka.listen();
});
afterAll(async () => {
  await Promise.all([cos, cls, hook, search, collector].map((server) => server.stop()));
  await kafka.close();
  console.info(told(`poison: ${tried} records beside ${tried * GOOD} good ones`));
});

/** The settings of every kind of output, by its name; `invalid` is one in COS. */
function outputsOf(): Record<Kind | "invalid", OutputSettings> {
  const base = { onFailure: "fail", region: "ap-guangzhou" } as const;
  const lake = { ...base, type: "cos", bucket: OUT, maxPartBytes: 1024 * 1024 } as const;
  return {
    cos: { ...lake, prefix: "cos/" },
    cls: { ...base, type: "cls", topicId: "topic-1" },
    webhook: {
      type: "webhook",
      onFailure: "fail",
      urlSecret: "LOGS_SECRET_HOOK",
      format: "json",
      maxBatchRecords: 100,
    },
    ckafka: { type: "ckafka", onFailure: "fail", brokers: [kafka.address], topic: "logs" },
    elasticsearch: {
      type: "elasticsearch",
      onFailure: "fail",
      urlSecret: "LOGS_SECRET_SEARCH",
      index: "logs",
      timeField: "time",
      maxBatchRecords: 100,
      maxBatchBytes: 1024 * 1024,
      compression: "gzip",
    },
    otlp: {
      type: "otlp",
      onFailure: "fail",
      urlSecret: "LOGS_SECRET_COLLECTOR",
      encoding: "protobuf",
      timeField: "time",
      severityField: "level",
      bodyField: "message",
      traceIdField: "trace_id",
      spanIdField: "span_id",
      maxBatchRecords: 100,
      maxBatchBytes: 1024 * 1024,
      compression: "gzip",
    },
    invalid: { ...lake, prefix: "invalid/" },
  };
}

function start(handler: Handler, processor: object, files: Record<string, string>, defaultOutput: Kind): Instance {
  const settings = {
    version: 1,
    region: "ap-guangzhou",
    processor,
    outputs: outputsOf(),
    defaultOutput,
    quarantine: { bucket: IN, region: "ap-guangzhou", prefix: "quarantine/" },
  };
  const environment = {
    ...environmentOf(cos),
    CLS_ENDPOINT: cls.url,
    LOGS_SECRET_HOOK: hook.url,
    LOGS_SECRET_SEARCH: search.url,
    LOGS_SECRET_COLLECTOR: collector.url,
  };
  return new Instance(environment, settings, {
    "index.js": readFileSync(join(DIST, "handlers", handler, "index.js"), "utf8"),
    ...partsOf("out-kafka.js", "out-elasticsearch.js", "out-otlp.js"),
    ...files,
  });
}

function partsOf(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(DIST, "parts", name), "utf8")]));
}

/** The event of an input that holds these lines. */
function eventOf(handler: Handler, id: string, lines: readonly string[]): object {
  if (handler === "cos-batch") {
    cos.objects.set(`${IN}/cls/${id}.gz`, gzipSync(lines.join("\n")));
    return cosEvent(cosRecord(IN, `cls/${id}.gz`));
  }
  const records = lines.map((content) => ({ content }));
  const body = JSON.stringify({ topic_id: "topic-0", topic_name: "access", records });
  return { clslogs: { data: gzipSync(body).toString("base64") } };
}

/** The `n` of all that an output of each kind got. */
function arrived(): Record<Kind, Set<unknown>> {
  // A count by shape sends on as it was read what is no JSON.
  const numbers = (lines: readonly string[]) => new Set(lines.map((line) => /^\{"n":"([^"]*)"/.exec(line)?.[1]));
  const logs = cls.requests.flatMap(({ body }) => decodeLogGroupList(inflateRawSync(body)).flat());
  const posted = hook.requests.flatMap(({ body }) => JSON.parse(body.toString()) as { n?: string }[]);
  return {
    cos: numbers(linesUnder(`${OUT}/cos/`)),
    cls: new Set(logs.map(({ contents }) => contents.n)),
    webhook: new Set(posted.map(({ n }) => n)),
    ckafka: numbers((kafka.records.get("logs") ?? []).map(({ value }) => value.toString())),
    elasticsearch: new Set(listsIn<{ n?: string }>(documents).map(({ n }) => n)),
    otlp: new Set(listsIn<{ body: { n?: string } }>(collected).map(({ body }) => body.n)),
  };
}

function listsIn<One>(texts: readonly string[]): One[] {
  return texts.flatMap((text) => JSON.parse(text) as One[]);
}

function linesUnder(prefix: string): string[] {
  const objects = [...cos.objects].filter(([name]) => name.startsWith(prefix));
  return objects.flatMap(([, content]) => gunzipSync(content).toString().trimEnd().split("\n"));
}

interface Invalid {
  readonly reason: string;
  readonly line: number;
  readonly text: string;
}

/** Sends good lines and a poisonous one; resolves to what the output `invalid` got of them. */
async function send(instance: Instance, handler: Handler, id: string, poison: string, kinds: readonly Kind[]) {
  const lines = Array.from({ length: GOOD }, (_, n) => JSON.stringify({ n: `${id}-${n}` }));
  lines.splice(AT, 0, poison);
  for (const got of [cls.requests, hook.requests, search.requests, collector.requests, documents, collected])
    got.length = 0;
  kafka.records.clear();
  for (const name of [...cos.objects.keys()]) if (name.startsWith(OUT)) cos.objects.delete(name);
  const { summary, error } = await instance.invoke(eventOf(handler, id, lines), { time_limit_in_ms: 30_000 });
  expect(error).toBeUndefined();
  expect(summary).toMatchObject({ objects: 1, records: GOOD + 1, quarantined: 0 });
  const numbers = arrived();
  for (const kind of kinds) {
    const missing = Array.from({ length: GOOD }, (_, n) => `${id}-${n}`).filter((n) => !numbers[kind].has(n));
    expect({ kind, missing }).toEqual({ kind, missing: [] });
  }
  tried++;
  const invalid = linesUnder(`${OUT}/invalid/`).map((line) => JSON.parse(line) as Invalid);
  return { invalid, summary };
}

describe.each(HANDLERS)("in an invocation of %s", (handler) => {
  it("whatever the user's code does with one record is that record's failure, at every output", async () => {
    const files = { "processor.js": poisonousProcessor(KINDS) };
    const instance = start(handler, { type: "code" }, files, "cos");
    try {
      for (const [at, poison] of Object.keys(POISONS).entries()) {
        const text = JSON.stringify({ poison });
        const { invalid, summary } = await send(instance, handler, `${handler}-${at}`, text, KINDS);
        const [first] = invalid;
        expect({ poison, failed: summary?.failed, text: first?.text }).toEqual({ poison, failed: 1, text });
        expect(invalid.every(({ line, reason }) => line === AT + 1 && reason !== "")).toBe(true);
      }
      expect(instance.output).toContain("a promise that nobody awaits was rejected");
    } finally {
      instance.kill();
    }
  });

  const rules = {
    "rules.js": readFileSync(join(DIST, "parts/rules.js"), "utf8"),
    "rules.sls": 'e_set("x", str_join("", v("n"), "y"))\n',
  };
  const processors: [string, object, Record<string, string>, string[]][] = [
    ["a count", { type: "count", check: "json" }, {}, [DEEP, DEEPEST]],
    ["a count by shape", { type: "count", check: "shape" }, {}, [DEEP, '{"a":}']],
    ["rules", { type: "rules" }, rules, [DEEP]],
    ["rules that keep", { type: "rules", onError: "keep" }, rules, [DEEP]],
  ];
  it.each(processors)("%s sends on what it can of lines that not every output can take", async (name, ...rest) => {
    const [processor, files, poisons] = rest;
    for (const kind of sample(KINDS, 2)) {
      const instance = start(handler, processor, files, kind);
      try {
        for (const [at, poison] of poisons.entries()) {
          const id = `${handler}-${name}-${kind}-${at}`.replaceAll(" ", "-");
          const { invalid, summary } = await send(instance, handler, id, poison, [kind]);
          const refused = summary?.failed ?? 0;
          expect(invalid.map(({ line, text }) => [line, text === poison])).toEqual(
            refused === 0 ? [] : [[AT + 1, true]],
          );
          if (kind === "cls" && poison === DEEP) expect(refused).toBe(1);
        }
      } finally {
        instance.kill();
      }
    }
  });
});
