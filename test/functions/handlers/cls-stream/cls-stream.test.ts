import { deflateSync, gunzipSync, gzipSync } from "node:zlib";
import { runClsStream } from "../../../../functions/handlers/cls-stream/cls-stream";
import type { EventNote } from "../../../../functions/quarantine/events";
import type { ScfContext } from "../../../../functions/invocation/deadline";
import type { ClsStreamSettings } from "../../../../functions/settings";
import type { Summary } from "../../../../functions/invocation/summary";
import { CREDENTIALS } from "../../support/cos-server";
import { withCosServer } from "../../support/environment";
import { cosEvent, cosRecord } from "../../support/events";
import { textsUnder } from "../../support/outputs";

const server = withCosServer();
const COS = { type: "cos", bucket: "out-1250000000", region: "ap-guangzhou", maxPartBytes: 1000 } as const;
const SETTINGS: ClsStreamSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  outputs: {
    main: { ...COS, onFailure: "fail", prefix: "main/" },
    invalid: { ...COS, onFailure: "fail", prefix: "invalid/" },
  },
  defaultOutput: "main",
  quarantine: { bucket: "notes-1250000000", region: "ap-guangzhou", prefix: "quarantine/" },
  maxLineBytes: 1000,
};
const RETRY = { retries: 1, baseDelayMs: 1, maxDelayMs: 2 };
const RECORDS = [
  { timestamp: "1605578090000000", content: '{"secret":"text"}' },
  { timestamp: 1605578091000000, content: "plain" },
  { content: "" },
  { timestamp: 1 },
];

let stdout: string[];
let stderr: string[];
beforeEach(() => {
  [stdout, stderr] = [[], []];
  jest.spyOn(console, "log").mockImplementation((line: string) => void stdout.push(line));
  jest.spyOn(console, "error").mockImplementation((line: string) => void stderr.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const secret of [...Object.values(CREDENTIALS), "secret", "plain"])
    expect([...stdout, ...stderr].join("\n")).not.toContain(secret);
});

function eventOf(records: unknown[] = RECORDS, pack: (text: string) => Buffer = gzipSync): object {
  const body = JSON.stringify({ topic_id: "topic-1", topic_name: "n", records });
  return { clslogs: { data: pack(body).toString("base64") } };
}

function run(event: unknown, settings = SETTINGS, context: ScfContext = {}): Promise<Summary> {
  return runClsStream(event, context, settings, RETRY);
}

function notes(): EventNote[] {
  const texts = textsUnder(server(), "notes-1250000000/quarantine/cls/");
  return Object.values(texts).map((text) => JSON.parse(text) as EventNote);
}

function refuse(statusCode: number, code: string): void {
  server().fault = ({ object }) => (object.startsWith("out-") ? { type: "status", statusCode, code } : undefined);
}

describe("an event of CLS", () => {
  it("goes to the outputs, its broken logs to invalid, and gives one summary", async () => {
    const summary = await run(eventOf());
    expect(summary).toMatchObject({ objects: 1, lines: 4, records: 2, invalid: 1, dropped: 0, quarantined: 0 });
    expect(summary.outputs).toMatchObject({ main: { records: 2 }, invalid: { records: 1 } });
    expect(stdout).toEqual([JSON.stringify(summary)]);
    const [main] = Object.values(textsUnder(server(), "out-1250000000/main/topic-1/"));
    expect(main).toBe(
      '{"__TIMESTAMP__":1605578090000,"secret":"text"}\n{"__TIMESTAMP__":1605578091000,"__CONTENT__":"plain"}\n',
    );
    const [invalid] = Object.values(textsUnder(server(), "out-1250000000/invalid/topic-1/"));
    expect(JSON.parse(invalid)).toMatchObject({ reason: "not a JSON object", line: 4, text: '[{"timestamp":1}]' });
  });

  it("tells how long its last log took to the outputs, where that can be told", async () => {
    const at = (time: number) => ({ timestamp: String(time * 1000), content: "{}" });
    const now = Date.now();
    const { delayMs } = await run(eventOf([at(now - 90_000), at(now - 5_000)]));
    expect(delayMs).toBeGreaterThanOrEqual(5_000);
    expect(delayMs).toBeLessThan(20_000);
    expect((await run(eventOf([at(now + 60_000)]))).delayMs).toBe(0);
    for (const untold of [{ content: "{}" }, { content: "{}", timestamp: 1 }, { content: "{}", timestamp: "x" }])
      expect(await run(eventOf([at(now), untold]))).not.toHaveProperty("delayMs");
    expect(await run(eventOf([]))).not.toHaveProperty("delayMs");
    refuse(403, "AccessDenied");
    await expect(run(eventOf([at(now)]))).rejects.toThrow("AccessDenied");
    expect(JSON.parse(stdout.at(-1) ?? "")).not.toHaveProperty("delayMs");
  });

  it("that comes twice, packed otherwise, leaves the same bytes in COS", async () => {
    const many = eventOf(Array.from({ length: 700 }, (_, n) => ({ timestamp: n, content: `{"n":${n}}` })));
    await run(many);
    const first = new Map(server().objects);
    expect(first.size).toBeGreaterThan(5);
    await run(many);
    const unpacked = Buffer.from((many as { clslogs: { data: string } }).clslogs.data, "base64");
    await run({ clslogs: { data: deflateSync(gunzipSync(unpacked)).toString("base64") } });
    expect(server().objects).toEqual(first);
  });

  it("without outputs is counted", async () => {
    expect(await run(eventOf(), { ...SETTINGS, outputs: {}, defaultOutput: undefined })).toMatchObject({
      records: 2,
      outputs: {},
    });
  });
});

