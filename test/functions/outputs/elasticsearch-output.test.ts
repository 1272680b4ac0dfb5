import { gunzipSync } from "node:zlib";
import { ElasticsearchOutput } from "../../../functions/outputs/elasticsearch-output";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import type { ElasticsearchOutputSettings } from "../../../functions/settings";
import * as part from "../../../parts/out-elasticsearch";
import { withCosServer } from "../support/environment";
import { type Answer, type Received, TestServer } from "../support/http-server";
import { closeContexts, contextOf, INPUT, NOW, textsUnder } from "../support/outputs";
import { madeRecords, OBJECT, recordsOf } from "../support/records";

const cos = withCosServer();
const SETTINGS: ElasticsearchOutputSettings = {
  type: "elasticsearch",
  onFailure: "quarantine",
  urlSecret: "LOGS_SECRET_SEARCH",
  index: "access",
  timeField: "__TIMESTAMP__",
  maxBatchRecords: 1000,
  maxBatchBytes: 1024 * 1024,
  compression: "gzip",
};
const FOLDER = `notes-1250000000/quarantine/outputs/out/${INPUT.path}/`;
let cluster: TestServer;
beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  cluster = await TestServer.start();
  cluster.answer = (request) => taken(request);
  process.env.LOGS_SECRET_SEARCH = cluster.url;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await cluster.stop();
});

async function write(
  records: readonly OutgoingRecord[],
  settings: Partial<ElasticsearchOutputSettings> = {},
  more = {},
) {
  const output = new ElasticsearchOutput({ ...SETTINGS, ...settings }, contextOf(more), part);
  await output.write(records);
  await output.flush();
  return output.report();
}

interface Document {
  readonly action: { readonly _id: string; readonly _index?: string };
  readonly line: string;
}

