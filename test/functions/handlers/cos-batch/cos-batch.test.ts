import { gzipSync } from "node:zlib";
import { objectEvent } from "../../../../cli/replay/event";
import { runCosBatch } from "../../../../functions/handlers/cos-batch/cos-batch";
import type { ScfContext } from "../../../../functions/invocation/deadline";
import type { QuarantineNote } from "../../../../functions/quarantine/objects";
import type { CosBatchSettings } from "../../../../functions/settings";
import type { Summary } from "../../../../functions/invocation/summary";
import { CREDENTIALS, eTagOf, type Fault, type SeenRequest } from "../../support/cos-server";
import { withCosServer } from "../../support/environment";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../../support/events";

const server = withCosServer();
const BUCKET = "logs-1250000000";
const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
  maxLineBytes: 1000,
};
const RETRY = { retries: 2, baseDelayMs: 1, maxDelayMs: 2 };
const LINES = '{"a":1}\nbroken\n\n{"b":2}\n';
const COUNTS = { lines: 4, records: 2, invalid: 1, dropped: 0 };

let stdout: string[];
let stderr: string[];
beforeEach(() => {
  stdout = [];
  stderr = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void stdout.push(line));
  jest.spyOn(console, "error").mockImplementation((line: string) => void stderr.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
  expectNoSecrets();
});

/** Holds after each test of this file, whatever went wrong in it. */
function expectNoSecrets(): void {
  const notes = [...server().objects].filter(([name]) => name.includes("/quarantine/")).map(([, note]) => String(note));
  const seen = [...stdout, ...stderr, ...notes].join("\n");
  const uploader = UPLOADER_SIGNATURE.split("&").map((part) => part.split("=")[1]);
  for (const secret of [...Object.values(CREDENTIALS), ...uploader, "q-sign"]) expect(seen).not.toContain(secret);
  expect(seen).not.toContain('"a":1');
  expect(seen).not.toContain("broken");
}

function put(key: string, content: string | Buffer = gzipSync(LINES)): Buffer {
  const object = Buffer.from(content);
  server().objects.set(`${BUCKET}/${key}`, object);
  return object;
}

function noteOf(key: string): QuarantineNote | undefined {
  const note = server().objects.get(`${BUCKET}/quarantine/${BUCKET}/${key}.json`);
  return note && (JSON.parse(String(note)) as QuarantineNote);
}

function run(keys: string[], context: ScfContext = {}, settings = SETTINGS): Promise<Summary> {
  return runCosBatch(cosEvent(...keys.map((key) => cosRecord(BUCKET, key))), context, settings, RETRY);
}

/** Faults of the requests that read an object, not of those for notes. */
function faultAtGet(fault: (request: SeenRequest, earlier: number) => Fault | undefined): void {
  server().fault = (request, earlier) => (request.method === "GET" ? fault(request, earlier) : undefined);
}

function logged(): Summary {
  expect(stdout).toHaveLength(1);
  return JSON.parse(stdout[0]) as Summary;
}

