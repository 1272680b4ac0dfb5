import { gzipSync } from "node:zlib";
import type { QuarantineNote } from "../../functions/quarantine/objects";
import type { Summary } from "../../functions/invocation/summary";
import type { LocalCloud } from "../../local/cloud";
import { deployPipeline, notesOf } from "../faults/support/pipeline";
import { closeClouds } from "../local/support/cloud";
import { BUCKET, REGION } from "../local/support/plan";
import { environmentOf, type Ran, tencentLogs } from "./support/cli";

jest.setTimeout(30_000);
afterEach(closeClouds);

const PLACE = ["--bucket", BUCKET, "--region", REGION, "--prefix", "quarantine/"];
const KEYS = ["cls/2026/01/a.gz", "cls/2026/01/b+ü %25.gz", "cls/2026/02/c.gz"];
let cloud: LocalCloud;

/** A pipeline that was refused all three objects; it is not any more, and nothing but their notes tells of them. */
beforeEach(async () => {
  cloud = await deployPipeline();
  refuse(() => true);
  for (const key of KEYS) await cloud.bucket(BUCKET).put(key, gzipSync('{"a":1}\n'.repeat(10)));
  await cloud.settled();
  expect((await notesOf(cloud)).size).toBe(3);
  refuse(() => false);
});

/** Which objects the function may not read. */
function refuse(which: (key: string) => boolean): void {
  cloud.cos.faults = ({ method, key }) =>
    method === "GET" && key.startsWith("cls/") && which(key) ? { status: 403, code: "AccessDenied" } : undefined;
}

function list(...args: string[]): Promise<Ran> {
  return tencentLogs(["quarantine", "list", ...PLACE, ...args], environmentOf(cloud));
}

function replay(...args: string[]): Promise<Ran> {
  return tencentLogs(["replay", ...PLACE, "--function", "batch", ...args], environmentOf(cloud));
}

/** Records that all invocations together have counted. */
function recordsRead(): number {
  const lines = cloud.invocations.flatMap(({ log }) => log).filter((line) => line.startsWith("{"));
  return lines.reduce((sum, line) => sum + (JSON.parse(line) as Summary).records, 0);
}

describe("tencent-logs quarantine list", () => {
  it("shows reason, place and age of each note, or all of it as JSON lines", async () => {
    const { stdout, stderr, status } = await list();
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
      ["AGE", "KIND", "CODE", "REACHED", "WHAT"],
      ...KEYS.map((key) => ["0m", "permanent", "AccessDenied", "line 0, byte 0", `cos://${BUCKET}/${key}`]),
      [""],
    ]);
    const notes = (await list("--json")).stdout.trim().split("\n");
    expect(notes.map((line) => (JSON.parse(line) as QuarantineNote).object.key)).toEqual(KEYS);
  });

  it("pages through more notes than COS lists at a time, and tells of what is none", async () => {
    const bucket = cloud.bucket(BUCKET);
    const note = String(await bucket.read(`quarantine/${BUCKET}/${KEYS[0]}.json`));
    for (let index = 0; index < 1_100; index++) await bucket.put(`quarantine/many/${index}.json`, note);
    await bucket.put("quarantine/readme.txt", "hello");
    const { stdout, stderr, status } = await list("--json");
    expect(stdout.trim().split("\n")).toHaveLength(1_103);
    expect(stderr).toBe(`cos://${BUCKET}/quarantine/readme.txt must be a note of version 1, got something else\n`);
    expect(status).toBe(1);
  });

  it("says so where there are none", async () => {
    const none = ["quarantine", "list", ...PLACE.slice(0, -1), "other/"];
    expect(await tencentLogs(none, environmentOf(cloud))).toEqual({ stdout: "no notes\n", stderr: "", status: 0 });
  });
});