/** The documents of a request, each of which must be two lines. */
function documentsIn({ body, headers }: Received): Document[] {
  const text = (headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
  expect(text.endsWith("\n")).toBe(true);
  const lines = text.slice(0, -1).split("\n");
  return Array.from({ length: lines.length / 2 }, (_, at) => ({
    action: (JSON.parse(lines[2 * at]) as { create: Document["action"] }).create,
    line: lines[2 * at + 1],
  }));
}

function sources(): unknown[] {
  return cluster.requests.flatMap(documentsIn).map(({ line }) => JSON.parse(line) as unknown);
}

/** What the cluster answers where it says this of a document; it took the others. */
function taken(request: Received, said: (line: string, at: number) => object | undefined = () => undefined): Answer {
  const items = documentsIn(request).map(({ line }, at) => ({ create: said(line, at) ?? { status: 201 } }));
  return { body: JSON.stringify({ items }), headers: { "content-type": "application/json" } };
}

function refusal(status: number, type: string, reason = "no"): object {
  return { status, error: { type, reason } };
}

describe("documents", () => {
  it("are created under their log_id, the same at each delivery, with the bytes of their lines", async () => {
    const records = () => recordsOf(['{"__TIMESTAMP__":1700000000000,"a" : 1.50}', '{"b":"é中🙂"}', "{}", " { } "]);
    expect(await write(records())).toMatchObject({ records: 4 });
    const first = documentsIn(cluster.requests[0]);
    await write(records());
    expect(documentsIn(cluster.requests[1])).toEqual(first);
    expect(new Set(first.map(({ action }) => action._id)).size).toBe(4);
    const now = new Date(NOW).toISOString();
    expect(first.map(({ line }) => line)).toEqual([
      '{"@timestamp":"2023-11-14T22:13:20.000Z","__TIMESTAMP__":1700000000000,"a" : 1.50}',
      `{"@timestamp":"${now}","b":"é中🙂"}`,
      `{"@timestamp":"${now}"}`,
      `{"@timestamp":"${now}" } `,
    ]);
    expect(cluster.requests[0]).toMatchObject({ method: "POST", headers: { "content-type": "application/x-ndjson" } });
    expect(cluster.requests[0].url).toMatch(/^\/access\/_bulk\?filter_path=items/);
  });

  it("keep an @timestamp of their own, and take the time of the field that is named", async () => {
    await write(recordsOf(['{"@timestamp":"2020-01-01","at":1}', '{"at":"2024-02-03T04:05:06+08:00"}']), {
      timeField: "at",
    });
    expect(sources()).toEqual([
      { "@timestamp": "2020-01-01", at: 1 },
      { "@timestamp": "2024-02-02T20:05:06.000Z", at: "2024-02-03T04:05:06+08:00" },
    ]);
  });

  it("go to the index of their own hour, and without a time to one that says so, whenever they are delivered", async () => {
    const lines = [1_700_000_000_000, 1_700_003_600_000].map((time) => JSON.stringify({ __TIMESTAMP__: time }));
    await write(recordsOf([...lines, '{"a":1}', '{"@timestamp":"2023-11-14T00:30:00Z"}']), {
      index: "a-%Y.%m.%d-%H-x",
    });
    expect(cluster.requests[0].url).toMatch(/^\/_bulk\?/);
    expect(documentsIn(cluster.requests[0]).map(({ action }) => action._index)).toEqual([
      "a-2023.11.14-22-x",
      "a-2023.11.14-23-x",
      "a-undated-x",
      "a-2023.11.14-00-x",
    ]);
  });

  it("are one line of UTF-8 each, whatever their lines hold", async () => {
    const place = { object: OBJECT, line: 1, byte: 0 };
    const broken = Buffer.concat([Buffer.from('{"a":"x'), Buffer.from([0xff]), Buffer.from('"}')]);
    const raws = [Buffer.from('{\n  "a": 1,\r\n  "b": "\\n"\n}'), broken];
    await write(raws.map((raw) => new LineRecord(raw, place)));
    expect(sources()).toMatchObject([{ a: 1, b: "\n" }, { a: "x\ufffd" }]);
  });

  it("fail alone where their line is no JSON", async () => {
    const failed: unknown[] = [];
    const place = { object: OBJECT, line: 2, byte: 9 };
    const fail = (_: OutgoingRecord, error: unknown) => void failed.push(error);
    const records = [...recordsOf(['{"a":1}']), new LineRecord(Buffer.from('{"a":'), place)];
    expect(await write(records, {}, { fail })).toMatchObject({ records: 1 });
    expect(failed).toHaveLength(1);
  });

  it("are as many and as large in a request as they may be", async () => {
    await write(madeRecords(...Array.from({ length: 25 }, (_, n) => ({ n }))), { maxBatchRecords: 10 });
    expect(cluster.requests.map((request) => documentsIn(request).length)).toEqual([10, 10, 5]);
    cluster.requests.length = 0;
    const limit = 64 * 1024;
    const large = Array.from({ length: 100 }, (_, n) => ({ n, text: "x".repeat(3000) }));
    await write(madeRecords(...large), { maxBatchBytes: limit, compression: "none" });
    expect(sources()).toHaveLength(100);
    for (const { body, headers } of cluster.requests) {
      expect(headers["content-encoding"]).toBeUndefined();
      expect(body.length).toBeLessThanOrEqual(limit);
    }
    expect(cluster.requests).toHaveLength(5);
  });
});

describe("an answer of the cluster", () => {
  const lines = Array.from({ length: 10 }, (_, n) => `{"n":${n}}`);

  it("that a document is there already counts as taken", async () => {
    cluster.answer = (request) => taken(request, () => refusal(409, "version_conflict_engine_exception"));
    expect(await write(recordsOf(lines))).toEqual({ records: 10, bytes: expect.any(Number) as number });
    expect(cos().objects.size).toBe(0);
  });

  it("has those sent again, and only those, that may be taken later", async () => {
    cluster.answer = (request, index) =>
      taken(request, (line) => {
        if (index === 0 && /[37]}/.test(line)) return refusal(429, "es_rejected_execution_exception");
        return index === 1 && line.includes("7}") ? refusal(503, "unavailable_shards_exception") : undefined;
      });
    expect(await write(recordsOf(lines))).toMatchObject({ records: 10, retries: 2 });
    const sent = cluster.requests.map((request) =>
      documentsIn(request).map(({ line }) => (JSON.parse(line) as { n: number }).n),
    );
    expect(sent).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 7], [7]]);
  });

  it("leaves what it refuses to quarantine, with the reason of each, which the log does not quote", async () => {
    const secret = "card 4111111111111111";
    cluster.answer = (request) =>
      taken(request, (_, at) => {
        if (at === 2) return refusal(400, "mapper_parsing_exception", `failed to parse [n]: '${secret}'`);
        return at === 5 ? refusal(404, "index_not_found_exception", "no such index") : undefined;
      });
    expect(await write(recordsOf(lines))).toMatchObject({ records: 8, quarantined: 2 });
    expect(cluster.requests).toHaveLength(1);
    const left = textsUnder(cos(), FOLDER);
    expect(Object.keys(left)).toEqual(["000000.refused.json", "000000.refused.jsonl.gz"]);
    const ids = documentsIn(cluster.requests[0]).map(({ action }) => action._id);
    const note = JSON.parse(left["000000.refused.json"]) as { reason: object };
    expect(note).toMatchObject({ records: 2, keptAs: "records", part: "000000.refused" });
    expect(note.reason).toEqual({
      code: "mapper_parsing_exception",
      message: "2 of 10 records were refused: mapper_parsing_exception (1), index_not_found_exception (1)",
      records: [
        { log_id: ids[2], code: "mapper_parsing_exception", message: `failed to parse [n]: '${secret}'` },
        { log_id: ids[5], code: "index_not_found_exception", message: "no such index" },
      ],
    });
    const kept = left["000000.refused.jsonl.gz"].trimEnd().split("\n");
    expect(kept.map((line) => JSON.parse(line) as unknown)).toEqual([
      { log_id: ids[2], record: { n: 2 } },
      { log_id: ids[5], record: { n: 5 } },
    ]);
    const told = (console.error as jest.Mock).mock.calls.flat().join("\n");
    expect(told).toContain("mapper_parsing_exception (1)");
    expect(told).not.toContain("4111");
  });

  it("leaves apart what is refused and what was never taken, also where the cluster is gone in the middle", async () => {
    cluster.answer = (request, index) => {
      if (index > 0) return undefined;
      return taken(request, (_, at) =>
        at === 1 ? refusal(400, "strict_dynamic_mapping_exception") : at > 6 ? refusal(429, "rejected") : undefined,
      );
    };
    expect(await write(recordsOf(lines))).toMatchObject({ records: 6, retries: 2, quarantined: 4 });
    const left = textsUnder(cos(), FOLDER);
    const recordsIn = (name: string) => left[name].trimEnd().split("\n").length;
    expect([recordsIn("000000.refused.jsonl.gz"), recordsIn("000000.jsonl.gz")]).toEqual([1, 3]);
    expect(JSON.parse(left["000000.json"])).toMatchObject({ records: 3, reason: { code: "ECONNRESET" } });
  });

  it("fails the input where the output must, with the counts", async () => {
    cluster.answer = (request) =>
      taken(request, (_, at) => (at === 0 ? refusal(400, "mapper_parsing_exception") : undefined));
    const failing = write(recordsOf(lines), {}, { onFailure: "fail" });
    await expect(failing).rejects.toThrow(
      "output out failed: 1 of 10 records were refused: mapper_parsing_exception (1)",
    );
  });

  it.each<[string, Answer, string]>([
    ["another number of items", { body: '{"items":[{"create":{"status":201}}]}' }, "got something else"],
    ["an item of another operation", { body: '{"items":[{"index":{"status":201}},{}]}' }, "got something else"],
    ["a page", { body: "<html><body>Sign in</body></html>" }, "got a page of HTML"],
    ["nothing", { body: "" }, "got an empty body"],
    [
      "half an answer",
      { body: '{"items":[{"cre', headers: { "content-length": "99", connection: "close" } },
      "got no whole answer",
    ],
  ])("that is none does not count: %s", async (_, answer, message) => {
    cluster.answer = () => answer;
    const failing = write(recordsOf(lines.slice(0, 2)), {}, { onFailure: "fail" });
    await expect(failing).rejects.toThrow(message);
    expect(cluster.requests).toHaveLength(3);
  });

  it.each([
    [401, 1],
    [400, 1],
    [429, 3],
    [503, 3],
  ])("HTTP %s is tried %s times", async (status, tries) => {
    cluster.answer = () => ({ status, body: '{"error":{"type":"some_exception","reason":"it is so"},"status":1}' });
    const failing = write(recordsOf(lines), {}, { onFailure: "fail" });
    const text = `POST to LOGS_SECRET_SEARCH failed with HTTP ${status} and code some_exception: it is so`;
    await expect(failing).rejects.toThrow(text);
    expect(cluster.requests).toHaveLength(tries);
  });

  it("never brings text of a record into an error", async () => {
    cluster.answer = () => ({
      status: 400,
      body: '{"error":{"type":"x","reason":"cannot read [a long text of a log] of"}}',
    });
    const failing = write(recordsOf(['{"m":"a long text of a log"}']), {}, { onFailure: "fail" });
    await expect(failing).rejects.toThrow(/HTTP 400 and code x$/);
  });
});

