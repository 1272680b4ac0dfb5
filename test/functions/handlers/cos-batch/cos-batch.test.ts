import { gzipSync } from "node:zlib";
import { objectEvent } from "../../../../cli/replay/event";
import { runCosBatch } from "../../../../functions/handlers/cos-batch/cos-batch";
import type { QuarantineNote } from "../../../../functions/quarantine/objects";
import { cosEvent, cosRecord } from "../../support/events";
import { BUCKET, COUNTS, LINES, RETRY, SETTINGS, withInvocations } from "./support/invocations";

const { server, stdout, stderr, put, noteOf, run, faultAtGet, logged } = withInvocations();

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
