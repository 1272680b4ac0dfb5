import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CosBatchPipeline, CosOutput, LogBucket, LogFormat, LogTopic } from "../../../lib";
import { Testing } from "../../../lib/framework";
import type { LocalCloud } from "../../../local/cloud";
import {
  BUCKET,
  deployBatch,
  deploySource,
  deployStack,
  deployStream,
  removeDeployed,
} from "../../functions/support/deployed";
import { testStack } from "../../lib/support/stack";
import { REGION } from "../../local/support/plan";
import { environmentOf } from "../support/cli";
import { Running } from "../support/running";
import { backlog, keyOf, recordsIn, withoutTrigger } from "./support/backlog";

jest.setTimeout(60_000);

const FUNCTION = ["logs/Batch", "--function", "batch", "--region", REGION];

let folder: string;
let cloud: LocalCloud;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "backfill-"));
  cloud = await deployBatch((bucket) => ({ outputs: { lake: new CosOutput(bucket, { prefix: "lake/" }) } }), {
    maxInstances: 4,
  });
});
afterEach(async () => {
  await removeDeployed();
  rmSync(folder, { recursive: true });
});

function start(...args: string[]): Running {
  return new Running(["backfill", ...FUNCTION, ...args], environmentOf(cloud), folder);
}

async function ran(...args: string[]) {
  const running = start(...args);
  const status = await running.ended;
  return { status, stdout: running.stdout, stderr: running.stderr };
}

