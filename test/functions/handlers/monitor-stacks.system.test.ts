import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { run } from "../../../cli/run";
import { AlertReceiver, ClsStreamPipeline, LogMonitor, LogTopic } from "../../../lib";
import { App, TerraformStack } from "../../../lib/framework";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud } from "../../../local/cloud";
import { TestServer } from "../support/http-server";
import { alertsTo, sweep } from "../support/monitored";

jest.setTimeout(60_000);

const APP_ID = "1250000000";

let server: TestServer;
let cloud: LocalCloud | undefined;
const folder = mkdtempSync(join(tmpdir(), "monitor-stacks-"));
beforeAll(async () => (server = await TestServer.start()));
afterAll(async () => {
  await cloud?.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

function stackOf(app: App, region: string): TerraformStack {
  const stack = new TerraformStack(app, region);
  new TencentcloudProvider(stack, "tencentcloud", { region: `ap-${region}` });
  return stack;
}

/** One monitor, whose functions stand in the stacks of their regions: a topic's in one, a stream's in another. */
function synthesize(): void {
  const app = new App({ outdir: folder });
  const [home, singapore, tokyo] = ["guangzhou", "singapore", "tokyo"].map((region) => stackOf(app, region));
  const [gz, sg, jp] = [home, singapore, tokyo].map((stack) => {
    return new LogTopic(stack, "Access", { topicName: `access-${stack.node.id}` });
  });
  const stream = new ClsStreamPipeline(tokyo, "Stream", { topic: jp, maxWaitSeconds: 3, appId: APP_ID });
  const url = new TerraformVariable(home, "oncallUrl", { type: "string", sensitive: true });
  const monitor = new LogMonitor(home, "Errors", {
    sources: [
      { topic: gz, name: "gz" },
      { topic: sg, name: "sg", stack: singapore },
      { stream, name: "jp" },
    ],
    match: { status: "^5" },
    group: ["service"],
    missing: { for: "5m" },
    alert: { to: AlertReceiver.json({ url: url.stringValue }) },
    appId: APP_ID,
  });
  new TerraformOutput(home, "definition", { value: monitor.definition });
  app.synth();
}

async function deploy(): Promise<LocalCloud> {
  synthesize();
  const clock = new SimulatedClock(Math.floor(Date.now() / 60_000) * 60_000 + 1000);
  const [home, ...others] = ["guangzhou", "singapore", "tokyo"].map((name) => join(folder, "stacks", name));
  const made = (cloud = await LocalCloud.deploy({ stackFolder: home, clock, variables: { oncallUrl: server.url } }));
  for (const stackFolder of others) await made.deployBeside({ stackFolder });
  return made;
}

const alerts = () => alertsTo(server);

test("a monitor over several stacks tells one incident once, sums it, and knows what is missing where", async () => {
  const made = await deploy();
  for (const region of ["guangzhou", "singapore", "tokyo"]) {
    await made.topic(`access-${region}`).put([{ time: Date.now() - 100, contents: { service: "pay", status: "503" } }]);
    await made.clock.advance(3_000);
    await made.settled();
  }
  expect(made.invocations.flatMap(({ error }) => error ?? [])).toEqual([]);
  expect(made.invocations.map(({ region }) => region)).toEqual(["ap-guangzhou", "ap-singapore", "ap-tokyo"]);
  expect(alerts()).toMatchObject([{ kind: "first", source: { name: "gz" }, group: { service: "pay" } }]);

  // Singapore's records came last ten minutes ago, as its own function has noted it.
  const [bucket] = made.cos.allBuckets().filter((one) => one.keys("monitor/").length > 0);
  const key = "monitor/guangzhou-errors/seen/sg";
  const seen = JSON.parse(String(await bucket.read(key))) as { topic: string };
  expect(seen.topic).toBe(made.topic("access-singapore").id);
  await bucket.put(key, Buffer.from(JSON.stringify({ ...seen, at: Date.now() - 600_000 })));
  await sweep(made);
  expect(made.invocations.at(-1)).toMatchObject({
    region: "ap-guangzhou",
    result: { sweep: { counts: 3, open: 1, missing: 1 } },
  });
  expect(alerts().at(-1)).toMatchObject({
    kind: "missing",
    source: { name: "sg", region: "ap-singapore", topic: seen.topic },
  });
});

test("its definition is an output with the ids that the cloud gave", async () => {
  const definition = String(cloud?.outputs.definition);
  expect(JSON.parse(definition)).toMatchObject({
    sources: {
      gz: { topic: cloud?.topic("access-guangzhou").id, region: "ap-guangzhou" },
      // A function of another stack watches it, and no process has to find it.
      sg: { topic: "singapore/Access", region: "ap-singapore" },
    },
    state: { bucket: expect.stringMatching(/-1250000000$/) as string, prefix: "monitor/guangzhou-errors/" },
  });
  const file = join(folder, "errors.json");
  writeFileSync(file, definition);
  let told = "";
  const console = {
    stdout: { write: (text: string) => (told += text) },
    stderr: { write: (text: string) => (told += text) },
  };
  expect([await run(["monitor", "check", file], console), told]).toEqual([
    0,
    "1 monitor, 3 sources, 1 receiver, 0 errors\n",
  ]);
});
