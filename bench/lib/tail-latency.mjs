/**
 * Measures the time from the write in a function to the line on the terminal, all on loopback: prints `{ rate, lines,
 * p50, p99, worst }`, in milliseconds, for each rate of lines per second. Runs as a separate process: `node
 * tail-latency.mjs`.
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const dist = join(fileURLToPath(import.meta.url), "../../../dist");
const { App, TerraformStack, Testing } = require("cdktf");
const { FunctionCode, LiveLog, LogFunction, LogTopic } = require(join(dist, "lib/index.js"));
const { TencentcloudProvider } = require(join(dist, "lib/tencentcloud.js"));
const { SimulatedClock } = require(join(dist, "local/clock.js"));
const { LocalCloud } = require(join(dist, "local/cloud.js"));

const REGION = "ap-guangzhou";
const RATES = [
  { rate: 1, seconds: 40 },
  { rate: 100, seconds: 10 },
  { rate: 1000, seconds: 10 },
];

/** Each line contains the time at which it was written. */
const WRITER = `exports.main_handler = async ({ rate, seconds }) => {
  const everyMs = Math.max(10, 1000 / rate), startedAt = performance.now();
  for (let written = 0; written < rate * seconds;) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - startedAt) / 1000) * rate) + 1);
    while (written < due) { written++; console.log("written at " + (performance.timeOrigin + performance.now())); }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};`;

const stack = new TerraformStack(Testing.app() ?? new App(), "logs");
new TencentcloudProvider(stack, "tencentcloud", { region: REGION });
new LogFunction(stack, "Writer", {
  functionName: "writer",
  code: FunctionCode.fromFiles({ "index.js": WRITER }),
  timeoutSeconds: 120,
  logTopic: new LogTopic(stack, "Own", { topicName: "own" }),
  liveLog: new LiveLog(stack, "Live", { appId: "1250000000" }),
});
const folder = Testing.fullSynth(stack);
const clock = new SimulatedClock(Date.now());
clock.follow();
const cloud = await LocalCloud.deploy({
  stackFolder: join(folder, "stacks/logs"),
  clock,
  functionLog: { delayMs: 1000 },
});
const { secretId, secretKey } = cloud.cam.ownerKey;
const child = spawn(process.execPath, [join(dist, "cli/main.js"), "tail", "writer", "-r", REGION], {
  stdio: ["ignore", "pipe", "ignore"],
  env: {
    ...{ COS_ENDPOINT: cloud.endpoint, CLS_ENDPOINT: cloud.endpoint, SCF_ENDPOINT: cloud.endpoint },
    ...{ TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey },
  },
});
let waits = [];
let dropped = 0;
createInterface({ input: child.stdout }).on("line", (line) => {
  // At SCF's maximum rate, a window of five seconds can contain too many lines.
  dropped += Number(/ LOST +(\d+) lines were too many to send/.exec(line)?.[1] ?? 0);
  const written = / written at ([\d.]+)/.exec(line)?.[1];
  if (written) waits.push(performance.timeOrigin + performance.now() - Number(written));
});

try {
  await sleep(2_000);
  // Waits until the flag has been checked before the measurement begins.
  await invoke({ rate: 10, seconds: 1 });
  await sleep(2_000);
  for (const { rate, seconds } of RATES) {
    [waits, dropped] = [[], 0];
    await invoke({ rate, seconds });
    await sleep(3_000);
    const sorted = waits.sort((a, b) => a - b);
    const missing = rate * seconds - sorted.length;
    if (missing < 0 || missing > dropped) throw new Error(`${missing} lines are missing, and ${dropped} of them told`);
    const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
    console.log(JSON.stringify({ rate, lines: sorted.length, p50: at(0.5), p99: at(0.99), worst: at(1) }));
  }
} finally {
  child.kill("SIGINT");
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

function invoke(event) {
  return cloud.invoke({ functionName: "writer", namespace: "default", event, wait: true });
}
