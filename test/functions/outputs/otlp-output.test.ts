import { OtlpOutput } from "../../../functions/outputs/otlp-output";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import type { OtlpOutputSettings } from "../../../functions/settings";
import * as part from "../../../parts/out-otlp";
import { withCosServer } from "../support/environment";
import { type Answer, type Received, TestServer } from "../support/http-server";
import { requestIn } from "../support/otlp";
import { closeContexts, contextOf, INPUT, NOW, textsUnder } from "../support/outputs";
import { OBJECT, recordsOf } from "../support/records";

const cos = withCosServer();
const SETTINGS: OtlpOutputSettings = {
  type: "otlp",
  onFailure: "quarantine",
  urlSecret: "LOGS_SECRET_COLLECTOR",
  encoding: "protobuf",
  timeField: "__TIMESTAMP__",
  severityField: "level",
  bodyField: "message",
  traceIdField: "trace_id",
  spanIdField: "span_id",
  maxBatchRecords: 1000,
  maxBatchBytes: 1024 * 1024,
  compression: "gzip",
};
const FOLDER = `notes-1250000000/quarantine/outputs/out/${INPUT.path}/`;
let collector: TestServer;
beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  collector = await TestServer.start();
  collector.answer = () => TAKEN;
  process.env.LOGS_SECRET_COLLECTOR = collector.url;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await collector.stop();
});

const TAKEN: Answer = { headers: { "content-type": "application/x-protobuf" } };

interface Log {
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

function logsIn(request: Received): (Log & Record<string, unknown>)[] {
  return requestIn(request).resourceLogs.flatMap(
    (group) => (group as { scopeLogs: { logRecords: never[] }[] }).scopeLogs[0].logRecords,
  );
}

async function write(records: readonly OutgoingRecord[], settings: Partial<OtlpOutputSettings> = {}, more = {}) {
  const output = new OtlpOutput({ ...SETTINGS, ...settings }, contextOf(more), part);
  await output.write(records);
  await output.flush();
  return output.report();
}

const UID = { key: "log.record.uid", value: { stringValue: expect.stringMatching(/^[0-9a-f]{32}$/) as string } };
const OBSERVED = `${NOW}000000`;

describe.each(["protobuf", "json"] as const)("a log record in %s", (encoding) => {
  async function one(line: string, settings: Partial<OtlpOutputSettings> = {}): Promise<Log & Record<string, unknown>> {
    await write(recordsOf([line]), { encoding, ...settings });
    return logsIn(collector.requests[0])[0];
  }

  it("has what its fields say, and the others as attributes of their types", async () => {
    const fields = {
      __TIMESTAMP__: "1700000000123",
      level: "Warning",
      message: 'it is "so" é🙂',
      trace_id: "0AF7651916CD43DD8448EB211C80319C",
      span_id: "b7ad6b7169203331",
      status: 503,
      ratio: 0.5,
      low: -7,
      ok: true,
      none: null,
      list: ["a", 1, [false]],
      "": "nameless",
      nested: { a: { b: "c" }, "long text": "x".repeat(300) },
    };
    expect(await one(JSON.stringify(fields))).toEqual({
      timeUnixNano: "1700000000123000000",
      observedTimeUnixNano: OBSERVED,
      severityNumber: 13,
      severityText: "Warning",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      body: { stringValue: 'it is "so" é🙂' },
      attributes: [
        { key: "status", value: { intValue: "503" } },
        { key: "ratio", value: { doubleValue: 0.5 } },
        { key: "low", value: { intValue: "-7" } },
        { key: "ok", value: { boolValue: true } },
        { key: "none", value: {} },
        {
          key: "list",
          value: {
            arrayValue: {
              values: [{ stringValue: "a" }, { intValue: "1" }, { arrayValue: { values: [{ boolValue: false }] } }],
            },
          },
        },
        { key: "x", value: { stringValue: "nameless" } },
        {
          key: "nested",
          value: {
            kvlistValue: {
              values: [
                { key: "a", value: { kvlistValue: { values: [{ key: "b", value: { stringValue: "c" } }] } } },
                { key: "long text", value: { stringValue: "x".repeat(300) } },
              ],
            },
          },
        },
        UID,
      ],
    });
  });

  it("has all fields as its body where it has none of that name, and no time where nobody knows one", async () => {
    expect(await one('{"a":"b","n":1,"level":""}')).toEqual({
      observedTimeUnixNano: OBSERVED,
      body: {
        kvlistValue: {
          values: [
            { key: "a", value: { stringValue: "b" } },
            { key: "n", value: { intValue: "1" } },
            { key: "level", value: { stringValue: "" } },
          ],
        },
      },
      attributes: [UID],
    });
  });

  it("keeps what cannot be what it is named for", async () => {
    const log = await one(
      '{"message":"m","level":["x"],"trace_id":"0af7","span_id":"0000000000000000","__TIMESTAMP__":"today"}',
    );
    const names = log.attributes.map(({ key }) => key).sort();
    expect(names).toEqual(["__TIMESTAMP__", "level", UID.key, "span_id", "trace_id"].sort());
    expect(log).not.toHaveProperty("severityText");
    expect(log).not.toHaveProperty("timeUnixNano");
  });

  it("keeps the digits of a time that milliseconds do not hold, and of an integer that a double does not", async () => {
    const log = await one('{"message":"m","__TIMESTAMP__":"1700000000123456789","id":12345678901234567890}');
    expect(log.timeUnixNano).toBe("1700000000123000000");
    expect(log.attributes).toEqual([
      { key: "id", value: { stringValue: "12345678901234567890" } },
      { key: "__TIMESTAMP__", value: { stringValue: "1700000000123456789" } },
      UID,
    ]);
  });

  it("has what is nested too deep for its readers as text", async () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const log = await one(`{"message":"m","deep":${nested(1_000)}}`);
    let value = log.attributes[0].value as { arrayValue?: { values: object[] }; stringValue?: string };
    let levels = 0;
    for (; value.arrayValue; levels++) value = value.arrayValue.values[0];
    expect([levels, value.stringValue]).toEqual([30, nested(970)]);
  });

  it("is of the resource that its fields tell, in one group for each", async () => {
    const lines = ["a", "b", "a"].map((host, n) => JSON.stringify({ message: `m${n}`, host }));
    const more = { resource: { "service.name": "shop" }, resourceFields: { "host.name": "host", zone: "zone" } };
    await write(recordsOf([...lines, '{"message":"m3"}']), { encoding, ...more });
    const service = { key: "service.name", value: { stringValue: "shop" } };
    const host = (name: string) => ({ key: "host.name", value: { stringValue: name } });
    const groups = requestIn(collector.requests[0]).resourceLogs as {
      resource: object;
      scopeLogs: { scope: object; logRecords: { body: object; attributes: object[] }[] }[];
    }[];
    const told = groups.map(({ resource, scopeLogs: [{ scope, logRecords }] }) => [
      resource,
      scope,
      logRecords.map(({ body }) => body),
    ]);
    const scope = { name: "cdktf-tencent-logs" };
    expect(told).toEqual([
      [{ attributes: [service, host("a")] }, scope, [{ stringValue: "m0" }, { stringValue: "m2" }]],
      [{ attributes: [service, host("b")] }, scope, [{ stringValue: "m1" }]],
      [{ attributes: [service] }, scope, [{ stringValue: "m3" }]],
    ]);
    expect(groups[0].scopeLogs[0].logRecords[0].attributes).toEqual([UID]);
  });

  it("is UTF-8, whatever its line holds", async () => {
    const place = { object: OBJECT, line: 1, byte: 0 };
    const raw = Buffer.concat([Buffer.from('{"message":"x'), Buffer.from([0xff]), Buffer.from('","a":"b"}')]);
    await write([new LineRecord(raw, place)], { encoding });
    expect(logsIn(collector.requests[0])[0]).toMatchObject({ body: { stringValue: "x\ufffd" } });
  });

  it("has the same id at each delivery, or its own", async () => {
    const lines = ['{"message":"a"}', '{"message":"b","log.record.uid":"own"}'];
    for (let time = 0; time < 2; time++) await write(recordsOf(lines), { encoding });
    const ids = collector.requests.map((request) =>
      logsIn(request).map(({ attributes }) => attributes.filter(({ key }) => key === UID.key)),
    );
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[0]).toEqual([[UID], [{ key: UID.key, value: { stringValue: "own" } }]]);
  });
});

