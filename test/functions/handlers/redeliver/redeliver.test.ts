import { gunzipSync, inflateRawSync } from "node:zlib";
import { CkafkaOutput } from "../../../../functions/outputs/ckafka-output";
import { LineRecord } from "../../../../functions/records/line-record";
import type { InputOutput } from "../../../../functions/outputs/context";
import { createOutput } from "../../../../functions/outputs/create";
import type { KafkaMessage, KafkaPart } from "../../../../functions/outputs/kafka-part";
import { MadeRecord } from "../../../../functions/records/made-record";
import type { OutgoingRecord } from "../../../../functions/records/contracts";
import { redeliver } from "../../../../functions/handlers/redeliver/redeliver";
import type { CkafkaOutputSettings, OutputSettings, PipelineSettings } from "../../../../functions/settings";
import { decodeLogGroupList } from "../../../../local/cls/protobuf";
import { withCosServer } from "../../support/environment";
import { TestServer } from "../../support/http-server";
import { closeContexts, contextOf, INPUT, QUARANTINE } from "../../support/outputs";
import { recordsOf } from "../../support/records";

const FOLDER = `quarantine/outputs/out/${INPUT.path}/`;
const RETRY = { retries: 0, baseDelayMs: 1, maxDelayMs: 2 };
const cos = withCosServer();
let service: TestServer;
let logged: string[];
beforeEach(async () => {
  service = await TestServer.start();
  process.env.CLS_ENDPOINT = service.url;
  process.env.LOGS_SECRET_HOOK = service.url;
  logged = [];
  jest.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
  jest.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await service.stop();
});

/** Lines with what is easily lost: spaces, big numbers, labels, two records of one line, text beside ASCII. */
function oddRecords(): OutgoingRecord[] {
  const [first, ...others] = recordsOf(['{ "n" : 12345678901234567890 }', '{"a":"中\\n"}', '{"log_id":"own"}']);
  const labels = { source: "10.0.0.1", topic: "a", tags: { "7": "x", pod: 'p"1' } };
  const made = new MadeRecord(first.place, { __TIMESTAMP__: "1605578090123", z: [1, null] });
  return [
    new LineRecord(first.raw, first.place),
    made,
    new LineRecord(others[0].raw, others[0].place, labels),
    others[1],
  ];
}

/** Writes records to an output that refuses them for good; the keys of the notes that it leaves. */
async function refused(settings: OutputSettings, records: readonly OutgoingRecord[], output?: () => InputOutput) {
  const made = output?.() ?? createOutput(settings, contextOf());
  await made.write(records);
  await made.flush();
  expect(made.report()).toMatchObject({ records: 0, quarantined: records.length });
  const notes = [...cos().objects.keys()].filter((name) => name.endsWith(".json"));
  return notes.map((name) => name.slice(`${QUARANTINE.bucket}/`.length));
}

function pipeline(out: OutputSettings): PipelineSettings {
  const processor = { type: "count", check: "json" } as const;
  return {
    version: 1,
    region: "ap-guangzhou",
    maxLineBytes: 1024,
    quarantine: QUARANTINE,
    processor,
    outputs: { out },
  };
}

describe("a batch of a COS output", () => {
  const settings: OutputSettings = {
    type: "cos",
    onFailure: "quarantine",
    bucket: "out-1250000000",
    region: "ap-guangzhou",
    prefix: "parts/",
    maxPartBytes: 40,
  };

  it("comes back under the keys, and as the bytes, that it would have had", async () => {
    const output = createOutput(settings, contextOf());
    await output.write(oddRecords());
    await output.flush();
    const expected = new Map(cos().objects);
    expect(expected.size).toBeGreaterThan(1);
    cos().objects.clear();
    cos().fault = ({ object }) =>
      object.startsWith("out-") ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    const notes = await refused(settings, oddRecords());
    cos().fault = () => undefined;
    for (const note of notes) await redeliver({ redeliver: note }, {}, pipeline(settings), RETRY);
    expect(cos().objects).toEqual(expected);
  });

  it("is told of on stderr once for an input, under the word that alarms look for", async () => {
    cos().fault = ({ object }) =>
      object.startsWith("out-") ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    await refused(settings, oddRecords());
    expect(logged).toEqual([
      expect.stringMatching(/^LOGS_QUARANTINED cos:\/\/logs-1250000000\/a\.gz for output out: PUT .* AccessDenied/),
    ]);
  });
});