describe("an invocation", () => {
  it("counts the records of each of its objects, and logs and returns one summary", async () => {
    const bytes = put("a.gz").length + put("b.jsonl", LINES).length;
    const summary = await run(["a.gz", "b.jsonl"]);
    expect(summary).toEqual({
      objects: 2,
      bytes,
      lines: 8,
      records: 4,
      invalid: 2,
      dropped: 0,
      quarantined: 0,
      outputs: {},
      retries: 0,
      ms: expect.any(Number) as number,
    });
    expect(logged()).toEqual(summary);
    expect(stderr).toEqual([]);
  });

  it("tells how long the slowest of its objects took to the outputs, where the event says when they were stored", async () => {
    put("a.gz");
    put("b.gz");
    put("cut.gz", gzipSync(LINES).subarray(0, 30));
    const stored = (key: string, secondsAgo: number) => ({
      ...cosRecord(BUCKET, key),
      event: { eventName: "cos:ObjectCreated:Put", eventTime: Math.floor(Date.now() / 1000) - secondsAgo },
    });
    const told = async (...records: object[]) => (await runCosBatch(cosEvent(...records), {}, SETTINGS, RETRY)).delayMs;
    const delay = await told(stored("a.gz", 60), stored("b.gz", 5), stored("cut.gz", 900));
    expect(delay).toBeGreaterThanOrEqual(60_000);
    expect(delay).toBeLessThan(120_000);
    expect(await told(stored("a.gz", -60))).toBe(0);
    expect(await told(stored("cut.gz", 5))).toBeUndefined();
    expect(await told(cosRecord(BUCKET, "a.gz"))).toBeUndefined();
    const replayed = objectEvent({ bucket: BUCKET, region: "ap-guangzhou", key: "a.gz" });
    expect((await runCosBatch(replayed, {}, SETTINGS, RETRY)).delayMs).toBeUndefined();
    stdout.splice(1);
  });

  it.each([
    ["an empty object", {}],
    ["one whose list of Records is empty", { Records: [] }],
    ["null", null],
    ["one of a CLS trigger", { clslogs: { data: "broken" } }],
    ["JSON text of one of a COS trigger", JSON.stringify(cosEvent(cosRecord(BUCKET, "a.gz")))],
  ])("of something else than COS throws, and names it: %s", async (kind, event) => {
    await expect(runCosBatch(event, {}, SETTINGS, RETRY)).rejects.toThrow(`must be one of a COS trigger, got ${kind};`);
    expect(stderr).toEqual([expect.stringContaining(`got ${kind};`)]);
    expect(logged()).toMatchObject({ objects: 0, lines: 0 });
    expect(server().requests).toHaveLength(0);
  });

  it("of a folder that the console made counts nothing", async () => {
    expect(await run(["folder/"])).toMatchObject({ objects: 0, lines: 0 });
    expect(server().requests).toHaveLength(0);
  });

  it.each([
    ["a b.gz", "a b.gz"],
    ["a+b.gz", "a+b.gz"],
  ])("finds the object whichever way a plus in its address is meant: %s", async (key, noted) => {
    put(key, "<html>");
    const record = cosRecord(BUCKET, "a+b.gz") as { cos: { cosObject: { url: string } } };
    record.cos.cosObject.url = record.cos.cosObject.url.replace("%2B", "+");
    await runCosBatch(cosEvent(record), {}, SETTINGS, RETRY);
    expect(noteOf(noted)).toMatchObject({ object: { key }, reason: { code: "NOT_GZIP" } });
    put(key);
    expect(await runCosBatch(cosEvent(record), {}, SETTINGS, RETRY)).toMatchObject({ objects: 1, quarantined: 0 });
    expect(noteOf(noted)).toBeUndefined();
    expect([...server().objects.keys()]).toHaveLength(1);
  });

  it("removes the note of the first key where the object lies under the other, which a replay of it tries too", async () => {
    const record = cosRecord(BUCKET, "a+b.gz") as { cos: { cosObject: { url: string } } };
    record.cos.cosObject.url = record.cos.cosObject.url.replace("%2B", "+");
    put("a b.gz");
    faultAtGet(({ object }) =>
      object.endsWith("a+b.gz") ? { type: "status", statusCode: 503, code: "SlowDown" } : undefined,
    );
    await expect(runCosBatch(cosEvent(record), {}, SETTINGS, RETRY)).rejects.toThrow("SlowDown");
    const note = noteOf("a+b.gz");
    expect(note).toMatchObject({ object: { key: "a+b.gz", otherKey: "a b.gz" } });
    faultAtGet(() => undefined);
    const replayed = objectEvent((note as QuarantineNote).object);
    expect(await runCosBatch(replayed, {}, SETTINGS, RETRY)).toMatchObject({ objects: 1, quarantined: 0 });
    expect([...server().objects.keys()]).toEqual([`${BUCKET}/a b.gz`]);
  });

  it("counts an empty object as read, but not one that should be gzip, which is never empty", async () => {
    put("empty.jsonl", "");
    expect(await run(["empty.jsonl"])).toMatchObject({ objects: 1, bytes: 0, lines: 0, quarantined: 0 });
    put("empty.gz", "");
    expect(await run(["empty.gz"])).toMatchObject({ objects: 0, bytes: 0, lines: 0, quarantined: 1 });
    expect(noteOf("empty.gz")).toMatchObject({ reason: { kind: "permanent", code: "NOT_GZIP" } });
  });

  it("looks only at the ends of a line where the settings say so", async () => {
    put("a.gz", '{"a":}\n');
    const shape = { ...SETTINGS, processor: { type: "count", check: "shape" } as const };
    expect(await run(["a.gz"], {}, shape)).toMatchObject({ records: 1, invalid: 0 });
  });

  it("cuts lines at the limit of the settings", async () => {
    put("a.gz", `{"a":"${"x".repeat(1000)}"}\n{}\n`);
    expect(await run(["a.gz"])).toMatchObject({ lines: 2, records: 1, invalid: 1 });
  });
});

