/**
 * Measures the time from writing a line to the receiver's answer over real Kafka brokers: `node
 * bench/monitor-delay-kafka.mjs --lines 100`, after `npm run build`; `npm run test:kafka` fetches the brokers.
 *
 * --lines N   matching lines, one per second (100)
 *
 * `tencent-logs monitor run` reads six partitions. Each matching line opens a separate group, so that each causes an
 * alert: claimed in the state, which is this process's memory, sent, answered.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { summary } from "./lib/delays.mjs";

const { Kafka, logLevel } = createRequire(import.meta.url)("kafkajs");
const { values } = parseArgs({ options: { lines: { type: "string", default: "100" } } });
const lines = Number(values.lines);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "monitor-delay-"));
const before = loadavg()[0];
const rows = {};

const written = new Map();
let delays = [];
const receiver = createServer(async (request, response) => {
  const { alerts } = await json(request);
  response.end();
  for (const { group } of alerts) {
    if (!written.has(group.service)) continue;
    delays.push(performance.now() - written.get(group.service));
    written.delete(group.service);
  }
});
await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));

for (const version of ["4.3.1", "1.1.1"]) {
  const serve = spawn(process.execPath, ["--import", "tsx", join(root, "test/kafka/serve.ts"), "0", version], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { value } = await createInterface({ input: serve.stdout })[Symbol.asyncIterator]().next();
  delays = [];
  await measure(JSON.parse(value));
  rows[`Kafka ${version}`] = summary(delays);
  serve.stdin.end();
  await new Promise((resolve) => serve.once("exit", resolve));
}
receiver.closeAllConnections();
receiver.close();
rmSync(folder, { recursive: true });
console.log(
  `${lines} lines, ${cpus().length} x ${cpus()[0].model}, load ${before.toFixed(1)} to ${loadavg()[0].toFixed(1)}`,
);
console.table(rows);

async function measure({ address, topic, username, password }) {
  const file = join(folder, "monitors.json");
  const definition = {
    monitors: [{ name: "Errors", match: { status: "^5\\d\\d$" }, group: ["service"], alert: { to: "oncall" } }],
    sources: { bench: { region: "ap-guangzhou", topic, logset: username, form: "pull" } },
    receivers: { oncall: { format: "json", url: { env: "ONCALL" } } },
    state: "memory",
  };
  writeFileSync(file, JSON.stringify(definition));
  const [secretId, secretKey] = password.split("#");
  const env = {
    PATH: process.env.PATH,
    ONCALL: `http://127.0.0.1:${receiver.address().port}`,
    TENCENTCLOUD_SECRET_ID: secretId,
    TENCENTCLOUD_SECRET_KEY: secretKey,
  };
  const command = [join(root, "dist/cli/main.js"), "monitor", "run", file, "--kafka", address];
  const running = spawn(process.execPath, command, { env, stdio: ["ignore", "ignore", "pipe"] });
  // Partitions are assigned: everything written from here on is read.
  for await (const line of createInterface({ input: running.stderr })) if (line.includes("reads partition")) break;
  running.stderr.resume();
  await sleep(2_000);
  const sasl = { mechanism: "plain", username, password };
  const producer = new Kafka({ brokers: [address], sasl, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  for (let n = 0; n < lines; n++) {
    written.set(`service-${n}`, performance.now());
    const value = JSON.stringify({ service: `service-${n}`, status: "503", path: "/orders" });
    await producer.send({ topic, messages: [{ value, partition: n % 6 }] });
    await sleep(1_000);
  }
  for (let waited = 0; written.size > 0 && waited < 30_000; waited += 100) await sleep(100);
  await producer.disconnect();
  running.kill("SIGTERM");
  await new Promise((resolve) => running.once("exit", resolve));
  if (written.size > 0) throw new Error(`each line must be told, got none of ${[...written.keys()].join(", ")}`);
}