describe("a batch of a CLS output", () => {
  const settings: OutputSettings = {
    type: "cls",
    onFailure: "quarantine",
    topicId: "topic-1",
    region: "ap-guangzhou",
  };
  const taken = () => service.requests.map(({ body }) => decodeLogGroupList(inflateRawSync(body)));

  it("comes back with its ids, labels, digits and time", async () => {
    const output = createOutput(settings, contextOf());
    await output.write(oddRecords());
    await output.flush();
    const [expected] = taken();
    service.answer = () => ({ status: 404 });
    const notes = await refused(settings, oddRecords());
    service.answer = () => ({});
    service.requests.length = 0;
    const [note] = notes;
    expect(await redeliver({ redeliver: note }, {}, pipeline(settings), RETRY)).toMatchObject({
      objects: 1,
      records: 4,
      outputs: { out: { records: 4 } },
    });
    expect(taken()).toEqual([expected]);
    expect(JSON.stringify(expected)).toContain("12345678901234567890");
    expect(cos().objects.size).toBe(0);
  });

  it("that was delivered before is left alone, and stays while its output is gone or refuses", async () => {
    service.answer = () => ({ status: 404 });
    const [note] = await refused(settings, oddRecords());
    const again = (outputs = pipeline(settings)) => redeliver({ redeliver: note }, {}, outputs, RETRY);
    await expect(again()).rejects.toThrow("the batch must be delivered again: output out failed: POST cls://topic-1");
    await expect(again({ ...pipeline(settings), outputs: {} })).rejects.toThrow("has no output out any more");
    expect(cos().objects.size).toBe(2);
    service.answer = () => ({});
    await again();
    const { length } = service.requests;
    expect(await again()).toMatchObject({ objects: 0, records: 0, quarantined: 0 });
    expect(service.requests).toHaveLength(length);
    expect(logged.at(-1)).toBe(`the batch of ${note} is delivered already: its note is gone`);
  });

  it("is none outside of the quarantine", async () => {
    await expect(redeliver({ redeliver: "cls/a.json" }, {}, pipeline(settings), RETRY)).rejects.toThrow(
      "redeliver must be a key below quarantine/outputs/",
    );
    cos().objects.set(
      `${QUARANTINE.bucket}/${FOLDER}x.json`,
      Buffer.from('{"version":1,"output":"out","lines":"other"}'),
    );
    await expect(redeliver({ redeliver: `${FOLDER}x.json` }, {}, pipeline(settings), RETRY)).rejects.toThrow(
      "must be a batch's note of version 1",
    );
  });
});

describe("a batch whose output is of another kind now", () => {
  const webhook: OutputSettings = {
    type: "webhook",
    onFailure: "quarantine",
    urlSecret: "LOGS_SECRET_HOOK",
    format: "json",
    maxBatchRecords: 100,
  };
  const bucket: OutputSettings = {
    type: "cos",
    onFailure: "quarantine",
    bucket: "out-1250000000",
    region: "ap-guangzhou",
    prefix: "parts/",
    maxPartBytes: 1_000_000,
  };

  it.each<[string, OutputSettings, OutputSettings, string]>([
    ["a bucket, once a webhook", webhook, bucket, "as records, got one that takes objects"],
    ["a webhook, once a bucket", bucket, webhook, "as objects, got one that takes records"],
  ])("stays where it is: %s", async (_, before, after, message) => {
    service.answer = () => ({ status: 400 });
    cos().fault = ({ object }) =>
      object.startsWith("out-") ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    const [note] = await refused(before, oddRecords());
    service.answer = () => ({});
    service.requests.length = 0;
    cos().fault = () => undefined;
    const kept = new Map(cos().objects);
    await expect(redeliver({ redeliver: note }, {}, pipeline(after), RETRY)).rejects.toThrow(
      `output out must take what the batch was kept ${message}; name an output of the kind of before out`,
    );
    expect(cos().objects).toEqual(kept);
    expect(service.requests).toEqual([]);
  });
});

it("a batch of a webhook comes back as the same request", async () => {
  const settings: OutputSettings = {
    type: "webhook",
    onFailure: "quarantine",
    urlSecret: "LOGS_SECRET_HOOK",
    format: "json",
    maxBatchRecords: 100,
  };
  service.answer = () => ({ status: 400 });
  const [note] = await refused(settings, oddRecords());
  service.answer = () => ({});
  await redeliver({ redeliver: note }, {}, pipeline(settings), RETRY);
  const [first, delivered] = service.requests.map(({ body }) => body.toString());
  expect(delivered).toBe(first);
  expect(delivered).toContain("12345678901234567890");
});

