import { createRequire } from "node:module";
import { readWithOurs } from "../lib/ours.mjs";

const require = createRequire(import.meta.url);

/** What each output creates from a record, in memory that it retains until a batch is full. */
const URL_SECRET = { urlSecret: "LOGS_SECRET_URL" };
const OUTPUTS = {
  cls: { name: "cls", settings: { type: "cls", topicId: "topic", region: "ap-guangzhou" } },
  elasticsearch: { name: "elasticsearch", part: true, settings: { ...URL_SECRET, index: "access" } },
  "otlp-protobuf": { name: "otlp", part: true, settings: { ...URL_SECRET, encoding: "protobuf" } },
  "otlp-json": { name: "otlp", part: true, settings: { ...URL_SECRET, encoding: "json" } },
};

const FIELDS = {
  timeField: "__TIMESTAMP__",
  severityField: "level",
  bodyField: "message",
  traceIdField: "trace_id",
  spanIdField: "span_id",
};

/** Approximate records of one request. */
const BATCH = 2_000;

export const logs = Object.keys(OUTPUTS);

/** Reading records and encoding them for a request, compared with only parsing each record to an object. */
export default (kind) => ({
  name: `encoding for ${kind}`,
  judgesCpu: true,
  ours: (path) => encode(path, kind),
  rivals: [
    {
      name: "parse alone",
      atLeast: 0.6,
      open: (path) => () => readWithOurs(path, "json", makeAll),
    },
  ],
});

function makeAll(batch) {
  for (const { fields } of batch) if (!fields) throw new Error("a record must have fields");
}

function encode(path, kind) {
  process.env.LOGS_SECRET_URL = "http://127.0.0.1:1";
  const { name, part, settings } = OUTPUTS[kind];
  const folder = "../../dist/functions/outputs";
  const [Output] = Object.values(require(`${folder}/${name}-output.js`));
  const beside = part ? [require(`../../dist/parts/out-${name}.js`)] : [];
  const { OwnRecords } = require(`${folder}/kept-records.js`);
  const { Connections } = require(`${folder}/connections.js`);
  const context = {
    ...{ output: "out", input: { name: "i", path: "i" }, stream: "", onFailure: "fail", hasOthers: false },
    ...{ signal: new AbortController().signal, endsAt: Infinity, now: Date.now(), connections: new Connections() },
  };
  const limits = { maxBatchRecords: BATCH, maxBatchBytes: 2 ** 30, compression: "none" };
  const output = new Output({ onFailure: "fail", ...FIELDS, ...limits, ...settings }, context, ...beside);
  const id = "0123456789abcdef0123456789abcdef";
  return () => {
    let own = new OwnRecords();
    let items = [];
    const end = () => {
      output.request(items.map(({ item }) => item));
      items = [];
      own = new OwnRecords();
    };
    return readWithOurs(path, "json", (batch) => {
      for (const record of batch) {
        items.push(output.make(own.own(record), id, record));
        if (items.length === BATCH) end();
      }
    });
  };
}