describe("what lies in quarantine", () => {
  it("is delivered again under the same ids, and what was taken meanwhile is a conflict", async () => {
    cluster.answer = () => ({ status: 503 });
    await write(recordsOf(['{"n":1}', '{"n":2}']));
    const before = documentsIn(cluster.requests[0]);
    const [lines] = [...cos().objects].filter(([name]) => name.endsWith(".jsonl.gz")).map(([, content]) => content);
    cluster.answer = (request) =>
      taken(request, (_, at) => (at === 0 ? refusal(409, "version_conflict_engine_exception") : undefined));
    const output = new ElasticsearchOutput(SETTINGS, contextOf({ onFailure: "fail" }), part);
    await output.redeliver({ name: "000000", records: 2, lines });
    expect(documentsIn(cluster.requests.at(-1) as Received)).toEqual(before);
    expect(output.report()).toMatchObject({ records: 2 });
  });
});

describe("a batch that is delivered again", () => {
  const again = { onFailure: "fail", isRedelivery: true } as const;
  const numbers = (from: number, until: number) =>
    Array.from({ length: until - from }, (_, at) => `{"n":${from + at}}`);

  async function kept(): Promise<Buffer> {
    cluster.answer = () => ({ status: 503 });
    await write(recordsOf(numbers(0, 10)));
    return cos().objects.get(`${FOLDER}000000.jsonl.gz`) as Buffer;
  }

  it("leaves what is refused of it apart, under a name that no other batch has", async () => {
    const lines = await kept();
    cos().objects.clear();
    cluster.answer = (request) =>
      taken(request, (_, at) => (at < 2 ? refusal(400, "mapper_parsing_exception") : undefined));
    const output = new ElasticsearchOutput(SETTINGS, contextOf(again), part);
    await output.redeliver({ name: "000000", records: 10, lines });
    expect(output.report()).toMatchObject({ records: 8, quarantined: 2 });
    const left = textsUnder(cos(), FOLDER);
    const name = "000000.again-000000.refused";
    expect(Object.keys(left)).toEqual([`${name}.json`, `${name}.jsonl.gz`]);
    expect(JSON.parse(left[`${name}.json`])).toMatchObject({ records: 2, reason: { records: [{}, {}] } });
  });

  it("stays where it is when all of it is refused, or some may be taken later", async () => {
    const lines = await kept();
    cos().objects.clear();
    const fails = async (answer: object, message: string) => {
      cluster.answer = (request) =>
        taken(request, (_, at) => (at > 0 || message.startsWith("10") ? answer : undefined));
      const output = new ElasticsearchOutput(SETTINGS, contextOf(again), part);
      await expect(output.redeliver({ name: "000000", records: 10, lines })).rejects.toThrow(message);
    };
    await fails(refusal(400, "mapper_parsing_exception"), "10 of 10 records were refused");
    await fails(refusal(429, "rejected"), "records with code rejected");
    expect(cos().objects.size).toBe(0);
  });
});

