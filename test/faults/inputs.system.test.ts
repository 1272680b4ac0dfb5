import { rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { CosBatchPipeline, type CosBatchPipelineProps, CosOutput, LogBucket, LogContent } from "../../lib";
import { Testing } from "../../lib/framework";
import { LocalCloud } from "../../local/cloud";
import { environmentOf, tencentLogs } from "../cli/support/cli";
import { toGbk } from "../functions/support/gbk";
import { zstdFrame } from "../functions/support/zstd";
import { testStack } from "../lib/support/stack";

jest.setTimeout(120_000);

const LAKE = "lake-1250000000";
const RECORDS = 600;

/** A kind of input: what it is read by, an object of it, and the field by which its records are told. */
interface Kind {
  readonly props: Partial<CosBatchPipelineProps>;
  readonly object: Buffer;
  readonly by: string;
}

const made = (record: (n: number) => string, between = ""): string =>
  Array.from({ length: RECORDS }, (_, n) => record(n)).join(between);

const KINDS: Readonly<Record<string, Kind>> = {
  CSV: {
    props: { content: LogContent.csv({ delimiter: ";" }) },
    object: gzipSync(`id;text\r\n${made((n) => `${n};"line one\nline ""two"""\r\n`)}`),
    by: "id",
  },
  "a list of JSON at a path": {
    props: { content: LogContent.json({ expand: "Records" }) },
    object: Buffer.from(JSON.stringify({ Records: Array.from({ length: RECORDS }, (_, id) => ({ id })) }, null, 1)),
    by: "id",
  },
  "a container's log, the pieces of a line joined": {
    props: { content: LogContent.preset("container") },
    object: Buffer.from(
      made((n) => {
        const piece = (log: string) => `${JSON.stringify({ log, stream: "stdout", time: "2026-01-15T08:00:01.1Z" })}\n`;
        return piece(`${n} begins`) + piece(" and ends\n");
      }),
    ),
    by: "log",
  },
  zstd: {
    props: { compressions: ["zstd"] },
    object: zstdFrame(Buffer.from(made((n) => `{"id":${n}}\n`))),
    by: "id",
  },
  GBK: {
    props: { content: LogContent.jsonLines({ encoding: "gbk" }) },
    object: gzipSync(toGbk(made((n) => `{"id":"用户 ${n}"}\n`))),
    by: "id",
  },
};

let cloud: LocalCloud;
let folder: string;

/** Two synthesized pipelines for a kind: the output of one fails, that of the other leaves what it cannot deliver. */
async function deploy({ props }: Kind): Promise<void> {
  const stack = testStack();
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
  for (const onFailure of ["fail", "quarantine"] as const) {
    new CosBatchPipeline(stack, onFailure, {
      functionName: onFailure,
      source: { bucket, prefix: `in/${onFailure}/` },
      outputs: { main: new CosOutput(bucket, { prefix: `main/${onFailure}/`, onFailure }) },
      quarantinePrefix: `notes/${onFailure}/`,
      ...props,
    });
  }
  folder = Testing.fullSynth(stack);
  cloud = await LocalCloud.deploy({ stackFolder: join(folder, "stacks", stack.node.id) });
}

const lake = () => cloud.bucket(LAKE);

/** Which numbers the records have that have arrived below a prefix, in their order. */
async function arrived(prefix: string, { by }: Kind): Promise<number[]> {
  const texts = await Promise.all(
    lake()
      .keys(prefix)
      .map(async (key) => gunzipSync(await lake().read(key)).toString()),
  );
  const lines = texts.flatMap((text) => text.split("\n").filter((line) => line !== ""));
  return lines.map((line) => Number(/\d+/.exec(String((JSON.parse(line) as Record<string, unknown>)[by]))?.[0]));
}

const ALL = Array.from({ length: RECORDS }, (_, n) => n);

describe.each(Object.entries(KINDS))("an object of %s", (_, kind) => {
  beforeAll(() => deploy(kind));
  afterAll(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, string, string, "quarantine" | "fail", string]>([
    ["it cannot be read", "unreadable", "GET in/", "fail", `${LAKE}/in/fail/unreadable.json`],
    ["its output fails", "refused", "PUT main/", "fail", `${LAKE}/in/fail/refused.json`],
    ["its output leaves its records", "left", "PUT main/", "quarantine", "outputs/main/"],
  ])("comes once by a replay, where %s for a while", async (_, name, away, pipeline, note) => {
    const [method, below] = away.split(" ");
    cloud.cos.faults = (request) =>
      request.method === method && request.key.startsWith(below) ? { status: 403, code: "AccessDenied" } : undefined;
    const notes = () => lake().keys("notes/");
    await lake().put(`in/${pipeline}/${name}`, kind.object);
    await cloud.settled();
    expect(await arrived("main/", kind)).toEqual([]);
    expect(notes().some((key) => key.startsWith(`notes/${pipeline}/${note}`))).toBe(true);

    cloud.cos.faults = () => undefined;
    const place = ["--bucket", LAKE, "--region", "ap-guangzhou", "--prefix", `notes/${pipeline}/`];
    const replay = ["replay", ...place, "--function", pipeline, "--all", "--sync"];
    const { status, stderr } = await tencentLogs(replay, environmentOf(cloud));
    expect([status, stderr]).toEqual([0, "1 replayed, 0 failed\n"]);
    expect(await arrived("main/", kind)).toEqual(ALL);
    expect(notes()).toEqual([]);
    for (const key of lake().keys("main/")) await lake().delete(key);
  });
});
