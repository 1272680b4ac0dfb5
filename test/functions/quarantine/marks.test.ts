import { gzipSync } from "node:zlib";
import { runClsStream } from "../../../functions/handlers/cls-stream/cls-stream";
import { runCosBatch } from "../../../functions/handlers/cos-batch/cos-batch";
import { keptEvent } from "../../../functions/quarantine/kept-event";
import type { QuarantineNote } from "../../../functions/quarantine/objects";
import type { PipelineSettings } from "../../../functions/settings";
import { withCosServer } from "../support/environment";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../support/events";

const server = withCosServer();
const BUCKET = "logs-1250000000";
const MARKS = `${BUCKET}/quarantine/started/`;
const SETTINGS: PipelineSettings & { outputs: object } = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  outputs: {},
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
  maxLineBytes: 1000,
};
const RETRY = { retries: 2, baseDelayMs: 1, maxDelayMs: 2 };
const CONTEXT = { request_id: "scf-1", time_limit_in_ms: 60_000 };
const EVENT = {
  clslogs: {
    data: gzipSync(JSON.stringify({ topic_id: "t-1", records: [{ content: '{"a":1}' }] })).toString("base64"),
  },
};

let stderr: string[];
beforeEach(() => {
  stderr = [];
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  jest.spyOn(console, "error").mockImplementation((line: string) => void stderr.push(line));
  for (const key of ["a.gz", "b.gz"]) server().objects.set(`${BUCKET}/cls/${key}`, gzipSync('{"a":1}\n'));
});
afterEach(() => jest.restoreAllMocks());

const run = () =>
  runCosBatch(cosEvent(cosRecord(BUCKET, "cls/a.gz"), cosRecord(BUCKET, "cls/b.gz")), CONTEXT, SETTINGS, RETRY);

function marks(): string[] {
  return [...server().objects.keys()].filter((name) => name.startsWith(MARKS)).map((name) => name.slice(MARKS.length));
}

/** What an invocation leaves that is killed at its first request to an object. */
async function killed(): Promise<string[]> {
  let seen: string[] | undefined;
  server().fault = ({ method, object }) => {
    if (method === "GET" && object.includes("/cls/")) seen ??= marks();
    return undefined;
  };
  await run();
  return seen ?? [];
}