describe("secrets", () => {
  it("are a password with its user, or an API key, and stand in no error", async () => {
    process.env.LOGS_SECRET_PASSWORD = "p:ß-0001";
    process.env.LOGS_SECRET_KEY = "a2V5LTAwMDI=";
    await write(recordsOf(["{}"]), { username: "elastic", passwordSecret: "LOGS_SECRET_PASSWORD" });
    await write(recordsOf(["{}"]), { apiKeySecret: "LOGS_SECRET_KEY" });
    const login = Buffer.from("elastic:p:ß-0001").toString("base64");
    expect(cluster.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${login}`,
      "ApiKey a2V5LTAwMDI=",
    ]);
    cluster.answer = () => ({
      status: 401,
      body: '{"error":{"type":"security_exception","reason":"a2V5LTAwMDI= is no key"}}',
    });
    const failing = write(recordsOf(["{}"]), { apiKeySecret: "LOGS_SECRET_KEY" }, { onFailure: "fail" });
    await expect(failing).rejects.toThrow(/security_exception: \*\*\* is no key$/);
  });

  it("say what is wrong with them without repeating them", () => {
    process.env.LOGS_SECRET_KEY = "key\nwith a line";
    const made = () => new ElasticsearchOutput({ ...SETTINGS, apiKeySecret: "LOGS_SECRET_KEY" }, contextOf(), part);
    expect(made).toThrow("LOGS_SECRET_KEY must be what a header may hold, got characters that it may not");
    process.env.LOGS_SECRET_SEARCH = "ftp://x";
    expect(made).toThrow("LOGS_SECRET_SEARCH must be an address that begins with https:// or http://");
  });

  it("a path of the address is where the cluster is", async () => {
    process.env.LOGS_SECRET_SEARCH = `${cluster.url}/es/`;
    await write(recordsOf(["{}"]));
    expect(cluster.requests[0].url).toMatch(/^\/es\/access\/_bulk\?/);
  });
});
