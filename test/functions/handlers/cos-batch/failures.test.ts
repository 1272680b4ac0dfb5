import { gzipSync } from "node:zlib";
import { runCosBatch } from "../../../../functions/handlers/cos-batch/cos-batch";
import type { ScfContext } from "../../../../functions/invocation/deadline";
import { eTagOf, type Fault, type SeenRequest } from "../../support/cos-server";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../../support/events";
import { BUCKET, COUNTS, LINES, RETRY, SETTINGS, withInvocations } from "./support/invocations";

const { server, stderr, put, noteOf, run, faultAtGet, logged } = withInvocations();

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