describe("tencent-logs replay", () => {
  it("has SCF read all objects again: the notes go, every record is counted", async () => {
    const { stdout, stderr, status } = await replay("--all");
    expect(stdout.trim().split("\n")).toEqual(
      KEYS.map(
        (key) => expect.stringMatching(/^queued cos:.* \(request [0-9a-f-]{36}\)$/) && expect.stringContaining(key),
      ),
    );
    expect(stderr).toContain("3 replayed, 0 failed\n");
    expect(status).toBe(0);
    await cloud.settled();
    expect(recordsRead()).toBe(30);
    expect((await notesOf(cloud)).size).toBe(0);
    expect((await list()).stdout).toBe("no notes\n");
  });

  it("waits for each with --sync, and shows its summary", async () => {
    const { stdout, status } = await replay("--key", KEYS[1], "--sync");
    expect(stdout).toMatch(/^read cos:/);
    expect(JSON.parse(stdout.slice(stdout.indexOf(" {")))).toMatchObject({ objects: 1, records: 10, quarantined: 0 });
    expect(status).toBe(0);
    expect([...(await notesOf(cloud)).keys()]).toEqual([KEYS[0], KEYS[2]]);
  });

  it("takes one object, those under a prefix, or none in a dry run", async () => {
    const dry = await replay("--under", "cls/2026/01/", "--dry-run");
    expect(dry).toMatchObject({
      status: 0,
      stdout: KEYS.slice(0, 2)
        .map((key) => `would replay cos://${BUCKET}/${key}\n`)
        .join(""),
    });
    const [planned] = (await replay("--under", "cls/2026/01/", "--dry-run", "--json")).stdout.split("\n");
    const noteKey = `quarantine/${BUCKET}/${KEYS[0]}.json`;
    expect(JSON.parse(planned)).toEqual({ status: "would-replay", name: `cos://${BUCKET}/${KEYS[0]}`, noteKey });
    expect(recordsRead()).toBe(0);
    expect((await replay("--under", "cls/2026/01/", "--concurrency", "1")).status).toBe(0);
    await cloud.settled();
    expect([...(await notesOf(cloud)).keys()]).toEqual([KEYS[2]]);
  });

  it("exits with 1 where an object is left to its note again, and reads the others", async () => {
    refuse((key) => key === KEYS[0]);
    const { stdout, stderr, status } = await replay("--all", "--sync");
    expect(status).toBe(1);
    expect(stdout).toContain(`failed cos://${BUCKET}/${KEYS[0]}: it was not finished; its note remains (request `);
    expect(stderr).toContain("3 replayed, 1 failed\n");
    const again = (await replay("--key", KEYS[0], "--sync", "--json")).stdout;
    expect(JSON.parse(again)).toMatchObject({ status: "failed", failure: "it was not finished; its note remains" });
    expect([...(await notesOf(cloud)).keys()]).toEqual([KEYS[0]]);
  });

  it("exits with 1 where the function throws, and tells why", async () => {
    cloud.cos.faults = ({ method, key }) => (method === "GET" && key.startsWith("cls/") ? { status: 503 } : undefined);
    const { stdout, status } = await replay("--key", KEYS[0], "--sync");
    expect(status).toBe(1);
    expect(stdout).toContain("the function failed: CosBatchError: the event must be delivered again");
    expect(stdout).toContain("SlowDown");
  });

  it("exits with 1 where SCF refuses, with its code", async () => {
    const { stdout, status } = await replay("--all", "--function", "other");
    expect(status).toBe(1);
    expect(stdout.match(/failed cos:.*scf:Invoke failed with ResourceNotFound\.Function/g)).toHaveLength(3);
  });

  it("is one line on stderr where nothing is selected, or the keys are wrong", async () => {
    const none = await replay("--key", "cls/none.gz");
    expect(none).toEqual({
      stdout: "",
      stderr: "--key cls/none.gz must name something that has a note, got none; see tencent-logs quarantine list\n",
      status: 2,
    });
    const wrong = await tencentLogs(["quarantine", "list", ...PLACE], {
      ...environmentOf(cloud),
      TENCENTCLOUD_SECRET_KEY: "wrong",
    });
    expect(wrong.stderr).toMatch(
      /^GET cos:.* failed with SignatureDoesNotMatch \(HTTP 403\).*\(request [0-9a-f]+\)\n$/,
    );
    expect(wrong).toMatchObject({ stdout: "", status: 1 });
  });
});

describe("the mark of an invocation", () => {
  /** Puts the mark that an invocation on the first object would have left that began so long ago and takes 20 s at most. */
  async function markOf(secondsAgo: number): Promise<void> {
    const bucket = cloud.bucket(BUCKET);
    const note = JSON.parse(String(await bucket.read(`quarantine/${BUCKET}/${KEYS[0]}.json`))) as QuarantineNote;
    const time = Date.now() - secondsAgo * 1000;
    const mark = {
      ...note,
      reason: { kind: "killed", code: "KILLED", message: "it was" },
      time: new Date(time).toISOString(),
      until: new Date(time + 20_000).toISOString(),
    };
    await bucket.put(`quarantine/started/${BUCKET}/${KEYS[0]}.json`, JSON.stringify(mark));
    for (const key of KEYS) await bucket.delete(`quarantine/${BUCKET}/${key}.json`);
  }

  it("is shown as running while it may be at work, and is left alone by a replay", async () => {
    await markOf(0);
    expect((await list()).stdout).toMatch(/^0m +running +KILLED /m);
    const { stdout, stderr, status } = await replay("--all");
    expect([stdout, status]).toEqual(["", 1]);
    expect(stderr).toMatch(/^cos:\/\/\S+a\.gz may still be in progress until 20\S+Z; replay it after that\n$/);
    expect(recordsRead()).toBe(0);
  });

  it("is shown as killed once its time is up; a replay reads the object, and the mark goes", async () => {
    await markOf(60);
    expect((await list()).stdout).toMatch(/^1m +killed +KILLED +line 0, byte 0 +cos:/m);
    expect(await replay("--key", KEYS[0], "--sync")).toMatchObject({ status: 0 });
    expect(recordsRead()).toBe(10);
    expect((await list()).stdout).toBe("no notes\n");
  });
});
