import { gzipSync } from "node:zlib";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { changedRecord, SplicedRecord } from "../../../functions/records/spliced-record";
import { openOtlp } from "../../../parts/out-otlp";
import { goodLines } from "../parser/scan/cases";
import { Random } from "../parser/scan/random";
import { logLine } from "../parser/scan/random-lines";
import { edgeChanges, edgeLines } from "../support/edge-lines";
import { requestIn } from "../support/otlp";
import { NOW } from "../support/outputs";
import { asLine, batchesOf } from "../support/scanned";
import { Changes } from "../../../rules";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const SETTINGS = {
  type: "otlp",
  onFailure: "quarantine",
  urlSecret: "LOGS_SECRET_URL",
  timeField: "__TIMESTAMP__",
  severityField: "level",
  bodyField: "message",
  traceIdField: "trace_id",
  spanIdField: "span_id",
  resourceFields: { host: "host" },
  maxBatchRecords: 1000,
  maxBatchBytes: 1024 * 1024,
  compression: "none",
} as const;
const ENCODINGS = ["protobuf", "json"] as const;

/** The request that some records make, as a reader that is not ours has it. */
function requestOf(records: readonly OutgoingRecord[], encoding: (typeof ENCODINGS)[number]) {
  const logs = openOtlp({ ...SETTINGS, encoding }, NOW);
  const items = records.map((record, n) => logs.make(asLine(record), String(n).padStart(32, "0"), record).item);
  const headers = { "content-type": logs.contentType, "content-encoding": "gzip" };
  return requestIn({ body: gzipSync(logs.request(items)), headers });
}

it("says the same of records by the bytes that were read as of their fields, in both encodings", async () => {
  const random = new Random(SEED);
  const many = Array.from({ length: 300 }, () => logLine(random));
  const own = [
    '{"message":"é中\\n🙂","level":"warn","host":"a","__TIMESTAMP__":1605578090123}',
    '{"message":{"a":["b"]},"trace_id":"0AF7651916CD43DD8448EB211C80319C","host":"\\u00e9"}',
    '{"message":null,"":1.50,"log.record.uid":"mine"}',
    `{"message":"${"m".repeat(300)}","long":"${"中".repeat(6_000)}"}`,
    // Longer than what many share, in front of some that are not.
    `{"${"k".repeat(200)}":"${"v".repeat(70_000)}","after":"x"}`,
    ...Array.from({ length: 150 }, (_, n) => JSON.stringify({ n, text: "y".repeat(n * 7), end: "z" })),
  ];
  const records = (await batchesOf([...goodLines(), ...many, ...own, ...edgeLines(random, 300)].join("\n"))).flat();
  const [protobuf, json] = ENCODINGS.map((encoding) => requestOf(records, encoding));
  expect(records.length).toBeGreaterThan(800);
  expect(protobuf).toEqual(requestOf(records.map(asLine), "protobuf"));
  expect(json).toEqual(requestOf(records.map(asLine), "json"));
  expect(json).toEqual(protobuf);
  console.info(`${records.length} records compared (LOGS_SEED=${SEED})`);
});

it("says the same of what rules have changed", async () => {
  const changes = new Changes([
    ["message", "中\n"],
    ["gone", undefined],
    ["level", "error"],
  ]);
  const read = (await batchesOf('{"message":"1","gone":2,"b":"é\\t"}\n{"a":"\\u00e9"}\n')).flat();
  const changed = read.map((record) => changedRecord(record, changes));
  expect(changed[0]).toBeInstanceOf(SplicedRecord);
  for (const encoding of ENCODINGS) {
    const request = requestOf(changed, encoding);
    expect(request).toEqual(requestOf(changed.map(asLine), encoding));
    expect(JSON.stringify(request)).toContain('{"stringValue":"é\\t"}');
  }
});

it("holds no half of a pair of surrogates, which has strict readers refuse the whole request", async () => {
  const lines = [
    '{"a":"\\ud800","b":"x\\uDFFFy\\n","pair":"\\ud83d\\uDE42\\ud83d","in":{"a":["\\udc00"]},"\\ud801":"1","quoted":"\\\\ud800"}',
    '{"level":"\\ud800","host":"\\ud800","message":"\\ud800","trace_id":"\\ud800"}',
  ];
  const records = (await batchesOf(lines.join("\n"))).flat();
  for (const some of [records, records.map(asLine)]) {
    const [protobuf, json] = ENCODINGS.map((encoding) => requestOf(some, encoding));
    expect(json).toEqual(protobuf);
    const text = JSON.stringify(json);
    expect(text).toContain('"pair","value":{"stringValue":"🙂\ufffd"}');
    expect(text).toContain('"quoted","value":{"stringValue":"\\\\ud800"}');
  }
});

it("says the same of changed records, whatever their names and texts", async () => {
  const random = new Random(SEED);
  const read = (await batchesOf(edgeLines(random, 100).join("\n"))).flat();
  const changed = read.map((record) => changedRecord(record, edgeChanges(random, record.fields)));
  expect(changed.filter((record) => record instanceof SplicedRecord).length).toBeGreaterThan(20);
  for (const encoding of ENCODINGS)
    expect(requestOf(changed, encoding)).toEqual(requestOf(changed.map(asLine), encoding));
});
