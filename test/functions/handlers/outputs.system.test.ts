import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  ClsOutput,
  CosOutput,
  LogProcessor,
  LogRules,
  LogTopic,
  WebhookOutput,
  type LogBucket,
  type OutputProps,
} from "../../../lib";
import { TerraformStack } from "../../../lib/framework";
import type { LocalCloud } from "../../../local/cloud";
import type { ClsRecord } from "../../../local/cls/record";
import { environmentOf, tencentLogs } from "../../cli/support/cli";
import {
  BUCKET,
  deployBatch,
  deployStream,
  linesUnder,
  objectsUnder,
  removeDeployed,
  secret,
} from "../support/deployed";
import { TestServer } from "../support/http-server";

jest.setTimeout(60_000);
const TOKEN = "token-0007";
const SIGNATURE_KEY = "signing-key-0006";
const PLACE = ["--bucket", BUCKET, "--region", "ap-guangzhou", "--prefix", "quarantine/"];

let hook: TestServer;
let cloud: LocalCloud;
beforeEach(async () => (hook = await TestServer.start()));
afterEach(async () => {
  const notes = [...(await objectsUnder(cloud, "quarantine/")).values()].map((note) => note.toString());
  const told = JSON.stringify([cloud.invocations, notes]);
  for (const hidden of [TOKEN, SIGNATURE_KEY]) expect(told).not.toContain(hidden);
  await removeDeployed();
  await hook.stop();
});

/** A webhook of the test, whose address and key are secrets. */
function webhook(props: OutputProps & { maxBatchRecords?: number } = {}, path = "/send"): WebhookOutput {
  const url = secret(`${hook.url}${path}?key=${TOKEN}`);
  return new WebhookOutput({ url, signatureKey: secret(SIGNATURE_KEY), ...props });
}

const records = (count: number, from = 0): ClsRecord[] =>
  Array.from({ length: count }, (_, n) => ({ time: 1_700_000_000_000 + n, contents: { n: String(from + n) } }));

async function put(count: number, from = 0): Promise<void> {
  await cloud.topic("access").put(records(count, from));
  await cloud.clock.advance(60_000);
  await cloud.settled();
}

const numbers = (lines: readonly string[]) => lines.map((line) => Number((JSON.parse(line) as { n: string }).n));
const range = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n);
const lastSummary = () => cloud.invocations.at(-1)?.result;

describe("a stream whose events come twice", () => {
  it("leaves the same bytes in COS, each record once", async () => {
    const lake = (bucket: LogBucket) => ({
      maxMessages: 100,
      outputs: { out: new CosOutput(bucket, { prefix: "out/" }) },
    });
    cloud = await deployStream(lake);
    cloud.deliveries.copies = 2;
    await put(350);
    expect(cloud.invocations.length).toBe(8);
    expect(numbers(await linesUnder(cloud, "out/")).sort((a, b) => a - b)).toEqual(range(350));

    const twice = [...(await objectsUnder(cloud, "out/")).values()].map(String).sort();
    cloud = await deployStream(lake);
    await put(350);
    expect(cloud.invocations.length).toBe(4);
    expect([...(await objectsUnder(cloud, "out/")).values()].map(String).sort()).toEqual(twice);
  });

  it("tells copies apart by log_id in CLS", async () => {
    cloud = await deployStream((bucket) => ({
      outputs: { out: new ClsOutput(new LogTopic(TerraformStack.of(bucket), "Clean", { topicName: "clean" })) },
    }));
    const seen: string[] = [];
    cloud
      .topic("clean")
      .onRecords(async (received) => void seen.push(...received.map(({ contents }) => contents.log_id)));
    cloud.deliveries.copies = 2;
    await put(50);
    expect(seen).toHaveLength(100);
    expect(new Set(seen).size).toBe(50);
  });
});

