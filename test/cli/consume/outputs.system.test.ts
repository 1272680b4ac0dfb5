import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import {
  ClsStreamPipeline,
  CosOutput,
  ElasticsearchOutput,
  LogBucket,
  LogFormat,
  LogTopic,
  OtlpOutput,
} from "../../../lib";
import { Testing } from "../../../lib/framework";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud } from "../../../local/cloud";
import { TestServer } from "../../functions/support/http-server";
import { rowsOf } from "../../functions/support/parquet";
import { takeRecords } from "../../functions/support/taking-server";
import { logs, sorted, upTo } from "../../functions/support/topics";
import { testStack } from "../../lib/support/stack";
import { environmentOf } from "../support/cli";
import { Running } from "../support/running";

jest.setTimeout(60_000);

const KINDS = ["lake", "search", "collector"] as const;
const COUNT = 300;
const folder = mkdtempSync(join(tmpdir(), "consume-outputs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A pipeline for each output, whose deliveries are left out of the plan: what CLS would hand over is consumed. */
function synthesizeAll(): string {
  const stack = testStack();
  const url = new TerraformVariable(stack, "url", { sensitive: true });
  const bucket = new LogBucket(stack, "Lake", { appId: "1250000000" });
  const outputs = {
    lake: new CosOutput(bucket, { prefix: "lake/", format: LogFormat.parquet({ partitionBy: "dt=%Y" }) }),
    search: new ElasticsearchOutput({ url: url.stringValue, index: "logs" }),
    collector: new OtlpOutput({ url: url.stringValue }),
  };
  for (const kind of KINDS) {
    const topic = new LogTopic(stack, `topic-of-${kind}`, { topicName: kind });
    new ClsStreamPipeline(stack, kind, { topic, bucket, outputs: { out: outputs[kind] } });
  }
  cpSync(Testing.fullSynth(stack), join(folder, "cdktf.out"), { recursive: true });
  const file = join(folder, "cdktf.out/stacks/logs/cdk.tf.json");
  const plan = JSON.parse(readFileSync(file, "utf8")) as { resource: Record<string, Record<string, { input?: { functionName?: string }; count?: number }>> }; // prettier-ignore
  for (const data of Object.values(plan.resource.terraform_data ?? {})) if (data.input?.functionName) data.count = 0;
  writeFileSync(file, JSON.stringify(plan));
  return join(folder, "cdktf.out/stacks/logs");
}

let hook: TestServer;
let cloud: LocalCloud;
let stopClock: () => void;
const running: Running[] = [];
beforeAll(async () => {
  hook = await TestServer.start();
  const clock = new SimulatedClock(Date.now());
  stopClock = clock.follow();
  cloud = await LocalCloud.deploy({ stackFolder: synthesizeAll(), clock, variables: { url: hook.url } });
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.kill()));
  stopClock();
  await cloud.close();
  await hook.stop();
});

/** Numbers of the records in texts of JSON. */
function numbersIn(texts: readonly string[]): number[] {
  return sorted(texts.flatMap((text) => [...text.matchAll(/"n":"(\d+)"/g)].map(([, n]) => Number(n))));
}

/** Numbers of the rows that lie in the lake. */
async function rows(): Promise<number[]> {
  const [lake] = cloud.cos.allBuckets();
  const files = await Promise.all([...lake.keys("lake/")].map(async (key) => rowsOf(await lake.read(key))));
  return sorted(files.flat().map(({ n }) => Number(n)));
}

test.each(KINDS)("what is consumed arrives once at an output: %s", async (kind) => {
  const taken = takeRecords(hook);
  const arrived = kind === "lake" ? rows : () => numbersIn(taken);
  await cloud.cls
    .allTopics()
    .find(({ name }) => name === kind)
    ?.put(logs(0, COUNT));
  const environment = { ...environmentOf(cloud), CLS_ENDPOINT: cloud.endpoint };
  const run = new Running(["consume", `logs/${kind}`, "--from", "begin"], environment, folder);
  running.push(run);
  await run.until(async () => (await arrived()).length >= COUNT, "all records");
  expect(await run.stop()).toBe(0);
  expect(await arrived()).toEqual(upTo(COUNT));
});
