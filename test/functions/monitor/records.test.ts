import { inflateRawSync } from "node:zlib";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { CREDENTIALS } from "../support/cos-server";
import { TestServer } from "../support/http-server";
import { alertOf, monitorOf, NOW } from "../../monitor/alert/support";
import { closeAll, hookOf, senderOf, StillClock, TAKEN } from "./support/senders";

const STORED = { headers: { "x-cls-requestid": "r-1", "content-length": "0" } };
const records = { topic: "11111111-aaaa-4bbb-8ccc-000000000003", region: "ap-guangzhou" };
const before = { ...process.env };
let cls: TestServer;
beforeEach(async () => {
  cls = await TestServer.start();
  cls.answer = () => STORED;
  process.env.CLS_ENDPOINT = cls.url;
});
afterEach(async () => {
  process.env = { ...before };
  await closeAll();
  await cls.stop();
});

function logs(): Record<string, string>[] {
  return cls.requests.flatMap(({ body }) =>
    decodeLogGroupList(inflateRawSync(body))
      .flat()
      .map(({ contents }) => contents as Record<string, string>),
  );
}

describe("the record topic", () => {
  it("keeps each alert as a log, with its receivers' answers and its delays", async () => {
    const [oncall, mail] = [await hookOf(), await hookOf()];
    mail.answer = () => ({ status: 404 });
    const clock = new StillClock();
    const { sender } = senderOf({ oncall, mail }, { records }, { clock, credentials: () => CREDENTIALS });
    await sender.send(alertOf({ marks: ["late"] }));
    expect(cls.requests[0].url).toBe(`/structuredlog?topic_id=${records.topic}`);
    const [log] = logs();
    expect(log).toMatchObject({
      id: "errors-1",
      kind: "first",
      monitor: "Errors",
      severity: "critical",
      group: '{"service":"orders","status":"503"}',
      source: "access-log",
      region: "ap-guangzhou",
      count: "1",
      marks: "late",
      arrival_ms: "1200",
      sent_at: String(NOW),
      outcome: "quarantined",
      text: expect.stringContaining("[critical] Errors · service=orders status=503") as string,
    });
    expect(JSON.parse(log.receivers)).toEqual([
      { receiver: "oncall", outcome: "taken", attempts: 1, ms: expect.any(Number) as number },
      { receiver: "mail", outcome: "quarantined", attempts: 1, code: "HTTP_404", ms: expect.any(Number) as number },
    ]);
  });

  it("keeps an alert that reached nobody", async () => {
    const monitors = [monitorOf({ routes: [] })];
    const { sender } = senderOf({ oncall: await hookOf() }, { records, monitors }, { credentials: () => CREDENTIALS });
    await sender.send(alertOf());
    expect(logs()).toMatchObject([{ outcome: "unrouted", receivers: "[]" }]);
  });

  it("is tried again, and what it does not take is told and fails no alert", async () => {
    cls.answer = (_, index) => (index < 2 ? { status: 503 } : index === 2 ? STORED : { status: 403 });
    const { sender, told } = senderOf({ oncall: await hookOf() }, { records }, { credentials: () => CREDENTIALS });
    expect(await sender.send(alertOf())).toMatchObject([{ outcome: "taken" }]);
    expect(told).toEqual([]);
    expect(await sender.send(alertOf({ id: "errors-2" }))).toMatchObject([{ outcome: "taken" }]);
    expect(told).toEqual([expect.stringMatching(/^the record of alert errors-2 was not written to topic .*HTTP 403/)]);
  });

  it("that lacks keys is told", async () => {
    delete process.env.TENCENTCLOUD_SECRETID;
    const { sender, told } = senderOf({ oncall: await hookOf() }, { records });
    expect(await sender.send(alertOf())).toMatchObject([{ outcome: "taken" }]);
    expect(told).toEqual([expect.stringContaining("TENCENTCLOUD_SECRETID must be set")]);
  });
});

describe("the heartbeat", () => {
  const heartbeat = { to: "deadman", everyMs: 300_000 };

  it("rings as often as it should, only while all sources are read, and says when it does not", async () => {
    const deadman = await hookOf();
    const clock = new StillClock();
    const { sender, told } = senderOf({ deadman }, { heartbeat }, { clock });
    const rings = [];
    for (let minute = 0; minute < 20; minute++) {
      await sender.beat(minute < 7 || minute >= 14);
      rings.push(deadman.requests.length);
      clock.at += 60_000;
    }
    expect(rings).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4]);
    expect(told).toEqual(["the heartbeat to deadman does not ring: not all sources are read"]);
    expect(JSON.parse(deadman.requests[0].body.toString())).toEqual({
      version: 1,
      heartbeat: { at: new Date(NOW).toISOString() },
    });
  });

  it("that fails is told, not kept, and rings at the next beat", async () => {
    const deadman = await hookOf("wecom");
    deadman.answer = (_, index) => (index === 0 ? { status: 503 } : TAKEN.wecom);
    const { sender, told, objects } = senderOf(
      { deadman },
      { heartbeat, format: "wecom" },
      { clock: new StillClock() },
    );
    await sender.beat(true);
    await sender.beat(true);
    await sender.beat(true);
    expect(deadman.requests).toHaveLength(2);
    expect(told).toEqual([expect.stringContaining("the heartbeat to deadman failed")]);
    expect(objects.texts.size).toBe(0);
  });
});
