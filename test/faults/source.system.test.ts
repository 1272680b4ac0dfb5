import { rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { CosBatchPipeline, CosOutput, LogBucket, LogContent } from "../../lib";
import { TerraformStack, Testing } from "../../lib/framework";
import { LocalCloud } from "../../local/cloud";
import type { Fault } from "../../local/cos/faults";
import { environmentOf, tencentLogs } from "../cli/support/cli";
import { testStack } from "../lib/support/stack";

jest.setTimeout(120_000);

const LAKE = "lake-1250000000";
const LINES = 400;

/** Lines in the layout of COS's access logs, one second after the other. */
function accessLog(lines = LINES): string {
  const line = (second: number) => {
    const time = new Date(Date.UTC(2026, 0, 15, 8, 0, second)).toISOString().replace(".000", "");
    return (
      `1.0 b-1250000000 ap-guangzhou ${time} b-1250000000.cos.ap-guangzhou.myqcloud.com GetObject 203.0.113.7 - - 0 0 ` +
      `/${second} GET "curl/8 (x)" 200 - - ${second} 4 USER STANDARD 1 2 - id= 1 - - - "GET /${second} HTTP/1.1" 0`
    );
  };
  return Array.from({ length: lines }, (_, second) => `${line(second)}\n`).join("");
}

let cloud: LocalCloud;
let folder: string;

/** A synthesized pipeline that reads a bucket by a preset, on a local cloud. */
beforeEach(async () => {
  const stack = testStack();
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
  new CosBatchPipeline(stack, "Access", {
    functionName: "access",
    source: { bucket, prefixes: ["logs/cos/", "logs/old/"] },
    content: LogContent.preset("cos-access"),
    outputs: { main: new CosOutput(bucket, { prefix: "main/" }), invalid: new CosOutput(bucket, { prefix: "bad/" }) },
    quarantinePrefix: "notes/",
  });
  folder = Testing.fullSynth(TerraformStack.of(bucket));
  cloud = await LocalCloud.deploy({ stackFolder: join(folder, "stacks", stack.node.id) });
});
afterEach(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const lake = () => cloud.bucket(LAKE);

/** The paths of the records that lie below a prefix, in the order of keys and lines. */
async function pathsAt(prefix: string): Promise<string[]> {
  const parts = lake()
    .keys(prefix)
    .map(async (key) => gunzipSync(await lake().read(key)).toString());
  const lines = (await Promise.all(parts)).join("").trimEnd().split("\n");
  return lines.filter((line) => line !== "").map((line) => (JSON.parse(line) as { reqPath: string }).reqPath);
}

const ALL = Array.from({ length: LINES }, (_, second) => `/${second}`);
const notes = () =>
  lake()
    .keys("notes/")
    .filter((key) => key.endsWith(".json"));

describe("records of a source arrive once", () => {
  it.each<[string, string, (attempt: number) => Fault | undefined]>([
    [
      "the connection is reset while it is read",
      "GET",
      (attempt) => (attempt < 3 ? { reset: 9_000 * attempt } : undefined),
    ],
    ["the body ends early", "GET", (attempt) => (attempt === 1 ? { shortBody: 20_001 } : undefined)],
    ["COS is overloaded", "GET", (attempt) => (attempt < 3 ? { status: 503 } : undefined)],
    ["an output is refused at first", "PUT main/", (attempt) => (attempt === 1 ? { status: 500 } : undefined)],
    ["an output's answer is lost", "PUT main/", (attempt) => (attempt === 1 ? { reset: 0 } : undefined)],
    [
      "its first invocation fails, and SCF tries again",
      "GET",
      (attempt) => (attempt <= 6 ? { status: 503 } : undefined),
    ],
  ])("though %s", async (_, what, fault) => {
    const [method, prefix = "logs/"] = what.split(" ");
    cloud.cos.faults = (request) =>
      request.method === method && request.key.startsWith(prefix) ? fault(request.attempt) : undefined;
    await lake().put("logs/cos/a", accessLog());
    await cloud.settled();
    expect(await pathsAt("main/")).toEqual(ALL);
    expect(notes()).toEqual([]);
  });

  it("whether they are packed or not, below each of the prefixes, and nowhere else", async () => {
    await lake().put("logs/cos/a.gz", gzipSync(accessLog(3)));
    await lake().put("logs/old/b", accessLog(2));
    await lake().put("logs/other/c", accessLog(5));
    await cloud.settled();
    expect(await pathsAt("main/")).toEqual(["/0", "/1", "/2", "/0", "/1"]);
  });
});

describe("a source's file that cannot be read", () => {
  const place = ["--bucket", LAKE, "--region", "ap-guangzhou", "--prefix", "notes/"];
  const replay = () =>
    tencentLogs(["replay", ...place, "--function", "access", "--all", "--sync"], environmentOf(cloud));

  it("leaves what was read of it and a note, which goes once the file is whole", async () => {
    const packed = gzipSync(accessLog());
    await lake().put("logs/cos/a.gz", packed.subarray(0, packed.length >> 1));
    await cloud.settled();
    expect(notes()).toEqual([`notes/${LAKE}/logs/cos/a.gz.json`]);
    const note = JSON.parse((await lake().read(notes()[0])).toString()) as { reason: object };
    expect(note.reason).toMatchObject({ kind: "permanent", code: "GZIP_TRUNCATED" });
    const read = await pathsAt("main/");
    expect(read).toEqual(ALL.slice(0, read.length));

    await lake().put("logs/cos/a.gz", packed);
    await cloud.settled();
    expect([await pathsAt("main/"), notes()]).toEqual([ALL, []]);
  });

  it("is read by replay, once the function may", async () => {
    cloud.cos.faults = ({ method, key }) =>
      method === "GET" && key.startsWith("logs/") ? { status: 403, code: "AccessDenied" } : undefined;
    await lake().put("logs/old/a", accessLog());
    await cloud.settled();
    expect([await pathsAt("main/"), notes()]).toEqual([[], [`notes/${LAKE}/logs/old/a.json`]]);
    cloud.cos.faults = () => undefined;
    const { stdout, status } = await replay();
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^read cos:.*logs\/old\/a/)]);
    expect([await pathsAt("main/"), notes()]).toEqual([ALL, []]);
  });

  it("keeps its note where no line of it is a record of its preset, however often it is replayed", async () => {
    await lake().put("logs/cos/wrong", "time,status\n1,200\n");
    await cloud.settled();
    const [key] = notes();
    const { reason } = JSON.parse((await lake().read(key)).toString()) as { reason: { code: string; message: string } };
    expect(reason).toMatchObject({ code: "NO_RECORDS" });
    expect(reason.message).toMatch(/^the content must hold records of cos-access, got no record and 2 invalid; /);
    const { stdout } = await replay();
    expect(stdout).toContain("logs/cos/wrong");
    expect(notes()).toEqual([key]);
  });
});
