import { inflateRawSync } from "node:zlib";
import { ClsOutput } from "../../../functions/outputs/cls-output";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import type { FieldTaker } from "../../../functions/records/field-taker";
import { LineRecord } from "../../../functions/records/line-record";
import { changedRecord, SplicedRecord } from "../../../functions/records/spliced-record";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { goodLines } from "../parser/scan/cases";
import { Random } from "../parser/scan/random";
import { logLine } from "../parser/scan/random-lines";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf } from "../support/outputs";
import { edgeChanges, edgeLines } from "../support/edge-lines";
import { asLine, batchesOf } from "../support/scanned";
import { Changes } from "../../../rules";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const SETTINGS = { type: "cls", onFailure: "quarantine", topicId: "topic-1", region: "ap-guangzhou" } as const;

withCosServer();
let cls: TestServer;
beforeEach(async () => {
  cls = await TestServer.start();
  process.env.CLS_ENDPOINT = cls.url;
});
afterEach(async () => {
  await closeContexts();
  await cls.stop();
});

/** The logs that an output makes of records, and how many bytes it says that they are. */
async function logsOf(batches: readonly (readonly OutgoingRecord[])[]) {
  cls.requests.length = 0;
  const output = new ClsOutput(SETTINGS, contextOf({}));
  for (const batch of batches) await output.write(batch);
  await output.flush();
  return cls.requests.flatMap(({ body }) => decodeLogGroupList(inflateRawSync(body)).flat());
}

it("makes the same logs of records by the bytes that were read as of their fields", async () => {
  const random = new Random(SEED);
  const many = Array.from({ length: 400 }, () => logLine(random));
  const own = [
    '{"__TIMESTAMP__":1605578090123,"a":"x"}',
    '{"__TIMESTAMP__":"1605578090123","_b":"\\n"}',
    '{"__TIMESTAMP__":"noon","":1.50}',
    '{"log_id":"mine","10":"ten","2":"two"}',
    '{"a":"x","__TIMESTAMP__":"1605578090123","b":"y"}',
    `{"long":"${"中".repeat(30_000)}","next":[1 , 2]}`,
    `{"${"k".repeat(200)}":"${"v".repeat(20_000)}"}`,
  ];
  const batches = await batchesOf([...goodLines(), ...many, ...own, ...edgeLines(random, 300)].join("\n"));
  const byName = await logsOf(batches);
  expect(byName.length).toBeGreaterThan(800);
  expect(byName).toEqual(await logsOf(batches.map((batch) => batch.map(asLine))));
  console.info(`${byName.length} logs compared (LOGS_SEED=${SEED})`);
});

it("makes the same logs of what rules have changed", async () => {
  const batches = await batchesOf('{"a":"1","gone":2,"b":"é","n":1.0}\n{"a":"\\u00e9"}\n{"10":1}\n');
  const changes = new Changes([
    ["a", "中\n"],
    ["gone", undefined],
    ["new", 5],
  ]);
  const changed = batches.map((batch) => batch.map((record) => changedRecord(record, changes)));
  expect(changed[0][0]).toBeInstanceOf(SplicedRecord);
  const logs = await logsOf(changed);
  expect(logs).toEqual(await logsOf(changed.map((batch) => batch.map(asLine))));
  expect(logs[0]).toMatchObject({ contents: { a: "中\n", b: "é", n: "1", new: "5" } });
});

it("makes the same logs of changed records, whatever their names and texts", async () => {
  const random = new Random(SEED);
  const batches = await batchesOf(edgeLines(random, 100).join("\n"));
  const changed = batches.map((batch) =>
    batch.map((record) => changedRecord(record, edgeChanges(random, record.fields))),
  );
  expect(changed.flat().filter((record) => record instanceof SplicedRecord).length).toBeGreaterThan(20);
  expect(await logsOf(changed)).toEqual(await logsOf(changed.map((batch) => batch.map(asLine))));
});

it("cuts a text that is longer than CLS takes, and leaves those around it as they are", async () => {
  const texts = { a: "x", long: "v".repeat(1024 * 1024 + 1), fits: "w".repeat(1024 * 1024), z: "" };
  const logs = await logsOf([[new HandedRecord(texts)]]);
  expect(logs).toMatchObject([{ contents: { ...texts, long: "v".repeat(1024 * 1024) } }]);
});

/** A record that hands over all of its texts at once, however long they are. */
class HandedRecord extends LineRecord {
  readonly #texts: Readonly<Record<string, string>>;

  constructor(texts: Readonly<Record<string, string>>) {
    super(Buffer.from(JSON.stringify(texts)), { object: "cos://logs-1/a.gz", line: 1, byte: 0 });
    this.#texts = texts;
  }

  handFields(taker: FieldTaker): boolean {
    const names = Object.keys(this.#texts);
    let end = 0;
    const places = Object.values(this.#texts).flatMap((text) => [end, (end += text.length)]);
    taker.texts(names, 0, names.length, Buffer.from(Object.values(this.#texts).join("")), Int32Array.from(places));
    return true;
  }
}