/** `ExportLogsServiceResponse` with a partial success, in protobuf. */
function partial(rejected: number, words: string): Answer {
  const message = Buffer.from(words);
  const inner = Buffer.concat([Buffer.from([8, rejected, 18, message.length]), message]);
  const body = Buffer.concat([Buffer.from([10, inner.length]), inner]);
  return { headers: TAKEN.headers, body: body.toString("latin1") };
}

describe("an answer of the collector", () => {
  const lines = Array.from({ length: 4 }, (_, n) => JSON.stringify({ message: `message number ${n}` }));
  const failed = { onFailure: "fail" as const };

  it.each<[string, Answer, Partial<OtlpOutputSettings>]>([
    ["nothing, in protobuf", TAKEN, {}],
    ["204", { status: 204 }, {}],
    [
      "JSON without a partial success",
      { headers: { "content-type": "application/json" }, body: "{}" },
      { encoding: "json" },
    ],
    [
      "an empty partial success",
      { headers: { "content-type": "application/json" }, body: '{"partialSuccess":{},"requestId":"1"}' },
      { encoding: "json" },
    ],
  ])("counts: %s", async (_, answer, settings) => {
    collector.answer = () => answer;
    expect(await write(recordsOf(lines), settings)).toMatchObject({ records: 4 });
    expect(collector.requests[0].url).toBe("/v1/logs");
  });

  it.each<[string, Answer, string]>([
    ["a page", { headers: { "content-type": "text/html" }, body: "<html></html>" }, "got a page of HTML"],
    ["other JSON", { headers: { "content-type": "application/json" }, body: '{"error":"no"}' }, "got something else"],
    ["other protobuf", { headers: TAKEN.headers, body: "\u0012\u0003abc" }, "got something else"],
    [
      "half of one",
      { headers: { ...TAKEN.headers, "content-length": "9", connection: "close" }, body: "\n" },
      "no whole answer",
    ],
  ])("does not count: %s", async (_, answer, message) => {
    collector.answer = () => answer;
    await expect(write(recordsOf(lines), {}, failed)).rejects.toThrow(message);
    expect(collector.requests).toHaveLength(3);
  });

  it("that leaves out records has the batch kept, and never sent again", async () => {
    collector.answer = () => partial(3, "too old");
    expect(await write(recordsOf(lines))).toMatchObject({ records: 0, quarantined: 4 });
    expect(collector.requests).toHaveLength(1);
    const left = textsUnder(cos(), FOLDER);
    const message = "POST to LOGS_SECRET_COLLECTOR left out 3 of 4 records: too old";
    expect(JSON.parse(left["000000.json"])).toMatchObject({ records: 4, reason: { code: "PartialSuccess", message } });
  });

  it("that leaves out records says so in JSON as well", async () => {
    const body = '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"no"}}';
    collector.answer = () => ({ headers: { "content-type": "application/json" }, body });
    await expect(write(recordsOf(lines), { encoding: "json" }, failed)).rejects.toThrow("left out 2 of 4 records: no");
  });

  it("with a warning is told once", async () => {
    collector.answer = () => partial(0, "slow down");
    expect(await write(recordsOf(lines), { maxBatchRecords: 2 })).toMatchObject({ records: 4 });
    expect((console.error as jest.Mock).mock.calls).toEqual([[`${INPUT.name}: output out was told: slow down`]]);
  });

  it.each([
    [400, 1],
    [408, 1],
    [429, 3],
    [500, 1],
    [502, 3],
    [503, 3],
    [504, 3],
  ])("HTTP %s is tried %s times, as OTLP says", async (status, tries) => {
    const words = Buffer.from("it is so");
    const body = Buffer.concat([Buffer.from([8, 3, 18, words.length]), words]).toString();
    collector.answer = () => ({ status, headers: TAKEN.headers, body });
    const failing = write(recordsOf(lines), {}, failed);
    await expect(failing).rejects.toThrow(`POST to LOGS_SECRET_COLLECTOR failed with HTTP ${status}: it is so`);
    expect(collector.requests).toHaveLength(tries);
  });

  it("that quotes a record is not repeated", async () => {
    const body = '{"code":3,"message":"cannot read message number 2"}';
    collector.answer = () => ({ status: 400, headers: { "content-type": "application/json" }, body });
    await expect(write(recordsOf(lines), {}, failed)).rejects.toThrow(/failed with HTTP 400$/);
  });

  it("says when to come again", async () => {
    collector.answer = (_, index) => (index === 0 ? { status: 429, headers: { "retry-after": "1" } } : TAKEN);
    const startedAt = Date.now();
    expect(await write(recordsOf(lines))).toMatchObject({ records: 4, retries: 1 });
    expect(Date.now() - startedAt).toBeGreaterThan(950);
  });

  it("that it was too large has the batch sent in halves", async () => {
    collector.answer = (request) => (logsIn(request).length > 1 ? { status: 413 } : TAKEN);
    expect(await write(recordsOf(lines))).toMatchObject({ records: 4 });
    expect(collector.requests.map((request) => logsIn(request).length)).toEqual([4, 2, 1, 1, 2, 1, 1]);
  });
});

