import { CkafkaOutput } from "../../../functions/outputs/ckafka-output";
import { createOutput } from "../../../functions/outputs/create";
import type { KafkaMessage, KafkaPart } from "../../../functions/outputs/kafka-part";
import type { Batch } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf, INPUT, textsUnder } from "../support/outputs";
import { OBJECT } from "../support/records";

const cos = withCosServer();
let service: TestServer;
beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  service = await TestServer.start();
  process.env.CLS_ENDPOINT = service.url;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await service.stop();
});

describe("a batch that fills slowly", () => {
  const lines = ['{"n":0}', '{"n":1}'];
  /** Records that are parts of one chunk, as the parser reads them. */
  function partsOfChunk(): { chunk: Buffer; records: Batch } {
    const chunk = Buffer.from(lines.join(""));
    const records = lines.map((line, index) => {
      const raw = chunk.subarray(index * line.length, (index + 1) * line.length);
      return new LineRecord(raw, { object: OBJECT, line: index + 1, byte: index * line.length });
    });
    return { chunk, records };
  }

  it("holds nothing of the chunks that its messages were read from", async () => {
    const sent: KafkaMessage[] = [];
    const part: KafkaPart = {
      connectProducer: async () => ({
        send: async (_, messages) => void sent.push(...messages),
        disconnect: async () => undefined,
      }),
    };
    const output = new CkafkaOutput(
      { type: "ckafka", onFailure: "quarantine", brokers: ["b:9092"], topic: "t" },
      contextOf(),
      part,
    );
    const { chunk, records } = partsOfChunk();
    await output.write(records);
    chunk.fill(0);
    await output.flush();
    expect(sent.map(({ value }) => Buffer.from(value).toString())).toEqual(lines);
    // All lines of the batch share one piece of memory, which is the batch's own.
    const memories = new Set(sent.map(({ value }) => value.buffer));
    expect([...memories].map(({ byteLength }) => byteLength)).toEqual([64 * 1024]);
    expect(memories).not.toContain(chunk.buffer);
  });

  it("nor does what it would leave to quarantine", async () => {
    service.answer = () => ({ status: 404 });
    const output = createOutput(
      { type: "cls", onFailure: "quarantine", topicId: "topic-1", region: "ap-guangzhou" },
      contextOf(),
    );
    const { chunk, records } = partsOfChunk();
    await output.write(records);
    chunk.fill(0);
    await output.flush();
    const left = textsUnder(cos(), `notes-1250000000/quarantine/outputs/out/${INPUT.path}/`);
    const kept = left["000000.jsonl.gz"].trimEnd().split("\n");
    expect(kept.map((line) => JSON.stringify((JSON.parse(line) as { record: unknown }).record))).toEqual(lines);
  });
});

it("a line of user code that is no JSON comes back from quarantine as it was, and so do its neighbours", async () => {
  const lines = ['{"n":0}', "no JSON", '{"n":\n1}', "\ufeff{}", '{"n":2}'];
  const sent: string[] = [];
  let isDown = true;
  const part: KafkaPart = {
    connectProducer: async () => ({
      send: async (_, messages) => {
        if (isDown) throw Object.assign(new Error("down"), { code: "TOPIC_AUTHORIZATION_FAILED", retriable: false });
        sent.push(...messages.map(({ value }) => Buffer.from(value).toString()));
      },
      disconnect: async () => undefined,
    }),
  };
  const settings = { type: "ckafka", onFailure: "quarantine", brokers: ["b:9092"], topic: "t" } as const;
  const output = new CkafkaOutput(settings, contextOf(), part);
  await output.write(
    lines.map((line, index) => new LineRecord(Buffer.from(line), { object: OBJECT, line: index + 1, byte: index })),
  );
  await output.flush();
  const [kept] = [...cos().objects].filter(([name]) => name.endsWith(".jsonl.gz")).map(([, content]) => content);
  isDown = false;
  const again = new CkafkaOutput(settings, contextOf(), part);
  await again.redeliver({ name: "000000", records: lines.length, lines: kept });
  expect(sent).toEqual(lines);
});
