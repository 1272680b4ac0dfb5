import { join } from "node:path";
import { CkafkaOutput } from "../../functions/outputs/ckafka-output";
import { loadKafkaPart } from "../../functions/outputs/kafka-part";
import type { CkafkaOutputSettings } from "../../functions/settings";
import { withCosServer } from "../functions/support/environment";
import { KafkaBroker } from "../functions/support/kafka-broker";
import { closeContexts, contextOf, textsUnder } from "../functions/support/outputs";
import { recordsOf } from "../functions/support/records";

jest.setTimeout(30_000);

const MESSAGE_TOO_LARGE = 10;
const LEADER_NOT_AVAILABLE = 5;

const server = withCosServer();
const part = loadKafkaPart(join(__dirname, "../../dist/parts"));
const LOGIN = { username: "instance#user", password: "password-0008" };
let broker: KafkaBroker;
const said = (["stdout", "stderr"] as const).map((name) => ({ name, text: "" }));

beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  for (const stream of said) {
    stream.text = "";
    jest.spyOn(process[stream.name], "write").mockImplementation((text) => {
      stream.text += text.toString();
      return true;
    });
  }
  process.env.LOGS_SECRET_KAFKA = LOGIN.password;
  broker = new KafkaBroker(["logs"], LOGIN);
  await broker.listen();
});
afterEach(async () => {
  await closeContexts();
  await broker.close();
  jest.restoreAllMocks();
  expect(said.map(({ text }) => text)).toEqual(["", ""]);
  expect(JSON.stringify(textsUnder(server(), "notes-"))).not.toContain("password");
});

async function write(lines: string[], changes: Partial<CkafkaOutputSettings> = {}, onFailure = "quarantine" as const) {
  const settings: CkafkaOutputSettings = {
    type: "ckafka",
    onFailure,
    brokers: [broker.address],
    topic: "logs",
    username: LOGIN.username,
    passwordSecret: "LOGS_SECRET_KAFKA",
    ...changes,
  };
  const output = new CkafkaOutput(settings, contextOf({ onFailure }), part);
  await output.write(recordsOf(lines));
  await output.flush();
  return output.report();
}

function noteReasons(): unknown[] {
  const texts = Object.entries(textsUnder(server(), "notes-1250000000/quarantine/outputs/out/"));
  return texts
    .filter(([key]) => key.endsWith(".json"))
    .map(([, text]) => (JSON.parse(text) as { reason: unknown }).reason);
}

describe("the client of CKafka, over its protocol", () => {
  it("logs in, sends lines as they are under their log_id, and ends its connection", async () => {
    const lines = Array.from({ length: 2500 }, (_, n) => `{"n": ${n}, "text": "中文"}`);
    expect(await write(lines)).toMatchObject({ records: 2500 });
    const taken = broker.records.get("logs") ?? [];
    expect(taken.map(({ value }) => value.toString())).toEqual(lines);
    expect(new Set(taken.map(({ key }) => key)).size).toBe(2500);
    expect(taken[0].key).toMatch(/^[0-9a-f]{32}$/);
    await closeContexts();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(broker.connections.size).toBe(0);
  });

  it("needs no user where there is none", async () => {
    expect(await write(["{}"], { username: undefined, passwordSecret: undefined })).toMatchObject({ records: 1 });
  });

  it("tries once, and leaves trying again to the output", async () => {
    broker.faults = [LEADER_NOT_AVAILABLE, LEADER_NOT_AVAILABLE, 0];
    expect(await write(['{"a":1}'])).toMatchObject({ records: 1, retries: 2 });
    expect(broker.records.get("logs")).toHaveLength(1);
  });

  it("gives up at once what no retry helps, with Kafka's name of the reason", async () => {
    broker.faults = [MESSAGE_TOO_LARGE];
    const report = await write(["{}"]);
    expect(report).toMatchObject({ records: 0, quarantined: 1 });
    expect(report.retries).toBeUndefined();
    expect(noteReasons()).toEqual([
      { code: "MESSAGE_TOO_LARGE", message: "messages for kafka topic logs failed with MESSAGE_TOO_LARGE" },
    ]);
  });

  it("takes nothing but an offset for each partition as an acknowledgement", async () => {
    broker.faults = ["no partition", "no offset", 0];
    expect(await write(['{"a":1}'])).toMatchObject({ records: 1, retries: 2 });
    broker.faults = ["no partition", "no partition", "no partition"];
    expect(await write(['{"a":1}'])).toMatchObject({ records: 0, quarantined: 1 });
    expect(noteReasons()).toMatchObject([{ code: "NOT_ACKNOWLEDGED" }]);
  });

  it("sends in halves what is too large together", async () => {
    broker.faults = [MESSAGE_TOO_LARGE];
    const lines = ['{"a":1}', '{"a":2}', '{"a":3}'];
    expect(await write(lines)).toMatchObject({ records: 3 });
    expect(broker.records.get("logs")?.map(({ value }) => value.toString())).toEqual(lines);
  });

  it("takes no line end behind a password for a part of it", async () => {
    process.env.LOGS_SECRET_KAFKA = `${LOGIN.password}\n`;
    expect(await write(["{}"])).toMatchObject({ records: 1 });
  });

  it("does not repeat what the broker says of a refused password", async () => {
    process.env.LOGS_SECRET_KAFKA = "password-0009";
    expect(await write(["{}"])).toMatchObject({ quarantined: 1 });
    expect(noteReasons()).toMatchObject([{ code: "KafkaJSSASLAuthenticationError" }]);
  });

  it("tries again a topic that is not there yet, and a broker that does not answer", async () => {
    expect(await write(["{}"], { topic: "other" })).toMatchObject({ quarantined: 1, retries: 2 });
    expect(noteReasons()).toMatchObject([{ code: "UNKNOWN_TOPIC_OR_PARTITION" }]);
    expect(await write(["{}"], { brokers: ["127.0.0.1:1"] })).toMatchObject({ quarantined: 1, retries: 2 });
    expect(noteReasons()).toMatchObject([{ code: "ECONNREFUSED" }]);
  });
});
