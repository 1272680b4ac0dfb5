import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { Summary } from "../../../functions/invocation/summary";
import { Sampler } from "../../../functions/processors/sampler";
import { MadeRecord } from "../../../functions/records/made-record";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud } from "../../../local/cloud";
import type { Topic } from "../../../local/cls/topic";
import { synthesize } from "../../examples/support/synthesize";
import { logs, sorted, upTo } from "../../functions/support/topics";
import { environmentOf } from "../support/cli";
import { Running } from "../support/running";

jest.setTimeout(60_000);

const LAKE = "logs-lake-8b3c1d-1250000000";
const folder = mkdtempSync(join(tmpdir(), "consume-"));
let cloud: LocalCloud;
let topic: Topic;
let stopClock: () => void;
const running: Running[] = [];

/** The example's pipeline, deployed without its delivery. */
beforeAll(async () => {
  await synthesize("cls-stream-to-cos", folder);
  const stack = join(folder, "cdktf.out/stacks/logs");
  const plan = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as { resource: Record<string, Record<string, { input?: { functionName?: string }; count?: number }>> }; // prettier-ignore
  for (const data of Object.values(plan.resource.terraform_data ?? {})) if (data.input?.functionName) data.count = 0;
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify(plan));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  const clock = new SimulatedClock(Date.now());
  stopClock = clock.follow();
  cloud = await LocalCloud.deploy({ stackFolder: join(folder, "cdktf.out/stacks/logs"), clock });
  topic = cloud.cls.allTopics()[0] as Topic;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill()));
  stopClock();
  await cloud.close();
});

function consume(args: readonly string[]): Running {
  const run = new Running(["consume", ...args], { ...environmentOf(cloud), CLS_ENDPOINT: cloud.endpoint }, folder);
  running.push(run);
  return run;
}

/** Has CLS forget who has left, without the wait for the end of the session. */
const forgetSilent = (): Promise<void> => cloud.clock.advance(6_100);

type Stored = Readonly<Record<string, string>>;

/** What records that lie in the lake have: their numbers. */
async function stored(prefix?: string): Promise<number[]>;
async function stored<T>(prefix: string, of: (record: Stored) => T): Promise<T[]>;
async function stored(prefix = "records/", of: (record: Stored) => unknown = ({ n }) => Number(n)): Promise<unknown[]> {
  const bucket = cloud.cos.allBuckets().find(({ name }) => name.includes("lake")) ?? cloud.bucket(LAKE);
  const objects = await Promise.all(bucket.keys(prefix).map((key) => bucket.read(key)));
  const lines = objects.flatMap((bytes) => gunzipSync(bytes).toString().trim().split("\n"));
  return lines.map((line) => of(JSON.parse(line) as Stored));
}

test("backfill of a stream pipeline reads the topic's past between two times, ends, and takes no flag about objects", async () => {
  await topic.put(logs(0, 300));
  // The command's clock is this machine's, and CLS finds positions by the second.
  await wait(1_100);
  const from = new Date().toISOString();
  await wait(1_100);
  await topic.put(logs(300, 200));
  const env = { ...environmentOf(cloud), CLS_ENDPOINT: cloud.endpoint };
  const run = new Running(["backfill", "logs/AccessStream", "--from", from], env, folder);
  running.push(run);
  expect(await run.ended).toBe(0);
  expect(run.stderr).toMatch(
    /reading the past of the topic as group backfill-[0-9a-f]{8}; if interrupted, run the same command again to resume\n/,
  );
  expect(sorted(await stored())).toEqual(Array.from({ length: 200 }, (_, n) => 300 + n));

  const refused = new Running(["backfill", "logs/AccessStream", "--missing"], env, folder);
  running.push(refused);
  expect(await refused.ended).toBe(2);
  expect(refused.stderr).toMatch(
    /^--missing must be left out for logs\/AccessStream, got it: a stream pipeline reads a topic/,
  );
});

test("runs a stream pipeline of the plan with its deployed values, goes on where it was, and tells how it is", async () => {
  await topic.put(logs(0, 500));
  const first = consume(["logs/AccessStream", "--from", "begin"]);
  await first.until(async () => (await stored()).length >= 500, "all records");
  const url = await first.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/);
  expect((await fetch(`${url}/live`)).status).toBe(200);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  await first.until(async () => (await (await fetch(`${url}/metrics`)).text()).includes('tencent_logs_records_total{source="access",region="ap-guangzhou"} 500\n'), "the count"); // prettier-ignore
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('tencent_logs_source_up{source="access",region="ap-guangzhou"} 1\n');
  expect(metrics).toMatch(/tencent_logs_delay_seconds_count 1\n/);
  const started = Date.now();
  expect(await first.stop()).toBe(0);
  expect(Date.now() - started).toBeLessThan(5_000);
  const [summary] = first.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { records: number; outputs: object });
  expect(summary).toMatchObject({ records: 500, outputs: { records: { records: 500 } } });

  await forgetSilent();
  await topic.put(logs(500, 100));
  const second = consume(["logs/AccessStream"]);
  await second.until(async () => (await stored()).length >= 600, "the rest");
  expect(await second.stop()).toBe(0);
  expect(sorted(await stored())).toEqual(upTo(600));
});