/** The last object that --json wrote. */
function totalOf({ stdout }: { stdout: string }): unknown {
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

/** Faults for objects below `cls/` that some function reads. */
function refuse(which: (key: string) => object | undefined): void {
  cloud.cos.faults = ({ method, key }) =>
    method === "GET" && key.startsWith("cls/") ? (which(key) as { status: number } | undefined) : undefined;
}

describe("tencent-logs backfill", () => {
  it("has the function read each object once, tells the cost before and a table after", async () => {
    const records = await backlog(cloud, 30);
    const { status, stdout, stderr } = await ran("--concurrency", "8");
    expect(stderr).toMatch(/^30 objects, 1\.\d KiB, in cos:\/\/lake-1250000000\/cls\/\*\.gz\n/);
    expect(stderr).toMatch(/^about 9 s of function time at 256 MB; estimated cost less than 0\.01 USD: /m);
    expect(stdout).toBe("DONE  QUARANTINED  FAILED  RECORDS\n  30            0       0       60\n");
    expect(status).toBe(0);
    expect(records).toBe(60);
    expect(new Set(await recordsIn(cloud)).size).toBe(60);
    expect(await recordsIn(cloud)).toHaveLength(60);
    expect(cloud.invocations).toHaveLength(30);
    expect(
      cloud
        .bucket(BUCKET)
        .keys("quarantine/")
        .every((key) => key.startsWith("quarantine/receipts/")),
    ).toBe(true);
  });

  it("tells of each object with --json, and what would be read in a dry run, which reads nothing", async () => {
    await backlog(cloud, 3);
    const dry = await ran("--dry-run", "--json");
    const [first] = dry.stdout.split("\n");
    expect(JSON.parse(first)).toEqual({
      status: "would-read",
      name: `cos://${BUCKET}/${keyOf(0)}`,
      bytes: expect.any(Number),
    });
    expect(dry.stderr).toContain("estimated cost less than");
    expect([dry.status, cloud.invocations.length]).toEqual([0, 0]);
    expect(readdirSync(folder)).toEqual([]);

    const { stdout } = await ran("--json");
    const objects = stdout.trim().split("\n").slice(0, -1);
    expect(objects.map((line) => JSON.parse(line) as unknown)).toContainEqual({
      status: "done",
      name: `cos://${BUCKET}/${keyOf(2)}`,
      records: 2,
    });
    expect(totalOf({ stdout })).toEqual({
      status: "total",
      done: 3,
      quarantined: 0,
      failed: 0,
      withBatches: 0,
      records: 6,
    });
  });

  it("takes the objects below a prefix, of a suffix, and of a time", async () => {
    await backlog(cloud, 120);
    await cloud.clock.advance(3_600_000);
    await backlog(cloud, 1);
    const later = new Date(cloud.clock.now() - 60_000).toISOString();
    for (const [flags, objects] of [
      [["--prefix", "cls/2026/01/0001/"], 20],
      [["--prefix", "cls/2026/01/0001/", "--prefix", "cls/2026/01/0001/o-00011"], 20],
      [["--suffix", "7.gz"], 12],
      [["--from", later], 1],
      [["--to", later], 119],
    ] as const) {
      const { stdout } = await ran("--dry-run", "--json", ...flags);
      expect([flags, stdout.trim().split("\n").length]).toEqual([flags, objects]);
    }
  });

  it("knows a function by the path of its construct in cdktf.out; flags go before it", async () => {
    await removeDeployed();
    const stack = testStack();
    const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
    const topic = new LogTopic(stack, "Access", { topicName: "access" });
    new CosBatchPipeline(stack, "Batch", { topic, bucket, shipping: { prefix: "cls/" }, appId: "1250000000" });
    const out = Testing.fullSynth(stack);
    cloud = await deployStack(stack);
    const [{ name }] = cloud.functions.map(({ spec }) => spec);
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n'));
    const run = async (...args: string[]) => {
      const running = new Running(["backfill", "logs/Batch", "--out", out, ...args], environmentOf(cloud), folder);
      return [await running.ended, running.stderr] as const;
    };
    expect(await run("--dry-run")).toEqual([0, expect.stringContaining("1 objects, ")]);
    expect(await run("--function", "other")).toEqual([
      1,
      expect.stringMatching(/^function other must be deployed in /),
    ]);
    expect(name).toMatch(/^logs-batch-function-/);
    rmSync(out, { recursive: true });
  });

  it("leaves out, with --missing, what left a part, a note or a receipt", async () => {
    await backlog(cloud, 6);
    const bucket = cloud.bucket(BUCKET);
    await bucket.put(`lake/${BUCKET}/${keyOf(0)}/00000-000.jsonl.gz`, "x");
    await bucket.put(`quarantine/${BUCKET}/${keyOf(1)}.json`, "{}");
    await bucket.put(`quarantine/started/${BUCKET}/${keyOf(2)}.json`, "{}");
    await bucket.put(`quarantine/receipts/${BUCKET}/${keyOf(3)}`, "{}");
    // A key that begins as another's is another's.
    await bucket.put(`lake/${BUCKET}/${keyOf(4)}x/00000-000.jsonl.gz`, "x");
    const { stdout } = await ran("--dry-run", "--json", "--missing");
    const names = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { name: string }).name);
    expect(names).toEqual([4, 5].map((index) => `cos://${BUCKET}/${keyOf(index)}`));
  });

  it("leaves out, with --missing, what left a file of Parquet", async () => {
    await removeDeployed();
    const format = LogFormat.parquet({ partitionBy: "dt=%Y-%m-%d", timeField: "t" });
    cloud = await deployBatch((bucket) => ({ outputs: { lake: new CosOutput(bucket, { prefix: "lake/", format }) } }));
    await backlog(cloud, 3);
    expect(totalOf(await ran("--json", "--prefix", keyOf(1)))).toMatchObject({ done: 1 });
    const bucket = cloud.bucket(BUCKET);
    for (const key of bucket.keys("quarantine/")) await bucket.delete(key);
    const { stdout, stderr } = await ran("--dry-run", "--json", "--missing");
    const names = stdout.trim().split("\n");
    expect(names.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(
      [0, 2].map((index) => `cos://${BUCKET}/${keyOf(index)}`),
    );
    expect(stderr).not.toContain("only notes and receipts");
  });

  it("reads of a source what lies below its prefixes, and nothing else", async () => {
    await removeDeployed();
    cloud = await deploySource();
    await withoutTrigger(cloud, async () => {
      for (const key of ["logs/a/1.gz", "logs/b/2.gz", "logs/c/3.gz", "logs/a/4.txt"])
        await cloud.bucket(BUCKET).put(key, gzipSync(`{"o":${/\d/.exec(key)?.[0]},"n":0}\n`));
    });
    const { stderr, stdout, status } = await ran("--json");
    expect(stderr).toContain(`in cos://${BUCKET}/logs/a/*.gz, cos://${BUCKET}/logs/b/*.gz\n`);
    expect([status, totalOf({ stdout })]).toMatchObject([0, { done: 2, records: 2 }]);
    expect(await recordsIn(cloud)).toEqual(["1.0", "2.0"]);
    expect((await ran("--bucket", BUCKET, "--prefix", "logs/c/")).stderr).toBe(
      "--prefix must be below a prefix of the source (logs/a/, logs/b/), got logs/c/; the function ignores other prefixes: " +
        "add it to source.prefixes\n",
    );
  });

  it("counts what is left to a note, and what a kill leaves, and exits with 1", async () => {
    await backlog(cloud, 5);
    refuse((key) => (key === keyOf(1) ? { status: 403, code: "AccessDenied" } : undefined));
    const { status, stdout, stderr } = await ran();
    expect(stderr).toContain(`quarantined cos://${BUCKET}/${keyOf(1)}: AccessDenied: GET cos://`);
    expect(stdout).toContain("   4            1       0        8\n");
    expect(stdout).toContain("to retry it, tencent-logs replay.");
    expect(status).toBe(1);
  });

  it("waits for SCF's own tries of what may pass", async () => {
    await backlog(cloud, 4);
    let refusals = 0;
    refuse((key) => (key === keyOf(2) && ++refusals <= 6 ? { status: 503 } : undefined));
    const running = start("--json");
    await running.until(() => cloud.invocations.some(({ error }) => error !== undefined), "a failed invocation");
    await cloud.settled();
    expect([await running.ended, totalOf(running)]).toMatchObject([0, { done: 4, records: 8 }]);
    expect(await recordsIn(cloud)).toHaveLength(8);
  });

  it("keeps under what the function has room for, and says so", async () => {
    await backlog(cloud, 20);
    const target = cloud.scf.function({ region: REGION, namespace: "default", name: "batch" });
    cloud.scf.reservations.set(target, 512);
    const { stderr, status } = await ran("--concurrency", "20");
    expect(stderr).toContain("2 concurrent invocations instead of 20: batch has 512 MB reserved\n");
    expect([status, cloud.throttlings.length]).toEqual([0, 0]);
  });

  it("goes on where it was killed, twice: each object once, and the sums are right", async () => {
    const records = await backlog(cloud, 160, (index) => 1 + (index % 3));
    for (const most of [30, 90]) {
      const running = start("--concurrency", "16");
      await running.until(() => cloud.invocations.length >= most, "invocations");
      await running.kill();
    }
    const { status, stdout, stderr } = await ran("--json", "--concurrency", "16");
    expect(stderr).toContain("resuming the backfill of ");
    expect([status, totalOf({ stdout })]).toMatchObject([0, { done: 160, quarantined: 0, failed: 0, records }]);
    expect(await recordsIn(cloud)).toHaveLength(records);
    expect(new Set(await recordsIn(cloud)).size).toBe(records);
    // Of each kill, what SCF was being asked for may run twice.
    expect(cloud.invocations.length).toBeLessThan(160 + 2 * 16);
  });

  it("begins anew where the last one came to its end", async () => {
    await backlog(cloud, 2);
    await ran();
    expect(totalOf(await ran("--json"))).toMatchObject({ done: 2 });
    expect(cloud.invocations).toHaveLength(4);
    const [journal] = readdirSync(join(folder, ".tencent-logs/backfill")).filter((name) => name.endsWith(".jsonl"));
    const text = readFileSync(join(folder, ".tencent-logs/backfill", journal), "utf8");
    expect(text.trim().split("\n")).toHaveLength(1 + 2 * 3 + 1);
  });
});

