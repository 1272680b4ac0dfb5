import fc from "fast-check";
import { inflateRawSync } from "node:zlib";
import { CkafkaOutput } from "../../../functions/outputs/ckafka-output";
import { ClsOutput } from "../../../functions/outputs/cls-output";
import type { KafkaPart } from "../../../functions/outputs/kafka-part";
import { encodeLogGroupList, LogEncoder } from "../../../functions/outputs/log-group";
import { WebhookOutput } from "../../../functions/outputs/webhook-output";
import { LineRecord } from "../../../functions/records/line-record";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf, INPUT, textsUnder } from "../support/outputs";
import { OBJECT, recordsOf } from "../support/records";

jest.setTimeout(30_000);
const cos = withCosServer();
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

const WEBHOOK = {
  type: "webhook",
  onFailure: "quarantine",
  urlSecret: "LOGS_SECRET_HOOK",
  maxBatchRecords: 1000,
} as const;
const KAFKA = { type: "ckafka", onFailure: "quarantine", brokers: ["b:9092"], topic: "t" } as const;
const CLS = { type: "cls", onFailure: "quarantine", topicId: "topic-1", region: "ap-guangzhou" } as const;
/** The 38th is larger than any of the destinations take. */
const LINES = Array.from({ length: 100 }, (_, n) => JSON.stringify({ n, text: "x".repeat(n === 37 ? 9000 : 200) }));
const LIMIT = 4_000;
const FOLDER = `notes-1250000000/quarantine/outputs/out/${INPUT.path}/`;

const KINDS: Readonly<Record<string, (taken: Set<number>) => WebhookOutput | ClsOutput | CkafkaOutput>> = {
  "a webhook that answers 413": (taken) => {
    service.answer = ({ body }) => {
      if (body.length > LIMIT) return { status: 413 };
      for (const { n } of JSON.parse(body.toString()) as { n: number }[]) taken.add(n);
      return {};
    };
    return new WebhookOutput({ ...WEBHOOK, format: "json" }, contextOf());
  },
  "a bot that says so": (taken) => {
    service.answer = ({ body }) => {
      const { content } = (JSON.parse(body.toString()) as { text: { content: string } }).text;
      if (content.length > 1000) return { body: '{"errcode":40058,"errmsg":"text.content exceed max length"}' };
      for (const line of content.split("\n")) taken.add(Number(/\d+/.exec(line)?.[0]));
      return { body: '{"errcode":0}' };
    };
    return new WebhookOutput({ ...WEBHOOK, format: "dingtalk", maxPerMinute: 60_000 }, contextOf());
  },
  "CLS by its code": (taken) => {
    service.answer = ({ body }) => {
      const logs = inflateRawSync(body);
      if (logs.length > LIMIT) return { status: 403, body: '{"errorcode":"LogSizeExceed","errormessage":"too large"}' };
      for (const { contents } of decodeLogGroupList(logs).flat()) taken.add(Number(contents.n));
      return {};
    };
    return new ClsOutput(CLS, contextOf());
  },
  "Kafka by its code": (taken) => {
    const part: KafkaPart = {
      connectProducer: async () => ({
        send: async (_, messages) => {
          if (messages.reduce((sum, { value }) => sum + value.length, 0) > LIMIT) {
            throw Object.assign(new Error("no"), { code: "MESSAGE_TOO_LARGE", retriable: false });
          }
          for (const { value } of messages) taken.add((JSON.parse(Buffer.from(value).toString()) as { n: number }).n);
        },
        disconnect: async () => undefined,
      }),
    };
    return new CkafkaOutput(KAFKA, contextOf(), part);
  },
};

describe.each(Object.entries(KINDS))("a batch that is too large for %s", (_, create) => {
  it("arrives in halves, but for the record that is too large alone", async () => {
    const taken = new Set<number>();
    const output = create(taken);
    await output.write(recordsOf(LINES));
    await output.flush();
    expect(output.report()).toMatchObject({ records: 99, quarantined: 1 });
    expect([...taken].sort((a, b) => a - b)).toEqual(LINES.map((_line, n) => n).filter((n) => n !== 37));
    const left = textsUnder(cos(), FOLDER);
    expect(Object.keys(left)).toHaveLength(2);
    expect(Object.keys(left)[0]).toMatch(/^0000\d\d(\.[01])*\.json$/);
  });

  it("leaves the same names at another delivery", async () => {
    const names = async () => {
      cos().objects.clear();
      const output = create(new Set());
      await output.write(recordsOf(LINES));
      await output.flush();
      return [...cos().objects.keys()];
    };
    expect(await names()).toEqual(await names());
  });
});