describe("the mark of an input", () => {
  it("is there for all objects of an event before the first is read, and goes when all are stored", async () => {
    expect(await killed()).toEqual([`${BUCKET}/cls/a.gz.json`, `${BUCKET}/cls/b.gz.json`]);
    expect(marks()).toEqual([]);
    expect(stderr).toEqual([]);
  });

  it("tells what replays the input, and until when the invocation may still be at work", async () => {
    let note: Buffer | undefined;
    server().fault = ({ method, object }) => {
      if (method === "GET" && object.includes("/cls/"))
        note ??= server().objects.get(`${MARKS}${BUCKET}/cls/a.gz.json`);
      return undefined;
    };
    const startedAt = Date.now();
    await run();
    const mark = JSON.parse(String(note)) as { until: string };
    expect(mark).toMatchObject({
      version: 1,
      object: { bucket: BUCKET, region: "ap-guangzhou", key: "cls/a.gz" },
      reason: { kind: "killed", code: "KILLED" },
      reached: { bytes: 0, line: 0 },
      requestId: "scf-1",
    });
    expect(Date.parse(mark.until) - startedAt).toBeGreaterThanOrEqual(60_000);
    expect(Date.parse(mark.until) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(String(note)).not.toContain(UPLOADER_SIGNATURE);
  });

  it("holds an event of CLS, which lies nowhere else, and goes when it is delivered", async () => {
    let mark: { name: string; note: unknown } | undefined;
    server().fault = ({ method, object }) => {
      if (method === "DELETE" && object.startsWith(MARKS)) {
        mark = { name: object.slice(MARKS.length), note: JSON.parse(String(server().objects.get(object))) };
      }
      return undefined;
    };
    await runClsStream({ ...EVENT, token: "secret-1" }, CONTEXT, SETTINGS, RETRY);
    expect(mark?.name).toMatch(/^cls\/t-1\/[0-9a-f]{32}\.json$/);
    expect(mark?.note).toMatchObject({ version: 1, event: EVENT, reason: { kind: "killed" } });
    expect(JSON.stringify(mark)).not.toContain("secret-1");
    expect(marks()).toEqual([]);
  });

  it("of an earlier delivery is told, for that one was killed", async () => {
    server().objects.set(`${MARKS}${BUCKET}/cls/a.gz.json`, Buffer.from("{}"));
    await run();
    expect(stderr).toEqual([
      `LOGS_QUARANTINED cos://${BUCKET}/cls/a.gz: an earlier delivery of it was killed, could leave no note, or is still at work; it is delivered again now`,
    ]);
    expect(marks()).toEqual([]);
  });

  it("is no sign of an earlier delivery where only the answer to it was lost", async () => {
    let isFirst = true;
    server().fault = ({ method, object }) => {
      if (method !== "PUT" || !object.startsWith(MARKS) || !isFirst) return undefined;
      isFirst = false;
      server().objects.set(object, Buffer.from("taken"));
      return { type: "hangUp", how: "rst" };
    };
    await run();
    expect(stderr).toEqual([]);
    expect(marks()).toEqual([]);
  });

  it("is one for each version of an object, and one for an object that an event names twice", async () => {
    const versions = ["v1", "v2", "v2"].map((vid) => cosRecord(BUCKET, "cls/a.gz", vid));
    await runCosBatch(cosEvent(...versions), CONTEXT, SETTINGS, RETRY);
    expect(marks()).toEqual([]);
    expect(stderr).toEqual([]);
  });

  it("gives way to the note of an input that fails", async () => {
    server().objects.delete(`${BUCKET}/cls/a.gz`);
    await run();
    expect(marks()).toEqual([]);
    expect(server().objects.has(`${BUCKET}/quarantine/${BUCKET}/cls/a.gz.json`)).toBe(true);
  });

  it.each([
    ["an object", "permanent", "NoSuchKey"],
    ["an event", "transient", "NotThere"],
  ] as const)("tells what became of %s whose own note cannot be written", async (what, kind, code) => {
    const isNote = (object: string) => object.startsWith(`${BUCKET}/quarantine/`) && !object.startsWith(MARKS);
    server().fault = ({ method, object }) =>
      method === "PUT" && isNote(object) ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    server().objects.delete(`${BUCKET}/cls/a.gz`);
    const broken = { ...SETTINGS, processor: { type: "code" } } as const;
    const run =
      what === "an object"
        ? runCosBatch(cosEvent(cosRecord(BUCKET, "cls/a.gz")), CONTEXT, SETTINGS, RETRY)
        : runClsStream(EVENT, CONTEXT, broken, RETRY);
    await expect(run).rejects.toThrow("its note cannot be written");
    expect(marks()).toHaveLength(1);
    const mark = JSON.parse(String(server().objects.get(`${MARKS}${marks()[0]}`))) as QuarantineNote;
    // What lists it takes it for a note like any other.
    expect(mark.until).toBeUndefined();
    expect(mark.reason.kind).toBe(kind);
    if (what === "an object") expect(mark.reason.code).toBe(code);
    expect(mark.reason.message).toMatch(/; its note cannot be written: .*AccessDenied/);
    expect(mark).toMatchObject({ version: 1, requestId: "scf-1" });
  });

  it("says no more than is known where nothing can be written any more", async () => {
    let writes = 0;
    server().fault = ({ method }) =>
      method === "PUT" && ++writes > 1 ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    server().objects.delete(`${BUCKET}/cls/a.gz`);
    const run = runCosBatch(cosEvent(cosRecord(BUCKET, "cls/a.gz")), CONTEXT, SETTINGS, RETRY);
    await expect(run).rejects.toThrow("its note cannot be written");
    const mark = JSON.parse(String(server().objects.get(`${MARKS}${marks()[0]}`))) as QuarantineNote;
    expect(mark.reason.kind).toBe("killed");
    expect(mark.reason.message).toContain("or it ended, and could neither write a note nor remove this mark");
  });

  it("whose removal stalls takes no time of the next input", async () => {
    server().objects.delete(`${BUCKET}/cls/a.gz`);
    server().fault = ({ method }) => (method === "DELETE" ? { type: "silence" } : undefined);
    const event = cosEvent(cosRecord(BUCKET, "cls/a.gz"), cosRecord(BUCKET, "cls/b.gz"));
    const summary = await runCosBatch(event, { ...CONTEXT, time_limit_in_ms: 4_000 }, SETTINGS, RETRY);
    expect(summary).toMatchObject({ objects: 1, quarantined: 1 });
    expect(server().objects.has(`${BUCKET}/quarantine/${BUCKET}/cls/b.gz.json`)).toBe(false);
  });

  it("that cannot be written is told and fails nothing", async () => {
    server().fault = ({ method }) =>
      method === "PUT" ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
    expect(await run()).toMatchObject({ objects: 2, quarantined: 0 });
    expect(stderr).toHaveLength(2);
    expect(stderr[0]).toContain("its mark cannot be written, so that nothing would tell of a kill");
  });

  it("that COS never answers to holds up the work for half of the function's time at most", async () => {
    server().fault = ({ method }) => (method === "PUT" ? { type: "silence" } : undefined);
    const event = cosEvent(cosRecord(BUCKET, "cls/a.gz"));
    const summary = await runCosBatch(event, { ...CONTEXT, time_limit_in_ms: 4_000 }, SETTINGS, RETRY);
    expect(summary).toMatchObject({ objects: 1 });
    expect(stderr).toEqual([expect.stringContaining("COS took it not within 2000 ms")]);
  });
});

describe("what a note keeps of an event", () => {
  it("is its data alone where it is one of CLS", () => {
    expect(keptEvent({ ...EVENT, headers: { authorization: "secret-1" } })).toEqual(EVENT);
  });

  it("is what a foreign one looked like, without what gives rights", () => {
    let deep: unknown = "deep-7";
    for (let level = 0; level < 10_000; level++) deep = [deep];
    const foreign = {
      ...cosEvent(cosRecord(BUCKET, "a.gz")),
      headers: { Authorization: "Bearer secret-1", Cookie: "secret-2", "X-Api-Key": "secret-3", Host: "example.com" },
      queryString: { access_token: "secret-4", page: 2 },
      body: `grant&Signature=secret-5&x=${"x".repeat(10_000)}`,
      deep,
    };
    const kept = JSON.stringify(keptEvent(foreign));
    for (const shown of ["example.com", '"page":2', "cosObject"]) expect(kept).toContain(shown);
    for (const hidden of ["secret-", UPLOADER_SIGNATURE, "AKIDuploader", "deep-7"]) expect(kept).not.toContain(hidden);
    expect(kept.length).toBeLessThan(5_000);
  });
});
