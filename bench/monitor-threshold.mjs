/**
 * Measures the time from the line that crosses a threshold to the receiver's answer, if no batch crosses it alone:
 * `node bench/monitor-threshold.mjs --crossings 60`, after `npm run build`.
 *
 * --crossings N   groups that cross the threshold (60)
 * --every N       seconds between two of them; can be given several times (1 and 8)
 *
 * In the local cloud, three topics are delivered with CLS's wait of three seconds to a function with three instances.
 * Each group has 36 lines, spread over three seconds and the topics; the threshold is 30, and a batch of one topic has
 * at most 12. CLS's own delay is not included: it has not been measured.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { AlertReceiver, LogMonitor, LogTopic } from "../dist/lib/index.js";
import bindings from "../dist/lib/tencentcloud.js";
import { SimulatedClock } from "../dist/local/clock.js";
import { LocalCloud } from "../dist/local/cloud.js";
import { summary } from "./lib/delays.mjs";

const { values } = parseArgs({
  options: {
    crossings: { type: "string", default: "60" },
    every: { type: "string", multiple: true, default: ["1", "8"] },
  },
});
const crossings = Number(values.crossings);
const TOPICS = ["access-1", "access-2", "access-3"];
const THRESHOLD = 30;
/** Lines of a group in a topic, in each second of that many. */
const LINES = 4;
const SECONDS = 3;
/** Maximum time for the last alerts. */
const LAST_MS = 90_000;

const folder = mkdtempSync(join(tmpdir(), "monitor-threshold-"));
const crossed = new Map();
const delays = new Map();
const receiver = createServer(async (request, response) => {
  const { alerts } = await json(request);
  response.end();
  for (const { group, kind } of alerts) {
    if (kind !== "first" || !crossed.has(group.service)) continue;
    const [every] = group.service.split(" ");
    delays.set(every, [...(delays.get(every) ?? []), performance.now() - crossed.get(group.service)]);
    crossed.delete(group.service);
  }
});
await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
const before = loadavg()[0];

const stackFolder = synthesize();
for (const every of values.every.map(Number)) {
  const clock = new SimulatedClock(Date.now());
  const variables = { oncallUrl: `http://127.0.0.1:${receiver.address().port}` };
  const cloud = await LocalCloud.deploy({ stackFolder, clock, variables, maxInstances: 3 });
  const unfollow = clock.follow();
  try {
    const writing = [];
    for (let crossing = 0; crossing < crossings; crossing++) {
      writing.push(writeGroup(cloud, `${every} ${crossing}`));
      await sleep(every * 1000);
    }
    await Promise.all(writing);
    for (const started = performance.now(); crossed.size > 0 && performance.now() - started < LAST_MS;) await sleep(50);
    const sweeps = cloud.cos
      .allBuckets()
      .flatMap((bucket) => bucket.keys())
      .flatMap((key) => /sweep\/ledger\/(\d+)$/.exec(key)?.[1] ?? []);
    console.log(`a crossing each ${every} s: ${Math.max(0, ...sweeps.map(Number))} sweeps`);
  } finally {
    unfollow();
    await cloud.close();
  }
}
receiver.closeAllConnections();
receiver.close();
rmSync(folder, { recursive: true });

console.log(
  `${crossings} crossings each, ${cpus().length} x ${cpus()[0].model}, load ${before.toFixed(1)} to ${loadavg()[0].toFixed(1)}`,
);
console.table(Object.fromEntries([...delays].map(([every, found]) => [`one each ${every} s`, summary(found)])));
if (crossed.size > 0) {
  console.error(`${crossed.size} crossings were not told of: ${[...crossed.keys()].join("; ")}`);
  process.exitCode = 1;
}

function synthesize() {
  const app = new App({ outdir: join(folder, "out") });
  const stack = new TerraformStack(app, "logs");
  new bindings.TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
  const url = new TerraformVariable(stack, "oncallUrl", { type: "string", sensitive: true });
  new LogMonitor(stack, "Errors", {
    sources: TOPICS.map((name) => ({ name, topic: new LogTopic(stack, name, { topicName: name, retentionDays: 7 }) })),
    match: { status: "^5\\d\\d$" },
    group: ["service"],
    threshold: { count: THRESHOLD, within: "2m" },
    alert: { to: AlertReceiver.json({ name: "oncall", url: url.stringValue }), severity: "critical" },
    appId: "1250000000",
  });
  app.synth();
  return join(folder, "out/stacks/logs");
}

/** Writes the lines of a group, and records when the one that crosses the threshold was written. */
async function writeGroup(cloud, service) {
  let written = 0;
  for (let second = 0; second < SECONDS; second++) {
    const began = performance.now();
    for (const name of TOPICS) {
      written += LINES;
      if (written >= THRESHOLD && !crossed.has(service) && written - LINES < THRESHOLD) {
        crossed.set(service, performance.now());
      }
      const lines = Array.from({ length: LINES }, () => ({ time: Date.now(), contents: { service, status: "503" } }));
      await cloud.topic(name).put(lines);
    }
    await sleep(Math.max(0, began + 1000 - performance.now()));
  }
}