describe("an output that fails", () => {
  const failing = { onFailure: "fail" } as const;

  it("for a moment is tried again, and nothing is left behind", async () => {
    hook.answer = (_, index) => (index < 2 ? { status: 503 } : {});
    cloud = await deployStream(() => ({ outputs: { out: webhook() } }));
    await put(3);
    expect(lastSummary()).toMatchObject({ records: 3, outputs: { out: { records: 3, retries: 2 } } });
    expect(cloud.invocations).toHaveLength(1);
    expect((await objectsUnder(cloud, "quarantine/")).size).toBe(0);
  });

  it("for good leaves its batches to quarantine with the reason, the others go on, a replay delivers the rest", async () => {
    hook.answer = (_, index) => ({ status: index === 1 ? 400 : 200 });
    cloud = await deployStream(() => ({ outputs: { hook: webhook({ maxBatchRecords: 4 }) } }));
    await put(10);
    expect(lastSummary()).toMatchObject({
      records: 10,
      quarantined: 0,
      outputs: { hook: { records: 6, quarantined: 4 } },
    });

    const { stdout } = await tencentLogs(["quarantine", "list", ...PLACE], environmentOf(cloud));
    expect(stdout.split("\n")[1]).toMatch(/^\d+m +output +HTTP_400 +batch +4 records of cls:.* for output hook$/);
    const kept = await linesUnder(cloud, "quarantine/outputs/hook/");
    expect(numbers(kept.map((line) => JSON.stringify((JSON.parse(line) as { record: unknown }).record)))).toEqual(
      range(4, 4),
    );

    const replay = (...args: string[]) =>
      tencentLogs(["replay", ...PLACE, "--function", "stream", "--all", ...args], environmentOf(cloud));
    hook.answer = () => ({ status: 400 });
    const refused = await replay("--sync");
    expect(refused.stdout).toContain(
      "RedeliveryError: the batch must be delivered again: output hook failed: POST to LOGS_SECRET_HOOK",
    );
    expect(refused.status).toBe(1);
    expect((await objectsUnder(cloud, "quarantine/")).size).toBe(2);

    hook.answer = () => ({});
    expect(await replay("--sync")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^delivered 4 records of/),
    });
    expect((await objectsUnder(cloud, "quarantine/")).size).toBe(0);
    const body = JSON.parse(hook.requests.at(-1)?.body.toString() ?? "") as { n: string }[];
    expect(body.map(({ n }) => Number(n))).toEqual(range(4, 4));
  });

  it("and may not go on fails the invocation: SCF's retries, then the event's note, then a replay", async () => {
    hook.answer = () => ({ status: 400 });
    cloud = await deployStream(() => ({ outputs: { out: webhook(failing) } }));
    await put(5);
    expect(cloud.invocations.map(({ attempt, error }) => [attempt, error !== undefined])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    const { stdout } = await tencentLogs(["quarantine", "list", ...PLACE], environmentOf(cloud));
    expect(stdout.split("\n")[1]).toMatch(/^\d+m +transient +HTTP_400 +event +cls:\/\/[\w-]+\/[0-9a-f]{32}$/);

    hook.answer = () => ({});
    const args = ["replay", ...PLACE, "--function", "stream", "--under", "quarantine/cls/", "--sync"];
    expect(await tencentLogs(args, environmentOf(cloud))).toMatchObject({ status: 0 });
    expect((await objectsUnder(cloud, "quarantine/")).size).toBe(0);
    expect(JSON.parse(hook.requests.at(-1)?.body.toString() ?? "")).toHaveLength(5);
  });

  it("and may not go on ends the wait for another that does not answer", async () => {
    hook.answer = ({ url }) => (url.startsWith("/refuses") ? { status: 400 } : { afterMs: 60_000 });
    cloud = await deployStream(() => ({
      rules: LogRules.fromText('e_coutput("silent")'),
      outputs: { silent: webhook({}, "/silent"), out: webhook(failing, "/refuses") },
      defaultOutput: "out",
    }));
    await put(5);
    expect(cloud.invocations.map(({ error, ms }) => [error !== undefined, ms < 5_000])).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
  });

  it("of a file's parts is replayed under the key that the part would have had", async () => {
    cloud = await deployBatch((bucket) => ({ outputs: { out: new CosOutput(bucket, { prefix: "out/" }) } }));
    cloud.cos.faults = ({ method, key }) =>
      method === "PUT" && key.startsWith("out/") ? { status: 403, code: "AccessDenied" } : undefined;
    await cloud.bucket(BUCKET).put("cls/a.gz", gzipSync('{"n":"0"}\n{"n":"1"}\n'));
    await cloud.settled();
    expect(lastSummary()).toMatchObject({ objects: 1, outputs: { out: { records: 0, quarantined: 2 } } });
    cloud.cos.faults = () => undefined;
    const replay = ["replay", ...PLACE, "--function", "batch", "--all"];
    expect(await tencentLogs(replay, environmentOf(cloud))).toMatchObject({ status: 0 });
    await cloud.settled();
    expect([...(await objectsUnder(cloud, "out/")).keys()]).toEqual([`out/${BUCKET}/cls/a.gz/00000-000.jsonl.gz`]);
    expect(numbers(await linesUnder(cloud, "out/"))).toEqual([0, 1]);
    expect((await objectsUnder(cloud, "quarantine/")).size).toBe(0);
  });
});

