/**
 * Measures the time from writing a line to the receiver's answer, in the local cloud, in both forms at once: `node
 * bench/monitor-delay.mjs --lines 100`, after `npm run build`.
 *
 * --lines N   matching lines in each form, one per second (100)
 * --rate N    lines per second in total, matching or not; can be given several times (1 and 1000)
 *
 * It runs the stack of the example multi-region-monitor unchanged: one topic is delivered with CLS's wait of three
 * seconds to a function that starts cold, one is pulled by `tencent-logs monitor run`. Each matching line opens a
 * separate group, so that each causes an alert: claimed in COS, sent, answered. CLS's own delay is not included: it has
 * not been measured.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SimulatedClock } from "../dist/local/clock.js";
import { LocalCloud } from "../dist/local/cloud.js";
import { findExample, synthesize } from "../dist/cli/local/example.js";
import { MonitorProcess, writtenDefinition } from "../dist/cli/local/monitor-process.js";
import { summary } from "./lib/delays.mjs";

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "100" },
    rate: { type: "string", multiple: true, default: ["1", "1000"] },
  },
});
const lines = Number(values.lines);
const FORMS = { push: "access-guangzhou", pull: "access-singapore" };
/** Writes per second to a busy topic. */
const WRITES_A_SECOND = 10;
/** Maximum time for the last alerts. */
const LAST_MS = 60_000;

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "monitor-delay-"));
const written = new Map();
const delays = new Map();
const receiver = createServer(async (request, response) => {
  const { alerts } = await json(request);
  response.end();
  for (const { group } of alerts) {
    const [form, rate] = group.service.split(" ");
    const key = `${form}, ${rate} a second`;
    if (!written.has(group.service)) continue;
    delays.set(key, [...(delays.get(key) ?? []), performance.now() - written.get(group.service)]);
    written.delete(group.service);
  }
});
await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${receiver.address().port}`;
const before = loadavg()[0];

const example = findExample("multi-region-monitor");
const stackFolder = await synthesize(example, join(folder, "out"), signal);
const rows = {};
for (const rate of values.rate.map(Number)) {
  // A separate cloud, so that the function starts cold.
  const clock = new SimulatedClock(Date.now());
  const cloud = await LocalCloud.deploy({ stackFolder, clock, variables: { oncallUrl: url } });
  const unfollow = clock.follow();
  const definition = join(folder, "monitors.json");
  writeFileSync(definition, writtenDefinition(cloud));
  const main = join(example.folder, "../../cli/main.js");
  const pulling = await MonitorProcess.start({ main, definition, cloud, url, signal });
  try {
    for (let second = 0; second < lines; second++) await writeSecond(cloud, rate, second);
    for (const started = performance.now(); written.size > 0 && performance.now() - started < LAST_MS;) await sleep(50);
    await pulling.end();
  } finally {
    pulling.kill();
    unfollow();
    await cloud.close();
  }
}
receiver.closeAllConnections();
receiver.close();
rmSync(folder, { recursive: true });

for (const [key, found] of delays) rows[key] = summary(found);
console.log(
  `${lines} matching lines each, ${cpus().length} x ${cpus()[0].model}, load ${before.toFixed(1)} to ${loadavg()[0].toFixed(1)}`,
);
console.table(rows);
if (written.size > 0) {
  console.error(`${written.size} lines were not told of: ${[...written.keys()].join("; ")}`);
  process.exitCode = 1;
}

/** Writes for one second: one matching line at some point in it, and other lines according to the rate. */
async function writeSecond(cloud, rate, second) {
  const writes = Math.min(WRITES_A_SECOND, rate);
  const began = performance.now();
  const at = Math.floor(Math.random() * writes);
  for (let write = 0; write < writes; write++) {
    const others = Array.from({ length: Math.ceil(rate / writes) - (write === at ? 1 : 0) }, () =>
      recordOf("shop", 200),
    );
    for (const [form, name] of Object.entries(FORMS)) {
      const service = `${form} ${rate} ${second}`;
      if (write === at) written.set(service, performance.now());
      await cloud.topic(name).put(write === at ? [...others, recordOf(service, 503)] : others);
    }
    await sleep(Math.max(0, began + ((write + 1) * 1000) / writes - performance.now()));
  }
}

function recordOf(service, status) {
  const contents = {
    service,
    method: "GET",
    path: "/orders",
    status: String(status),
    request_time: "0.021",
    message: "as usual",
  };
  return { time: Date.now(), contents };
}