it("headers, secrets among them, go with each request, and the address keeps its path", async () => {
  process.env.LOGS_SECRET_COLLECTOR = `${collector.url}/otlp/v1/logs?tenant=1`;
  process.env.LOGS_SECRET_AUTH = "Bearer token-0003\n";
  const settings = { headers: { "X-Scope-OrgID": "a" }, secretHeaders: { Authorization: "LOGS_SECRET_AUTH" } };
  await write(recordsOf(["{}"]), settings);
  expect(collector.requests[0]).toMatchObject({
    url: "/otlp/v1/logs?tenant=1",
    headers: { "x-scope-orgid": "a", authorization: "Bearer token-0003" },
  });
});

it("what lies in quarantine is delivered again under the same ids and with the time of its invocation", async () => {
  collector.answer = () => ({ status: 400 });
  await write(recordsOf(['{"message":"a"}', '{"message":"b"}']));
  const before = logsIn(collector.requests[0]);
  const [lines] = [...cos().objects].filter(([name]) => name.endsWith(".jsonl.gz")).map(([, content]) => content);
  collector.answer = () => TAKEN;
  const output = new OtlpOutput(SETTINGS, contextOf({ onFailure: "fail" }), part);
  await output.redeliver({ name: "000000", records: 2, lines });
  expect(logsIn(collector.requests[1])).toEqual(before);
});