describe("a slow output", () => {
  it("slows the reader, whose memory does not grow with what it reads", async () => {
    hook.answer = () => ({ afterMs: 10 });
    cloud = await deployBatch(() => ({ outputs: { out: webhook({ maxBatchRecords: 1000 }) } }));
    const peaks: number[] = [];
    const line = (n: number) => `${JSON.stringify({ n: String(n), text: Math.sin(n).toString(36).repeat(8) })}\n`;
    for (const count of [20_000, 100_000]) {
      const text = range(count).map(line).join("");
      await cloud.bucket(BUCKET).put(`cls/${count}.gz`, gzipSync(text));
      await cloud.settled();
      const summary = lastSummary() as { ms: number; outputs: { out: { records: number } } };
      expect(summary.outputs.out.records).toBe(count);
      expect(summary.ms).toBeGreaterThan((count / 1000) * 10);
      peaks.push(cloud.invocations.at(-1)?.memoryMb ?? 0);
    }
    // Five times as much: about 12 MB of text, of which little may be in memory.
    expect(peaks[1] - peaks[0]).toBeLessThan(30);
  });
});

describe("a processor that makes thousands of records of each", () => {
  it("is given few at a time, so that memory stays where it is", async () => {
    const folder = mkdtempSync(join(tmpdir(), "many-"));
    const entry = join(folder, "many.js");
    const made = "Array.from({ length: 3000 }, (_, i) => context.create({ n: record.fields.n, i }))";
    writeFileSync(entry, `module.exports = { record: (record, context) => ${made} };`);
    cloud = await deployStream((bucket) => ({
      processor: LogProcessor.fromEntry(entry),
      outputs: { out: new CosOutput(bucket, { prefix: "out/" }) },
      maxMessages: 250,
    }));
    await put(250);
    rmSync(folder, { recursive: true });
    expect(lastSummary()).toMatchObject({ records: 250, outputs: { out: { records: 750_000 } } });
    expect(cloud.invocations[0].memoryMb).toBeLessThan(200);
    const lines = await linesUnder(cloud, "out/");
    expect([lines[0], lines.at(-1)].map((line) => JSON.parse(line ?? "") as unknown)).toEqual([
      { n: "0", i: 0 },
      { n: "249", i: 2999 },
    ]);
  });
});

describe("a processor whose promise never settles", () => {
  it("is left behind before the function's time is up, and the event is kept", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hanging-"));
    const entry = join(folder, "hanging.js");
    writeFileSync(entry, "module.exports = { record: () => new Promise(() => {}) };");
    cloud = await deployStream((bucket) => ({
      processor: LogProcessor.fromEntry(entry),
      outputs: { out: new CosOutput(bucket, { prefix: "out/" }) },
      timeoutSeconds: 3,
    }));
    await put(3);
    rmSync(folder, { recursive: true });
    expect(lastSummary()).toMatchObject({ quarantined: 1 });
    const [[, note]] = [...(await objectsUnder(cloud, "quarantine/"))];
    expect(JSON.parse(note.toString())).toMatchObject({ reason: { kind: "deadline" } });
  });
});