it("a batch of CKafka comes back as the same messages", async () => {
  const settings: CkafkaOutputSettings = { type: "ckafka", onFailure: "quarantine", brokers: ["b:9092"], topic: "t" };
  const sent: (readonly KafkaMessage[])[] = [];
  let refuse = true;
  const part: KafkaPart = {
    connectProducer: async () => ({
      send: async (_, messages) => {
        sent.push(messages.map(({ key, value }) => ({ key, value: Buffer.from(value) })));
        if (refuse) throw Object.assign(new Error("no"), { code: "TOPIC_AUTHORIZATION_FAILED", retriable: false });
      },
      disconnect: async () => undefined,
    }),
  };
  await refused(settings, oddRecords(), () => new CkafkaOutput(settings, contextOf(), part));
  refuse = false;
  const lines = cos().objects.get(`${QUARANTINE.bucket}/${FOLDER}000000.jsonl.gz`) as Buffer;
  const output = new CkafkaOutput(settings, contextOf({ onFailure: "fail" }), part);
  await output.redeliver({ name: "000000", records: 4, lines });
  expect(sent[1]).toEqual(sent[0]);
});

describe("a batch of a webhook that is spoken to in another form now", () => {
  const webhook = (format: "json" | "slack"): OutputSettings => ({
    type: "webhook",
    onFailure: "quarantine",
    urlSecret: "LOGS_SECRET_HOOK",
    format,
    maxBatchRecords: 100,
  });
  const bucket: OutputSettings = {
    type: "cos",
    onFailure: "quarantine",
    bucket: "out-1250000000",
    region: "ap-guangzhou",
    prefix: "bad/",
    maxPartBytes: 1_000_000,
  };
  const place = { object: INPUT.name, line: 9, byte: 90 };
  // A message to people may hold any line; a request of JSON may not.
  const mixed = () => [
    ...recordsOf(['{"a":1}']),
    new LineRecord(Buffer.from("no JSON"), place),
    ...recordsOf(['{"b":2}']),
  ];
  const kept = async () => {
    service.answer = () => ({ status: 400 });
    const notes = await refused(webhook("slack"), mixed());
    expect(notes).toHaveLength(1);
    service.answer = () => ({});
    service.requests.length = 0;
    return notes[0];
  };
  const bodies = () => service.requests.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>[]);
  const lines = `cos://${QUARANTINE.bucket}/${FOLDER}000000.jsonl.gz`;
  const made = { reason: expect.stringContaining("must hold a record"), object: lines, line: 2, text: "no JSON" };

  it("arrives but for the record that it cannot take, which goes to invalid, in an object of its own", async () => {
    const note = await kept();
    const settings = pipeline(webhook("json"));
    const outputs = { ...settings.outputs, invalid: bucket };
    expect(await redeliver({ redeliver: note }, {}, { ...settings, outputs }, RETRY)).toMatchObject({
      records: 3,
      failed: 1,
      outputs: { out: { records: 2 }, invalid: { records: 1 } },
    });
    expect(bodies()).toEqual([[expect.objectContaining({ a: 1 }), expect.objectContaining({ b: 2 })]]);
    const [[key, object], ...others] = cos().objects;
    expect(others).toEqual([]);
    expect(key).toBe(`out-1250000000/bad/${INPUT.path}/replayed-out-000000.jsonl.gz`);
    expect(JSON.parse(gunzipSync(object).toString())).toMatchObject(made);
  });

  it.each(["invalid", undefined])("keeps its id where requests carry one: output %s", async (name) => {
    const note = await kept();
    const file = cos().objects.get(lines.slice("cos://".length)) as Buffer;
    const ids = gunzipSync(file)
      .toString()
      .split("\n", 3)
      .map((line) => (JSON.parse(line) as { log_id: string }).log_id);
    const settings = pipeline(webhook("json"));
    const outputs = { ...settings.outputs, ...(name && { [name]: webhook("json") }) };
    await redeliver({ redeliver: note }, {}, { ...settings, outputs }, RETRY);
    expect(bodies()).toEqual([
      [expect.objectContaining({ log_id: ids[0] }), expect.objectContaining({ log_id: ids[2] })],
      [expect.objectContaining({ log_id: ids[1], ...made })],
    ]);
    expect(cos().objects.size).toBe(0);
  });

  it("stays where it is while invalid refuses what it could not take", async () => {
    const note = await kept();
    const settings = pipeline(webhook("json"));
    const outputs = { ...settings.outputs, invalid: bucket };
    cos().fault = ({ object }) =>
      object.startsWith("out-") ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    await expect(redeliver({ redeliver: note }, {}, { ...settings, outputs }, RETRY)).rejects.toThrow("output invalid");
    expect(cos().objects.size).toBe(2);
  });
});
