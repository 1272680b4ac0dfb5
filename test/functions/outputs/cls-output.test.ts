import { inflateRawSync } from "node:zlib";
import { ClsOutput } from "../../../functions/outputs/cls-output";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import type { ClsOutputSettings } from "../../../functions/settings";
import { signForPeriod } from "../../../functions/tencent/signature";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { CREDENTIALS } from "../support/cos-server";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf, INPUT, NOW, textsUnder } from "../support/outputs";
import { inBatches, madeRecords, recordsOf } from "../support/records";

const cos = withCosServer();
const SETTINGS: ClsOutputSettings = {
  type: "cls",
  onFailure: "quarantine",
  topicId: "topic-1",
  region: "ap-guangzhou",
};
let cls: TestServer;
beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  cls = await TestServer.start();
  process.env.CLS_ENDPOINT = cls.url;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await cls.stop();
});

async function write(batches: (readonly OutgoingRecord[])[], overrides = {}) {
  const output = new ClsOutput(SETTINGS, contextOf(overrides));
  for (const batch of batches) await output.write(batch);
  await output.flush();
  return output.report();
}

function logs() {
  return cls.requests.flatMap(({ body }) => decodeLogGroupList(inflateRawSync(body)).flat());
}

describe("a CLS output", () => {
  it("writes values as text, under names that CLS takes, at the time of the log", async () => {
    const fields = {
      s: "é",
      n: 1.5,
      b: true,
      o: { a: [1] },
      z: null,
      _id: "x",
      __CONTENT__: "y",
      __TIMESTAMP__: 1605578090123,
    };
    const report = await write([madeRecords(fields)]);
    expect(logs()).toEqual([
      {
        time: 1605578090123,
        tags: {},
        contents: {
          log_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
          s: "é",
          n: "1.5",
          b: "true",
          o: '{"a":[1]}',
          z: "null",
          x_id: "x",
          x__CONTENT__: "y",
        },
      },
    ]);
    expect(report).toEqual({ records: 1, bytes: cls.requests[0].body.length });
  });

  it("writes labels as source and tags, logs of the same labels in one group and five groups in a request", async () => {
    const labelled = recordsOf(Array.from({ length: 70 }, (_, n) => `{"n":${n}}`)).map(
      ({ raw, place }, n) =>
        new LineRecord(raw, place, { source: `10.0.0.${n % 7}`, topic: "t", tags: { env: "prod" } }),
    );
    expect(await write([labelled])).toMatchObject({ records: 70 });
    expect(cls.requests).toHaveLength(2);
    expect(new Set(logs().map(({ contents }) => contents.log_id)).size).toBe(70);
    for (const { contents, source, tags } of logs()) {
      expect({ source, tags }).toEqual({
        source: `10.0.0.${Number(contents.n) % 7}`,
        tags: { topic: "t", env: "prod" },
      });
    }
  });

  it("counts labels towards the limit of a request", async () => {
    const labelled = recordsOf(Array.from({ length: 12 }, () => "{}")).map(
      ({ raw, place }, n) => new LineRecord(raw, place, { source: String(n), tags: { long: "中".repeat(300_000) } }),
    );
    expect(await write([labelled])).toMatchObject({ records: 12 });
    const sizes = cls.requests.map(({ body }) => inflateRawSync(body).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * 1024 * 1024);
  });

  it("signs all that matters", async () => {
    await write([recordsOf(["{}"])]);
    const { headers, url, method } = cls.requests[0];
    const given = Object.fromEntries(new URLSearchParams(headers.authorization));
    const signed = Object.fromEntries(given["q-header-list"].split(";").map((name) => [name, String(headers[name])]));
    const request = { method, path: "/structuredlog", query: { topic_id: "topic-1" }, headers: signed };
    const expected = signForPeriod(request, CREDENTIALS, given["q-sign-time"]);
    expect(Object.keys(signed)).toEqual(["content-type", "host", "x-cls-compress-type", "x-cls-token"]);
    expect(headers).toMatchObject({ authorization: expected, host: "ap-guangzhou.cls.tencentcs.com" });
    expect(headers).toMatchObject({ "x-cls-token": CREDENTIALS.sessionToken, "x-cls-compress-type": "deflate" });
    expect(url).toBe("/structuredlog?topic_id=topic-1");
  });

  it("gives a record the same log_id at each delivery, and each record its own", async () => {
    const records = recordsOf(Array.from({ length: 50 }, () => "{}"));
    await write([[...records, records[49]]]);
    await write(inBatches([...records, records[49]], [7]));
    const ids = logs().map(({ contents }) => contents.log_id);
    expect(ids.slice(0, 51)).toEqual(ids.slice(51));
    expect(new Set(ids).size).toBe(51);
  });

  it("gives each record its own log_id, also one that its processor held back, and its neighbours", async () => {
    const [first, second, third] = recordsOf(["{}", "{}", "{}"]);
    const records = [first, second, first, second, third, first, third];
    await write([records]);
    await write(inBatches(records, [2]));
    const ids = logs().map(({ contents }) => contents.log_id);
    expect(new Set(ids.slice(0, 7)).size).toBe(7);
    expect(ids.slice(7)).toEqual(ids.slice(0, 7));
  });

  it("keeps within the limits of a request and of a value", async () => {
    const value = "中".repeat(400_000);
    await write([
      madeRecords(...Array.from({ length: 4 }, () => ({ value }))),
      recordsOf(Array.from({ length: 6000 }, () => "{}")),
    ]);
    expect(cls.requests.length).toBeGreaterThanOrEqual(4);
    expect(logs()).toHaveLength(6004);
    expect(Buffer.byteLength(logs()[0].contents.value)).toBeLessThanOrEqual(1024 * 1024);
    expect(value.startsWith(logs()[0].contents.value)).toBe(true);
  });

  it("waits as long as a throttled answer says, and tries again", async () => {
    cls.answer = (_, index) =>
      index === 0 ? { status: 429, headers: { "retry-after": "1" } } : index === 1 ? undefined : {};
    const startedAt = Date.now();
    expect(await write([recordsOf(["{}"])])).toMatchObject({ records: 1, retries: 2 });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  it("sends again from the request on that failed, not those that CLS has taken", async () => {
    cls.answer = (_, index) => (index === 1 ? { status: 503 } : {});
    const [record] = recordsOf(["{}"]);
    const labelled = Array.from(
      { length: 11 },
      (_, n) => new LineRecord(record.raw, record.place, { source: String(n) }),
    );
    expect(await write([labelled])).toMatchObject({ records: 11, retries: 1 });
    expect(logs()).toHaveLength(5 + 5 + 5 + 1);
  });

  it("keeps what stands as the time and is none", async () => {
    await write([
      madeRecords({ __TIMESTAMP__: "yesterday" }, { __TIMESTAMP__: 0 }, { __TIMESTAMP__: "1605578090123" }),
    ]);
    expect(logs().map(({ time, contents }) => [time, contents.x__TIMESTAMP__])).toEqual([
      [NOW, "yesterday"],
      [NOW, "0"],
      [1605578090123, undefined],
    ]);
  });

  it("leaves to quarantine what CLS refuses", async () => {
    cls.answer = () => ({ status: 404, body: '{"errorcode":"TopicNotExist","errormessage":"no topic"}' });
    expect(await write([recordsOf(['{"a":1}'])])).toMatchObject({ records: 0, quarantined: 1 });
    const left = textsUnder(cos(), `notes-1250000000/quarantine/outputs/out/${INPUT.path}/`);
    expect(left["000000.jsonl.gz"]).toMatch(/^\{"log_id":"[0-9a-f]{32}","record":\{"a":1\}\}\n$/);
    expect(JSON.parse(left["000000.json"])).toMatchObject({ reason: { code: "TopicNotExist" } });
    expect(cls.requests).toHaveLength(1);
  });
});
