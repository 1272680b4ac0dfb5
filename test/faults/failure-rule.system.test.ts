import { gzipSync } from "node:zlib";
import type { Summary } from "../../functions/invocation/summary";
import type { LocalCloud } from "../../local/cloud";
import type { Faults } from "../../local/cos/faults";
import { closeClouds } from "../local/support/cloud";
import { BUCKET } from "../local/support/plan";
import { deployPipeline, notesOf } from "./support/pipeline";

jest.setTimeout(30_000);
afterEach(closeClouds);

const LINES = '{"a":1}\n{"b":2}\n';
let cloud: LocalCloud;

/** Puts objects, and waits until the function has done all that it will do, retries included. */
async function ship(objects: Record<string, Buffer>, faults: Faults = () => undefined): Promise<void> {
  cloud.cos.faults = faults;
  for (const [name, content] of Object.entries(objects)) await cloud.bucket(BUCKET).put(`cls/${name}`, content);
  await cloud.settled();
}

/** Each attempt: whether it failed, and the summary that it logged. */
function attempts(): { failed: boolean; summary: Summary }[] {
  return cloud.invocations.map(({ error, log }) => ({
    failed: error !== undefined,
    summary: JSON.parse(log.find((line) => line.startsWith("{")) ?? "null") as Summary,
  }));
}

const whole = gzipSync(LINES);