describe("a connection that breaks at byte k of the object", () => {
  it("costs nothing but a retry, at every k", async () => {
    const object = put("a.gz");
    for (let byte = 1; byte < object.length; byte++) {
      const before = server().requestsOf("GET").length;
      faultAtGet((_, earlier) => (earlier === before ? { type: "reset", afterBytes: byte, how: "fin" } : undefined));
      expect(await run(["a.gz"])).toMatchObject({
        ...COUNTS,
        objects: 1,
        bytes: object.length,
        retries: 1,
        quarantined: 0,
      });
    }
    expect(stdout).toHaveLength(object.length - 1);
    expect(stderr).toEqual([]);
  });

  it("costs nothing where the object is large", async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => JSON.stringify({ index, hash: Math.sin(index) }));
    const object = put("a.gz", gzipSync(lines.join("\n")));
    faultAtGet((_, earlier) =>
      earlier < 8 ? { type: "reset", afterBytes: (object.length / 12) | 0, how: "rst" } : undefined,
    );
    expect(await run(["a.gz"])).toMatchObject({
      lines: 40_000,
      records: 40_000,
      invalid: 0,
      bytes: object.length,
      retries: 8,
    });
  });
});

describe("a failure that may pass", () => {
  beforeEach(() => {
    put("bad.gz");
    put("good.gz");
    faultAtGet(({ object }) =>
      object.endsWith("bad.gz") ? { type: "status", statusCode: 503, code: "SlowDown" } : undefined,
    );
  });

  it("leaves a note, lets the other objects go on, and throws so that SCF tries again", async () => {
    await expect(run(["bad.gz", "good.gz"], { request_id: "scf-1" })).rejects.toMatchObject({
      code: "COS_BATCH",
      message: expect.stringMatching(/^the event must be delivered again, got 1 fault\(s\); cos:.*SlowDown/) as string,
    });
    expect(logged()).toMatchObject({ ...COUNTS, objects: 1, quarantined: 1, retries: 2 });
    expect(stderr).toEqual([expect.stringContaining("cos://logs-1250000000/bad.gz: transient failure SlowDown")]);
    expect(noteOf("bad.gz")).toEqual({
      version: 1,
      object: { bucket: BUCKET, region: "ap-guangzhou", key: "bad.gz", eTag: '"00"' },
      reason: {
        kind: "transient",
        code: "SlowDown",
        message: `GET cos://${BUCKET}/bad.gz failed with SlowDown (HTTP 503): told & refused`,
        requestId: "request-5",
      },
      reached: { bytes: 0, line: 0 },
      attempts: 3,
      requestId: "scf-1",
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
  });

  it("takes its note back when the next try succeeds", async () => {
    await expect(run(["bad.gz"])).rejects.toThrow("SlowDown");
    server().fault = () => undefined;
    expect(await run(["bad.gz"])).toMatchObject({ objects: 1, quarantined: 0 });
    expect(noteOf("bad.gz")).toBeUndefined();
  });
});

describe("an answer that is not the object that its event names", () => {
  const lines = '{"n":1}\n'.repeat(200);
  const event = (object: Buffer) => {
    const record = cosRecord(BUCKET, "a.jsonl") as { cos: { cosObject: object } };
    Object.assign(record.cos.cosObject, { size: object.length, meta: { ETag: eTagOf(object) } });
    return cosEvent(record);
  };

  it.each<[string, (whole: Buffer) => Buffer, string]>([
    ["ends with a line, but too soon", (whole) => whole.subarray(0, 80), "WrongSize"],
    ["is empty", () => Buffer.alloc(0), "WrongSize"],
    ["has another byte", (whole) => Buffer.from(whole.toString().replace("1", "2")), "WrongChecksum"],
  ])("leaves a note and throws, and the next delivery of it is the whole object: %s", async (_, spoil, code) => {
    const object = put("a.jsonl", lines);
    faultAtGet(() => ({ type: "otherBody", body: spoil(object) }));
    await expect(runCosBatch(event(object), {}, SETTINGS, RETRY)).rejects.toThrow(code);
    expect(noteOf("a.jsonl")).toMatchObject({ reason: { kind: "transient", code } });
    server().fault = () => undefined;
    expect(await runCosBatch(event(object), {}, SETTINGS, RETRY)).toMatchObject({ objects: 1, records: 200 });
    expect(noteOf("a.jsonl")).toBeUndefined();
  });

  it("is read where the object was written over since: that has an event of its own", async () => {
    const old = Buffer.from("{}\n");
    put("a.jsonl", lines);
    expect(await runCosBatch(event(old), {}, SETTINGS, RETRY)).toMatchObject({ objects: 1, records: 200 });
  });
});

describe("a failure that no retry helps", () => {
  it.each([
    ["an object that is gone", "NoSuchKey", () => undefined],
    ["an object that must not be read", "AccessDenied", () => faultAtGet(() => refusal)],
    ["an object that is not what its name says", "NOT_GZIP", () => put("a.gz", "<html>")],
  ])("leaves a note and is a success: %s", async (_, code, arrange) => {
    arrange();
    put("good.gz");
    server().fault = ((before) => (request: SeenRequest, earlier: number) =>
      request.object.endsWith("good.gz") ? undefined : before(request, earlier))(server().fault);
    expect(await run(["a.gz", "good.gz"])).toMatchObject({ ...COUNTS, objects: 1, quarantined: 1, retries: 0 });
    expect(noteOf("a.gz")).toMatchObject({ reason: { kind: "permanent", code }, attempts: 1 });
    expect(stderr).toEqual([expect.stringContaining(`cos://logs-1250000000/a.gz: permanent failure ${code}`)]);
    logged();
  });
  const refusal: Fault = { type: "status", statusCode: 403, code: "AccessDenied" };

  it("counts the lines before it, and notes how far it got", async () => {
    const whole = gzipSync(LINES.repeat(1000), { level: 0 });
    const object = put("a.gz", whole.subarray(0, 10_000));
    const summary = await run(["a.gz"]);
    expect(summary).toMatchObject({ objects: 0, quarantined: 1, bytes: 10_000 });
    expect(summary.records).toBeGreaterThan(500);
    expect(noteOf("a.gz")).toMatchObject({
      object: { eTag: eTagOf(object) },
      reason: { kind: "permanent", code: "GZIP_TRUNCATED" },
      reached: { bytes: 10_000, line: summary.lines },
    });
  });

  it("is an object replaced after some of it was read", async () => {
    put("a.jsonl", LINES.repeat(100));
    faultAtGet((_, earlier) => {
      if (earlier > 0) return undefined;
      setImmediate(() => put("a.jsonl", "other\n"));
      return { type: "reset", afterBytes: 1000, how: "fin" };
    });
    const summary = await run(["a.jsonl"]);
    expect(summary).toMatchObject({ objects: 0, quarantined: 1, retries: 1 });
    expect(summary.records).toBeGreaterThan(10);
    expect(noteOf("a.jsonl")).toMatchObject({ reason: { kind: "permanent", code: "PreconditionFailed" } });
  });

  it("is not an object replaced before a line of it was read, which starts over", async () => {
    put("a.jsonl", LINES);
    faultAtGet((_, earlier) => {
      if (earlier > 0) return undefined;
      setImmediate(() => put("a.jsonl", "{}\n{}\n{}\n"));
      return { type: "reset", afterBytes: 3, how: "fin" };
    });
    expect(await run(["a.jsonl"])).toMatchObject({ objects: 1, quarantined: 0, records: 3, bytes: 9, retries: 2 });
  });
});

describe("the function's timeout", () => {
  beforeEach(() => {
    put("stuck.jsonl", LINES);
    put("never.gz");
    faultAtGet(({ object }) => (object.includes("stuck") ? { type: "stall", afterBytes: 20 } : undefined));
  });

  it.each<[string, ScfContext]>([
    ["time_limit_in_ms", { time_limit_in_ms: 1000 }],
    ["getRemainingTimeInMillis", { time_limit_in_ms: 900_000, getRemainingTimeInMillis: () => 1000 }],
  ])("by %s: what is not read by then is left to notes, in time", async (_, context) => {
    const summary = await run(["stuck.jsonl", "never.gz"], context);
    expect(summary).toMatchObject({ objects: 0, quarantined: 2, lines: 3, records: 1 });
    expect(summary.ms).toBeGreaterThanOrEqual(740);
    expect(summary.ms).toBeLessThan(1000);
    expect(noteOf("stuck.jsonl")).toMatchObject({
      reason: { kind: "deadline", code: "DEADLINE" },
      reached: { bytes: 20, line: 3 },
    });
    expect(noteOf("never.gz")).toMatchObject({ reason: { kind: "deadline" }, attempts: 0 });
  });
});

describe("a note that cannot be written", () => {
  it("makes the invocation throw, whatever the failure was, after the other objects", async () => {
    put("good.gz");
    server().fault = ({ method }) =>
      method === "PUT" ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    await expect(run(["gone.gz", "good.gz"])).rejects.toThrow(
      "its note cannot be written: cos://logs-1250000000/gone.gz",
    );
    expect(logged()).toMatchObject({ ...COUNTS, objects: 1, quarantined: 0 });
  });

  it("is what missing credentials come to", async () => {
    put("a.gz");
    delete process.env.TENCENTCLOUD_SECRETKEY;
    await expect(run(["a.gz"])).rejects.toThrow(
      "TENCENTCLOUD_SECRETKEY must be set, got nothing; give the function a role",
    );
  });
});

describe("a note that cannot be removed", () => {
  it("is told, and costs no record", async () => {
    put("a.gz");
    server().fault = ({ method }) =>
      method === "DELETE" ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    expect(await run(["a.gz"])).toMatchObject({ ...COUNTS, objects: 1, quarantined: 0 });
    expect(stderr).toEqual([expect.stringContaining("its note cannot be removed")]);
  });
});

describe("a Record that names no object", () => {
  it("makes the invocation throw after the other Records, without quoting it", async () => {
    put("a.gz");
    const bad = { ...cosRecord(BUCKET, "b.gz"), cos: UPLOADER_SIGNATURE };
    const event = cosEvent(bad, cosRecord(BUCKET, "a.gz"));
    await expect(runCosBatch(event, {}, SETTINGS, RETRY)).rejects.toThrow(
      "Records[0].cos must be an object, got string",
    );
    expect(logged()).toMatchObject({ objects: 1, records: 2 });
  });
});

describe("a log line", () => {
  it("stays one line, and within SCF's 8 KB, whatever the key is", async () => {
    await run([`a\nb${"中".repeat(100)}`, "x".repeat(800)]);
    for (const line of stderr) {
      expect(line).not.toContain("\n");
      expect(Buffer.byteLength(line)).toBeLessThan(8192);
    }
    expect(stderr).toHaveLength(2);
  });
});
