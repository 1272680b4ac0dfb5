import { inflateRawSync } from "node:zlib";
import { ClsOutput } from "../../../functions/outputs/cls-output";
import type { FieldValue, OutgoingRecord } from "../../../functions/records/contracts";
import { changedRecord, SplicedRecord } from "../../../functions/records/spliced-record";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { goodLines } from "../parser/scan/cases";
import { Random } from "../parser/scan/random";
import { logLine } from "../parser/scan/random-lines";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf } from "../support/outputs";
import { asLine, batchesOf } from "../support/scanned";

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
    `{"long":"${"中".repeat(400_000)}","next":[1 , 2]}`,
    `{"${"k".repeat(200)}":"${"v".repeat(20_000)}"}`,
  ];
  const batches = await batchesOf([...goodLines(), ...many, ...own].join("\n"));
  const byName = await logsOf(batches);
  expect(byName.length).toBeGreaterThan(500);
  expect(byName).toEqual(await logsOf(batches.map((batch) => batch.map(asLine))));
  console.info(`${byName.length} logs compared (LOGS_SEED=${SEED})`);
});

it("makes the same logs of what rules have changed", async () => {
  const batches = await batchesOf('{"a":"1","gone":2,"b":"é","n":1.0}\n{"a":"\\u00e9"}\n{"10":1}\n');
  const changes = new Map<string, FieldValue | undefined>([
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