test("several workers share the partitions, and end by themselves when all that was there is through", async () => {
  for (let id = 1; id < 4; id++) topic.partitions.split(topic.partitions.all().filter(({ isOpen }) => isOpen)[0]?.id ?? 1, { now: cloud.clock.now() }); // prettier-ignore
  for (let at = 0; at < 400; at += 20) await topic.put(logs(at, 20));
  const run = consume(["logs/AccessStream", "--from", "begin", "--to", "now", "--workers", "2", "--group", "backfill"]);
  await run.said(/starting 2 workers/);
  // What CLS may be late with, nobody needs to wait for here.
  await cloud.clock.advance(6_000);
  expect(await run.ended).toBe(0);
  expect(sorted(await stored())).toEqual(upTo(400));
});

test("workers whose position is lost, and who are to fail then, end the command with the reason", async () => {
  await topic.put(logs(0, 5));
  await topic.put(logs(5, 5));
  const [partition] = topic.partitions.all();
  partition.forgetOldest();
  const of = { topicId: topic.id, partitionId: partition.id };
  cloud.cls.consumerGroups.create(topic.logsetId, "lost", 6, [topic.id]).commit("earlier", [{ ...of, offset: 0 }]);
  const run = consume(["logs/AccessStream", "--workers", "2", "--group", "lost", "--on-lost", "fail"]);
  expect(await run.ended).toBe(1);
  expect(run.stderr).toMatch(
    /worker \d failed for good, stopping the others: partition \d of access must keep offset 0, got 1 as its oldest: 1 are lost/,
  );
  expect(run.stderr).not.toMatch(/starting another/);
});

test("a task of its own: rules, an output and quarantine, from a file", async () => {
  const bucket = cloud.cos.allBuckets().find(({ name }) => name.includes("lake"));
  mkdirSync(join(folder, "task"), { recursive: true });
  writeFileSync(
    join(folder, "task/odd.sls"),
    'e_if(op_eq(op_mod(ct_int(v("n")), 2), 0), e_drop())\ne_set("kept", "yes")\n',
  );
  const definition = {
    group: "odd",
    sources: { access: { region: topic.region, topic: topic.id } },
    rules: "odd.sls",
    outputs: { main: { type: "cos", bucket: bucket?.name, region: topic.region, prefix: "odd/" } },
    quarantine: { bucket: bucket?.name, region: topic.region, prefix: "quarantine/odd/" },
  };
  writeFileSync(join(folder, "task/odd.json"), JSON.stringify(definition));
  await topic.put(logs(0, 10));
  const run = consume(["task/odd.json", "--from", "begin", "--listen", "off"]);
  await run.until(async () => (await stored("odd/")).length >= 5, "the odd records");
  expect(await run.stop()).toBe(0);
  expect(sorted(await stored("odd/"))).toEqual([1, 3, 5, 7, 9]);

  writeFileSync(join(folder, "task/wrong.json"), JSON.stringify({ ...definition, ruls: "x", rules: undefined }));
  const wrong = consume(["task/wrong.json"]);
  expect(await wrong.ended).toBe(2);
  expect(wrong.stderr).toMatch(/ruls must be one of group, sources, rules/);
});

test("a task of its own masks and samples as a function does, whichever process has the record", async () => {
  const bucket = cloud.cos.allBuckets().find(({ name }) => name.includes("lake"));
  const definition = {
    group: "masked",
    sources: { access: { region: topic.region, topic: topic.id } },
    settings: { redact: [{ type: "phone" }], sample: { keep: 0.5, by: "trace_id" } },
    outputs: { main: { type: "cos", bucket: bucket?.name, region: topic.region, prefix: "masked/" } },
    quarantine: { bucket: bucket?.name, region: topic.region, prefix: "quarantine/masked/" },
  };
  writeFileSync(join(folder, "masked.json"), JSON.stringify(definition));
  const log = (n: number) => ({ n: String(n), trace_id: `t${n % 20}`, user: `call 138001380${10 + n}` });
  await topic.put(upTo(40).flatMap((n) => logs(n, 1, { contents: log(n) })));
  const sampler = new Sampler(definition.settings.sample);
  const kept = upTo(40).filter((n) => sampler.keeps(new MadeRecord({ object: "o", line: 1, byte: 0 }, log(n))));
  expect(kept.length).toBeGreaterThan(5);

  const run = consume(["masked.json", "--from", "begin", "--listen", "off"]);
  await run.until(async () => (await stored("masked/")).length >= kept.length, "what is kept");
  expect(await run.stop()).toBe(0);
  expect(sorted(await stored("masked/"))).toEqual(kept);
  expect(await stored("masked/", ({ user }) => user)).toEqual(kept.map(() => "call [phone]"));
  const [summary] = run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Summary);
  expect(summary).toMatchObject({ records: 40, sampled: 40 - kept.length, redacted: { phone: kept.length } });
});

test("what is wrong with a command line is one line, before anything is read", async () => {
  const cases: [string[], RegExp][] = [
    [["logs/Nothing"], /PIPELINE must be the path of one pipeline .*; there are logs\/AccessStream/],
    [["nothing.yaml"], /FILE must be a file, got nothing\.yaml: ENOENT/],
    [["logs/AccessStream", "--from", "yesterday"], /--from must be begin, end, a time ago such as 10m/],
    [["logs/AccessStream", "--session", "2"], /--session must be 6 to 3600 seconds, got 2/],
    [["logs/AccessStream", "--workers", "many"], /--workers must be auto, or 1 to 99/],
    [["logs/AccessStream", "--listen", "9090"], /--listen must be HOST:PORT/],
  ];
  const ran = await Promise.all(
    cases.map(async ([args, words]) => {
      const run = consume(args);
      return [await run.ended, words.test(run.stderr) || run.stderr, run.stderr.trim().split("\n").length] as const;
    }),
  );
  expect(ran).toEqual(cases.map(() => [2, true, 1]));
});