describe("an event that fails", () => {
  it("for now is left whole to a note, and thrown; a later success removes the note", async () => {
    refuse(503, "SlowDown");
    const event = eventOf();
    await expect(run(event)).rejects.toThrow(/^the event must be delivered again, got 1 fault\(s\); cls:.*SlowDown/);
    expect(notes()).toMatchObject([{ event, reason: { kind: "transient", code: "SlowDown" } }]);
    expect(JSON.parse(stdout[0])).toMatchObject({ objects: 0, records: 2, quarantined: 1 });
    server().fault = () => undefined;
    await run(event);
    expect(notes()).toEqual([]);
  });

  it("in an output with quarantine goes on", async () => {
    refuse(403, "AccessDenied");
    const main = { ...SETTINGS.outputs.main, onFailure: "quarantine" } as const;
    const summary = await run(eventOf(), { ...SETTINGS, outputs: { main } });
    expect(summary).toMatchObject({ objects: 1, quarantined: 0, outputs: { main: { records: 0, quarantined: 2 } } });
    expect(notes()).toEqual([]);
  });

  it("after an output left a batch of it to quarantine is all in its own note, and the batch is in quarantine no more", async () => {
    server().fault = ({ object }) => {
      if (object.startsWith("out-1250000000/main/")) return { type: "status", statusCode: 403, code: "AccessDenied" };
      return object.startsWith("out-") ? { type: "status", statusCode: 503, code: "SlowDown" } : undefined;
    };
    const main = { ...SETTINGS.outputs.main, onFailure: "quarantine" } as const;
    const settings = { ...SETTINGS, outputs: { ...SETTINGS.outputs, main } };
    // The other output is given up later than main, whatever else the machine does.
    const patient = { retries: 4, baseDelayMs: 200, maxDelayMs: 200 };
    await expect(runClsStream(eventOf(), {}, settings, patient)).rejects.toThrow("SlowDown");
    expect(stderr[0]).toMatch(/^LOGS_QUARANTINED .* for output main/);
    expect(Object.keys(textsUnder(server(), "notes-1250000000/quarantine/"))).toEqual([
      expect.stringMatching(/^cls\/topic-1\/[0-9a-f]{32}\.json$/),
    ]);
  });

  it("at the time limit is left to a note, and is a success", async () => {
    refuse(503, "SlowDown");
    const slow = { retries: 9, baseDelayMs: 9000, maxDelayMs: 9000 };
    const summary = await runClsStream(eventOf(), { time_limit_in_ms: 800 }, SETTINGS, slow);
    expect(summary).toMatchObject({ objects: 0, quarantined: 1 });
    expect(notes()).toMatchObject([{ reason: { kind: "deadline" } }]);
  });

  it("because the user's code is absent is left to a note, and thrown", async () => {
    const event = eventOf();
    await expect(run(event, { ...SETTINGS, processor: { type: "code" } })).rejects.toThrow("processor.js must load");
    expect(notes()).toMatchObject([{ event }]);
  });

  it("because it cannot be read is left to a note, and thrown, without its content", async () => {
    const event = { clslogs: { data: Buffer.from("secret").toString("base64") } };
    await expect(run(event)).rejects.toThrow("clslogs.data must be base64 of JSON");
    expect(notes()).toMatchObject([{ event, reason: { code: "LOGS_EVENT" } }]);
  });

  it("because it is of something else is thrown and named, and kept nowhere: it may hold a signature", async () => {
    const event = cosEvent(cosRecord("logs-1250000000", "secret.gz"));
    await expect(run(event)).rejects.toThrow("must be one of a CLS trigger, got one of a COS trigger");
    expect(stderr).toEqual([expect.stringContaining("got one of a COS trigger")]);
    expect(server().objects.size).toBe(0);
  });

  it("and whose note cannot be written is thrown", async () => {
    server().fault = () => ({ type: "status", statusCode: 403, code: "AccessDenied" });
    await expect(run(eventOf())).rejects.toThrow(/got 1 fault\(s\); .*AccessDenied.*; its note cannot be written: /);
  });
});
