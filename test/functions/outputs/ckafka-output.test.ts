import { CkafkaOutput } from "../../../functions/outputs/ckafka-output";
import { Connections } from "../../../functions/outputs/connections";
import { type KafkaMessage, type KafkaPart, loadKafkaPart } from "../../../functions/outputs/kafka-part";
import type { CkafkaOutputSettings } from "../../../functions/settings";
import { withCosServer } from "../support/environment";
import { closeContexts, contextOf } from "../support/outputs";
import { recordsOf } from "../support/records";

const cos = withCosServer();
const SETTINGS: CkafkaOutputSettings = {
  type: "ckafka",
  onFailure: "quarantine",
  brokers: ["10.0.0.1:9092"],
  topic: "logs",
  username: "user",
  passwordSecret: "LOGS_SECRET_KAFKA",
};
let sent: KafkaMessage[];
let connected: unknown[];
let faults: (object | undefined)[];
const part: KafkaPart = {
  connectProducer: async (options) => {
    connected.push(options);
    return {
      send: async (_, messages) => {
        const fault = faults.shift();
        if (fault) throw Object.assign(new Error("password-0008"), fault);
        sent.push(...messages);
      },
      disconnect: async () => void connected.pop(),
    };
  },
};
beforeEach(() => {
  [sent, connected, faults] = [[], [], []];
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  process.env.LOGS_SECRET_KAFKA = "password-0008";
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
});

async function write(lines: string[], overrides = {}) {
  const output = new CkafkaOutput(SETTINGS, contextOf(overrides), part);
  await output.write(recordsOf(lines));
  await output.flush();
  return output.report();
}

describe("a CKafka output", () => {
  it("sends lines as they are under their log_id, over one connection that ends", async () => {
    const lines = Array.from({ length: 2500 }, (_, n) => `{"n": ${n}}`);
    expect(await write(lines)).toMatchObject({ records: 2500 });
    expect(sent.map(({ value }) => Buffer.from(value).toString())).toEqual(lines);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(2500);
    const credentials = { username: "user", password: "password-0008" };
    expect(connected).toEqual([{ clientId: "cdktf-tencent-logs", brokers: SETTINGS.brokers, credentials }]);
    await closeContexts();
    expect(connected).toEqual([]);
  });

  it("tries again what may pass, and leaves what may not to quarantine, without a word of the client", async () => {
    faults = [{ code: "LEADER_NOT_AVAILABLE", retriable: true }];
    expect(await write(["{}"])).toMatchObject({ records: 1, retries: 1 });
    faults = [{ code: "MESSAGE_TOO_LARGE", retriable: false }];
    expect(await write(["{}"])).toMatchObject({ records: 0, quarantined: 1 });
    faults = [{ code: "MESSAGE_TOO_LARGE", retriable: false }];
    const failing = write(["{}"], { onFailure: "fail" });
    await expect(failing).rejects.toThrow(
      "output out failed: messages for kafka topic logs failed with MESSAGE_TOO_LARGE",
    );
  });

  it("stops waiting for a client that does not answer, and leaves nothing to quarantine", async () => {
    const controller = new AbortController();
    const silent: KafkaPart = {
      connectProducer: async () => ({ send: () => new Promise(() => undefined), disconnect: async () => undefined }),
    };
    const output = new CkafkaOutput(SETTINGS, contextOf({ signal: controller.signal }), silent);
    await output.write(recordsOf(["{}"]));
    const flushed = output.flush();
    controller.abort(new Error("time is up"));
    await expect(flushed).rejects.toThrow("time is up");
    await output.discard();
    expect(cos().objects.size).toBe(0);
  });

  it("ends the wait for a connection that is never made, when notes must be written too", async () => {
    const controller = new AbortController();
    const connections = new Connections();
    void connections.producer("out", () => new Promise(() => undefined));
    const closed = connections.close(controller.signal);
    controller.abort(new Error("time is up"));
    await closed;
  });

  it("says which file is missing", () => {
    expect(() => loadKafkaPart("/nowhere")).toThrow("out-kafka.js must load, got Error: Cannot find module");
  });
});
