import { inflateRawSync } from "node:zlib";
import { createOutputs } from "../../../functions/outputs/create";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import type { OutputSettings } from "../../../functions/settings";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf, INPUT, textsUnder } from "../support/outputs";
import { recordsOf } from "../support/records";

const cos = withCosServer();
const REGION = "ap-guangzhou";
const INVALID: OutputSettings = {
  type: "cos",
  onFailure: "fail",
  bucket: "out-1250000000",
  region: REGION,
  prefix: "invalid/",
  maxPartBytes: 1000,
};
const HOOK: OutputSettings = {
  type: "webhook",
  onFailure: "quarantine",
  urlSecret: "LOGS_SECRET_HOOK",
  format: "json",
  maxBatchRecords: 100,
};
const TOPIC: OutputSettings = { type: "cls", onFailure: "quarantine", topicId: "topic-1", region: REGION };
const DEEP = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;

let service: TestServer;
beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  service = await TestServer.start();
  process.env.CLS_ENDPOINT = process.env.LOGS_SECRET_HOOK = service.url;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await service.stop();
});

/** Records with these lines, whether or not they are JSON. */
function linesAsTheyAre(...lines: string[]): OutgoingRecord[] {
  const places = recordsOf(lines.map(() => "{}")).map(({ place }) => place);
  return lines.map((line, index) => new LineRecord(Buffer.from(line), places[index]));
}

async function write(outputs: Record<string, OutputSettings>, name: string, records: readonly OutgoingRecord[]) {
  const made = createOutputs({ outputs }, INPUT, contextOf());
  await made.named.get(name)?.write(records);
  await Promise.all(made.all.map((output) => output.flush()));
  return made.reports();
}

const invalid = () => {
  const texts = textsUnder(cos(), `out-1250000000/invalid/${INPUT.path}/`);
  return Object.entries(texts).map(([name, text]) => [name, JSON.parse(text.split("\n")[0])] as const);
};

describe("a record of which an output can make nothing", () => {
  it.each([
    ["a webhook's, where its line is no JSON", "hook", HOOK, "no JSON", "TypeError"],
    ["a topic's, where JavaScript cannot write its fields", "topic", TOPIC, DEEP, "RangeError"],
  ])("is that record's failure: %s", async (_, name, settings, line, kind) => {
    const records = linesAsTheyAre('{"n":0}', line, '{"n":2}');
    const reports = await write({ [name]: settings, invalid: INVALID }, name, records);
    expect(reports).toMatchObject({ [name]: { records: 2, failed: 1 }, invalid: { records: 1 } });
    expect(service.requests).toHaveLength(1);
    const [[key, { reason, line: at, text }]] = invalid() as [string, { reason: string; line: number; text: string }][];
    expect(key).toBe(`${name}-00000-000.jsonl.gz`);
    expect([at, text]).toEqual([2, line]);
    expect(reason).toMatch(new RegExp(`^output ${name}: ${kind}: `));
  });

  it("waits alone in quarantine where there is no output for such", async () => {
    const records = linesAsTheyAre('{"n":0}', DEEP, '{"n":2}');
    expect(await write({ topic: TOPIC }, "topic", records)).toMatchObject({
      topic: { records: 2, failed: 1, quarantined: 1 },
    });
    expect(decodeLogGroupList(inflateRawSync(service.requests[0].body)).flat()).toHaveLength(2);
    const left = textsUnder(cos(), `notes-1250000000/quarantine/outputs/topic/${INPUT.path}/`);
    expect(Object.keys(left)).toEqual(["failed-000000.json", "failed-000000.jsonl.gz"]);
    expect(left["failed-000000.jsonl.gz"]).toContain(DEEP);
    expect(JSON.parse(left["failed-000000.json"])).toMatchObject({ records: 1, reason: { code: "LOGS_RECORD" } });
  });

  it("does not lose the others to it, and no line makes a body that is no JSON", async () => {
    const lines = [
      "  {}",
      " \t{ }\t ",
      '\r{"a":1} ',
      "{}",
      '{"log_id":"own"}',
      '{"}":"{"}',
      "",
      "[]",
      "{",
      '{"a":1}}',
      '{"a":1},{"b":2}',
      "\ufeff{}",
      "null",
    ];
    const reports = await write({ hook: HOOK, invalid: INVALID }, "hook", linesAsTheyAre(...lines));
    expect(reports).toMatchObject({ hook: { records: 6, failed: 7 }, invalid: { records: 7 } });
    const sent = JSON.parse(service.requests[0].body.toString()) as { log_id: string }[];
    expect(sent).toHaveLength(6);
    for (const { log_id } of sent) expect(log_id).toMatch(/^([0-9a-f]{32}|own)$/);
  });
});