describe("the built handler, run by the local cloud", () => {
  it("leaves a note and succeeds some time before the function's timeout", async () => {
    cloud = await deployPipeline({ timeoutSeconds: 2 });
    await ship({ "slow.gz": whole }, ({ method }) => (method === "GET" ? { delayMs: 2_500 } : undefined));
    expect(attempts()).toMatchObject([{ failed: false, summary: { objects: 0, quarantined: 1 } }]);
    expect(cloud.invocations[0].ms).toBeLessThan(2_000);
    expect((await notesOf(cloud)).get("cls/slow.gz")).toMatchObject({ reason: { kind: "deadline", code: "DEADLINE" } });
  });

  it("leaves a note and throws where the trouble may pass; SCF retries, and the success removes the note", async () => {
    cloud = await deployPipeline();
    const during: string[] = [];
    cloud.onInvocation(() => during.push(...cloud.bucket(BUCKET).keys("quarantine/")));
    // The first invocation's requests fail, all six of them; the retry's do not.
    await ship({ "a.gz": whole }, ({ method, attempt }) =>
      method === "GET" && attempt <= 6 ? { status: 503 } : undefined,
    );
    expect(attempts()).toMatchObject([
      { failed: true, summary: { objects: 0, records: 0, quarantined: 1, retries: 5 } },
      { failed: false, summary: { objects: 1, records: 2, quarantined: 0, retries: 0 } },
    ]);
    expect(cloud.invocations[0].error?.stackTrace).toContain("SlowDown");
    expect(cloud.invocations[1].startedAt - cloud.invocations[0].startedAt).toBe(60_000);
    expect(during).toEqual([`quarantine/${BUCKET}/cls/a.gz.json`]);
    expect((await notesOf(cloud)).size).toBe(0);
  });

  it("reads anew, at SCF's retry, what came with a byte that is wrong, though nothing else shows it", async () => {
    cloud = await deployPipeline();
    const plain = Buffer.from(LINES);
    await ship({ "a.gz": plain }, ({ method, attempt }) =>
      method === "GET" && attempt === 1 ? { flip: plain.indexOf("a") } : undefined,
    );
    expect(attempts()).toMatchObject([
      { failed: true, summary: { objects: 0, quarantined: 1 } },
      { failed: false, summary: { objects: 1, records: 2, quarantined: 0 } },
    ]);
    expect(cloud.invocations[0].error?.stackTrace).toContain("WrongChecksum");
    expect((await notesOf(cloud)).size).toBe(0);
  });

  it("keeps the note of trouble that does not pass, when SCF gives up after two retries", async () => {
    cloud = await deployPipeline();
    await ship({ "a.gz": whole }, ({ method }) => (method === "GET" ? { reset: 0 } : undefined));
    expect(cloud.invocations.map(({ attempt, givenUp }) => [attempt, givenUp])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    const note = (await notesOf(cloud)).get("cls/a.gz");
    expect(note).toMatchObject({ reason: { kind: "transient", code: "ECONNRESET" }, attempts: 6, version: 1 });
    expect(note?.requestId).toBe(cloud.invocations[2].requestId);
  });

  it("leaves a note and succeeds where no retry helps, whatever the reason", async () => {
    cloud = await deployPipeline();
    await ship(
      {
        "refused.gz": whole,
        "gone.gz": whole,
        "not-gzip.gz": Buffer.from("<html>"),
        "truncated.gz": gzipSync(LINES.repeat(1000), { level: 0 }).subarray(0, 10_000),
        "good.gz": whole,
      },
      ({ method, key }) => {
        if (method === "GET" && key.includes("refused")) return { status: 403, code: "AccessDenied" };
        return method === "GET" && key.includes("gone") ? { status: 404, code: "NoSuchKey" } : undefined;
      },
    );
    const notes = await notesOf(cloud);
    const kinds = [...notes].map(([key, { reason }]) => `${key} ${reason.kind} ${reason.code}`);
    expect(kinds.sort()).toEqual([
      "cls/gone.gz permanent NoSuchKey",
      "cls/not-gzip.gz permanent NOT_GZIP",
      "cls/refused.gz permanent AccessDenied",
      "cls/truncated.gz permanent GZIP_TRUNCATED",
    ]);
    expect(attempts().every(({ failed }) => !failed)).toBe(true);
    expect(attempts().reduce((sum, { summary }) => sum + summary.quarantined, 0)).toBe(4);
  });

  it("leaves a note and succeeds where an object is replaced after a record came out of it", async () => {
    cloud = await deployPipeline();
    const bucket = cloud.bucket(BUCKET);
    let replaced = false;
    await ship({ "a.gz": Buffer.from(LINES.repeat(1000)) }, ({ method, attempt, range }) => {
      if (method === "GET" && range !== undefined && !replaced) {
        replaced = true;
        void bucket.put("cls/a.gz", LINES);
        return { delayMs: 50 };
      }
      return method === "GET" && attempt === 1 ? { shortBody: 8_000 } : undefined;
    });
    // The replacement has an event of its own, whose success removes the note that the first invocation leaves; here it
    // comes first or last.
    const summaries = attempts().map(({ failed, summary: { objects, quarantined } }) => [failed, objects, quarantined]);
    expect(summaries.sort()).toEqual([
      [false, 0, 1],
      [false, 1, 0],
    ]);
    expect(cloud.invocations.flatMap(({ log }) => log).join("\n")).toContain("permanent failure PreconditionFailed");
  });

  it("throws where a note cannot be written, so that SCF tries again, and nothing is forgotten", async () => {
    cloud = await deployPipeline();
    await ship({ "gone.gz": whole }, ({ method, attempt }) => {
      if (method === "GET") return { status: 404, code: "NoSuchKey" };
      return method === "PUT" && attempt === 1 ? { status: 403, code: "AccessDenied" } : undefined;
    });
    expect(attempts()).toMatchObject([
      { failed: true, summary: { quarantined: 0 } },
      { failed: false, summary: { quarantined: 1 } },
    ]);
    expect(cloud.invocations[0].error?.stackTrace).toContain("its note cannot be written");
    expect([...(await notesOf(cloud)).keys()]).toEqual(["cls/gone.gz"]);
  });

  it("succeeds where a note cannot be removed: that costs a replay, not a record", async () => {
    cloud = await deployPipeline();
    await ship({ "a.gz": whole }, ({ method }) =>
      method === "DELETE" ? { status: 403, code: "AccessDenied" } : undefined,
    );
    expect(attempts()).toMatchObject([{ failed: false, summary: { objects: 1, records: 2 } }]);
    expect(cloud.invocations[0].log.join("\n")).toContain("its note cannot be removed");
  });
});