describe("the bytes of a request", () => {
  it("of a webhook are at most 1 MiB, whatever its records", async () => {
    const limit = 1024 * 1024;
    // With `{"log_id":"<32>","t":""}` and a comma, two of them fill the body to its last byte, or are one too many.
    const room = limit - 3 - 2 * ('{"log_id":"","t":""}'.length + 32);
    for (const [more, requests] of [
      [0, 1],
      [1, 2],
      [2, 2],
    ]) {
      service.requests.length = 0;
      const output = new WebhookOutput({ ...WEBHOOK, format: "json" }, contextOf());
      const sizes = [1000, room - 1000 + more];
      await output.write(recordsOf(sizes.map((size) => JSON.stringify({ t: "x".repeat(size) }))));
      await output.flush();
      expect(service.requests).toHaveLength(requests);
      for (const { body } of service.requests) expect(body.length).toBeLessThanOrEqual(limit);
    }
  });

  it("of CLS are counted as they are encoded", () => {
    const pairs = fc.array(fc.tuple(fc.string(), fc.string({ maxLength: 300 })));
    fc.assert(
      fc.property(fc.nat(), pairs, (time, contents) => {
        const encoder = new LogEncoder();
        const [log, again] = [0, 1].map(() => {
          encoder.begin(time);
          for (const [key, value] of contents) encoder.text(key, value);
          return encoder.finish();
        });
        const [alone, twice] = [[log], [log, again]].map((logs) => encodeLogGroupList([{ logs }]).length);
        const head = (bytes: number) => (bytes < 128 ? 2 : bytes < 16_384 ? 3 : 4);
        const size = log.end - log.start;
        expect(alone).toBe(size + head(size));
        expect(twice).toBe(2 * size + head(2 * size));
      }),
    );
  });

  it("of CLS with many small fields stay within its limits", async () => {
    const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`f${n}`, ""]));
    const output = new ClsOutput(CLS, contextOf());
    await output.write(recordsOf(Array.from({ length: 400 }, () => JSON.stringify(fields))));
    await output.flush();
    expect(output.report()).toMatchObject({ records: 400 });
    for (const { body } of service.requests) expect(inflateRawSync(body).length).toBeLessThan(2.2 * 1024 * 1024);
  });
});

describe("a record that is cut", () => {
  it("is counted and told", async () => {
    const cls = new ClsOutput(CLS, contextOf());
    const value = "x".repeat(5 * 1024 * 1024 - 1000);
    await cls.write(recordsOf([JSON.stringify({ value }), '{"value":1}']));
    await cls.flush();
    expect(cls.report()).toMatchObject({ records: 2, cut: 1 });
    expect(console.error).toHaveBeenCalledWith(expect.stringMatching(/^cos:.*: output out cut 1 record\(s\)/));
    service.answer = () => ({ body: '{"errcode":0}' });
    const bot = new WebhookOutput({ ...WEBHOOK, format: "wecom", maxPerMinute: 60_000 }, contextOf());
    await bot.write(recordsOf([JSON.stringify({ value }), '{"value":1}']));
    await bot.flush();
    expect(bot.report()).toMatchObject({ records: 2, cut: 1 });
  });
});

it("a name of a field that is one of JavaScript's arrives like any other", async () => {
  const output = new ClsOutput(CLS, contextOf());
  const [{ place }] = recordsOf(["{}"]);
  const raw = Buffer.from('{"__proto__":"a","constructor":"b","toString":"c"}');
  await output.write([
    new LineRecord(raw, { ...place, object: OBJECT }, JSON.parse('{"tags":{"__proto__":"d"}}') as object),
  ]);
  await output.flush();
  const sent = inflateRawSync(service.requests[0].body).toString("latin1");
  for (const name of ["x__proto__", "constructor", "toString"]) expect(sent).toContain(name);
  expect(sent.split("__proto__")).toHaveLength(3);
});