describe("a backfill that cannot be", () => {
  it.each([
    [[], "one STACK/PIPELINE must be given, got nothing; see --help"],
    [
      ["a/b", "--from", "yesterday"],
      '--from must be now, a time ago such as 24h, or 2026-01-31T12:00:00Z, got "yesterday"; see --help',
    ],
    [["a/b", "--from", "1h", "--to", "2h"], "--from must be earlier than --to, got 1h and 2h; see --help"],
    [["a/b", "--concurrency", "0"], '--concurrency must be 1 to 1000, got "0"; see --help'],
    [
      ["a/b", "--prefix", "other/"],
      "--prefix must be below what the function can read (cls/), got other/; grant it more and pass --bucket, or choose a prefix below",
    ],
    [
      ["a/b", "--bucket", "other-1250000000"],
      "--bucket and --prefix must be given for batch, got other-1250000000: it has no COS trigger for objects there",
    ],
    [
      ["a/b", "--function", "none"],
      "function none must be deployed in ap-guangzhou, namespace default, got none; deploy it, or give --function",
    ],
  ])("%j is a line on stderr", async (args, message) => {
    const fixed = args.length === 0 || args.includes("--function") ? [] : ["--function", "batch"];
    const running = new Running(["backfill", ...args, ...fixed, "--region", REGION], environmentOf(cloud), folder);
    const status = await running.ended;
    expect([running.stderr, running.stdout]).toEqual([`${message}\n`, ""]);
    expect(status).toBe(message.startsWith("function") ? 1 : 2);
  });

  it("is one of a stream that no plan tells of", async () => {
    await removeDeployed();
    cloud = await deployStream(() => ({}));
    const { status, stderr } = await ran("--function", "stream");
    expect(stderr).toBe(
      "STACK/PIPELINE must be a pipeline that reads objects, got stream, which no COS trigger invokes; name a stream " +
        "pipeline by its path in cdktf.out, or --bucket and --prefix\n",
    );
    expect(status).toBe(2);
  });

  it("is one whose journal is something else, or another process's", async () => {
    await backlog(cloud, 1);
    writeFileSync(join(folder, "notes.txt"), "hello\n");
    expect((await ran("--journal", "notes.txt")).stderr).toBe(
      "--journal must be a journal of tencent-logs backfill, got notes.txt; name another file\n",
    );
    writeFileSync(join(folder, "a.jsonl.lock"), String(process.pid));
    expect((await ran("--journal", "a.jsonl")).stderr).toMatch(
      /^--journal a\.jsonl must be one process's, got one that /,
    );
  });
});
