import { createOutputs } from "../../../functions/outputs/create";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import type { OutputSettings } from "../../../functions/settings";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf, INPUT } from "../support/outputs";
import { recordsOf } from "../support/records";

withCosServer();
const REGION = "ap-guangzhou";
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

/** What the output did, and which records it could not take. */
async function write(name: string, settings: OutputSettings, records: readonly OutgoingRecord[]) {
  const made = createOutputs({ outputs: { [name]: settings } }, INPUT, contextOf());
  await made.named.get(name)?.write(records);
  await made.named.get(name)?.flush();
  const refused = made.takeRefused().map(({ output, record, error }) => {
    return { output, line: record.place.line, kind: (error as Error).name };
  });
  return { report: made.reports()[name], refused };
}

describe("a record of which an output can make nothing", () => {
  it.each([
    ["a webhook's, where its line is no JSON", "hook", HOOK, "no JSON", "RecordError"],
    ["a topic's, where JavaScript cannot write its fields", "topic", TOPIC, DEEP, "RangeError"],
  ])("is handed back alone: %s", async (_, name, settings, line, kind) => {
    const { report, refused } = await write(name, settings, linesAsTheyAre('{"n":0}', line, '{"n":2}'));
    expect(refused).toEqual([{ output: name, line: 2, kind }]);
    expect(report).toMatchObject({ records: 2 });
    expect(service.requests).toHaveLength(1);
  });

  it("may be one whose place cannot be read, also where the first part of the input is stored", async () => {
    const settings = { type: "cos", onFailure: "fail", bucket: "out-1250000000", region: REGION, prefix: "" } as const;
    const outputs = { kept: { ...settings, maxPartBytes: 100 } };
    const made = createOutputs({ outputs }, INPUT, contextOf(), { kept: { byte: 5, parcels: 0 } });
    const records = recordsOf(["{}", "{}", "{}", "{}"]);
    Object.defineProperty(records[1], "place", { value: undefined });
    await made.named.get("kept")!.write(records);
    await made.named.get("kept")!.flush();
    expect(made.takeRefused().map(({ record }) => record)).toEqual([records[1]]);
    expect(made.reports().kept).toMatchObject({ records: 2 });
  });

  it("does not lose the others to it, and no line makes a body that is no JSON", async () => {
    const good = ["  {}", " \t{ }\t ", '\r{"a":1} ', "{}", '{"log_id":"own"}', '{"}":"{"}'];
    const bad = ["", "[]", "{", '{"a":1}}', '{"a":1},{"b":2}', "\ufeff{}", "null"];
    const { report, refused } = await write("hook", HOOK, linesAsTheyAre(...good, ...bad));
    expect(report).toMatchObject({ records: good.length });
    expect(refused.map(({ line }) => line)).toEqual(bad.map((_, index) => good.length + index + 1));
    const sent = JSON.parse(service.requests[0].body.toString()) as { log_id: string }[];
    expect(sent).toHaveLength(good.length);
    for (const { log_id } of sent) expect(log_id).toMatch(/^([0-9a-f]{32}|own)$/);
  });
});
