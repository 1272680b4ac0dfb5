import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud } from "../../../local/cloud";
import type { Topic } from "../../../local/cls/topic";
import { environmentOf } from "../support/cli";
import { Running } from "../support/running";

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "monitor-run-"));
const running: Running[] = [];
let cloud: LocalCloud;
let topics: Topic[];
let stopClock: () => void;
let receiver: Server;
/** What the receiver was told, and whether it takes it. */
let told: { text: string }[] = [];
let isAway = false;
let isSilent = false;
let awayStatus = 503;
let asked = 0;

beforeEach(async () => {
  const clock = new SimulatedClock(Date.now());
  stopClock = clock.follow();
  cloud = await LocalCloud.start({ clock });
  topics = ["ap-guangzhou", "ap-singapore"].map((region) =>
    cloud.cls.createTopic("access", cloud.cls.createLogset("logs", region), region, { partitionCount: 2 }),
  );
  cloud.cos.createBucket("state-1250000000", "ap-guangzhou");
  told = [];
  isAway = false;
  isSilent = false;
  awayStatus = 503;
  asked = 0;
  receiver = createServer((request, response) => {
    asked++;
    if (isSilent) return;
    void buffer(request).then((body) => {
      if (!isAway) told.push({ text: body.toString() });
      response.writeHead(isAway ? awayStatus : 200).end("{}");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill()));
  receiver.closeAllConnections();
  receiver.close();
  stopClock();
  await cloud.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function define(more: object = {}, sources: Record<string, object> = {}): void {
  const [gz, sg] = topics.map(({ region, id, logsetId }) => ({ region, topic: id, logset: logsetId, form: "pull" }));
  const definition = {
    monitors: [{ name: "Errors", match: { status: "^5\\d\\d$" }, group: ["service"], alert: { to: "oncall" } }],
    sources: { gz, sg, ...sources },
    receivers: { oncall: { format: "json", url: { env: "ONCALL_URL" } } },
    state: { bucket: "state-1250000000", region: "ap-guangzhou", prefix: "monitor/" },
    ...more,
  };
  writeFileSync(join(folder, "errors.json"), JSON.stringify(definition));
}

function monitor(...args: string[]): Running {
  return monitorOn(false, ...args);
}

function monitorOn(isDiskFull: boolean, ...args: string[]): Running {
  const { port } = receiver.address() as AddressInfo;
  const env = { ...environmentOf(cloud), CLS_ENDPOINT: cloud.endpoint, ONCALL_URL: `http://127.0.0.1:${port}/alerts` };
  const run = new Running(["monitor", "run", "errors.json", ...args], env, folder, isDiskFull);
  running.push(run);
  return run;
}

const line = (service: string, status: number) => ({ time: Date.now(), contents: { service, status: String(status) } });

/** The kinds of the alerts that people got. */
function kinds(): string[] {
  return told.flatMap(({ text }) =>
    (JSON.parse(text) as { alerts: { kind: string }[] }).alerts.map(({ kind }) => kind),
  );
}

test("two regions and two processes: the first match of a group is told once, within seconds, and goes on where it was", async () => {
  define();
  const runs = [monitor(), monitor()];
  const urls = await Promise.all(runs.map((run) => run.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/)));
  await runs[0].until(async () => (await Promise.all(urls.map((url) => fetch(`${url}/ready`)))).every(({ ok }) => ok), "readiness"); // prettier-ignore
  for (let round = 0; round < 20; round++) {
    for (const topic of topics) await topic.put([line("orders", round % 2 === 0 ? 503 : 200), line("pay", 200)]);
  }
  await topics[1].put([line("pay", 500)]);
  await runs[0].until(() => told.length >= 2, "two alerts");
  const sum = async (name: RegExp): Promise<number> => {
    const texts = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
    return texts.flatMap((text) => [...text.matchAll(name)]).reduce((all, [, n]) => all + Number(n), 0);
  };
  await runs[0].until(async () => (await sum(/^tencent_logs_records_total\{.*\} (\d+)$/gm)) >= 81, "all records");
  expect(told).toHaveLength(2);
  expect(await sum(/^tencent_logs_matches_total\{monitor="Errors"\} (\d+)$/gm)).toBe(21);
  expect(await sum(/^tencent_logs_records_total\{.*\} (\d+)$/gm)).toBe(81);
  expect(await sum(/^tencent_logs_alerts_total\{.*outcome="taken"\} (\d+)$/gm)).toBe(2);
  const started = Date.now();
  expect(await Promise.all(runs.map((run) => run.stop()))).toEqual([0, 0]);
  expect(Date.now() - started).toBeLessThan(10_000);
  // CLS forgets who has left, without the wait for the end of the session.
  await cloud.clock.advance(6_100);

  await topics[0].put([line("users", 502)]);
  const again = monitor();
  await again.until(() => told.length >= 3, "what came meanwhile");
  expect(told[2]?.text).toContain("users");
});

test("a region that cannot be read is told loudly and stops no other; its monitor's people hear of it", async () => {
  define(
    {},
    {
      lost: {
        region: "ap-tokyo",
        topic: "11111111-0000-0000-0000-000000000000",
        logset: "00000000-0000-0000-0000-000000000000",
        form: "pull",
      },
    },
  );
  const run = monitor("--from", "begin");
  await topics[0].put([line("orders", 503)]);
  await run.said(/DOWN group .*lost: .*(LogsetNotExist|TopicNotExist)/);
  await run.until(() => told.length >= 2, "both alerts");
  expect(kinds().sort()).toEqual(["first", "unreadable"]);
  const url = await run.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/);
  const ready = await fetch(`${url}/ready`);
  expect([ready.status, await ready.text()]).toEqual([
    503,
    expect.stringMatching(/lost.* has not been read for \d+ s/),
  ]);
  expect((await fetch(`${url}/live`)).status).toBe(200);
  expect(await run.stop()).toBe(0);
});

test("nothing is committed before it is told or kept; a dry run prints, and tells nobody", async () => {
  define();
  await topics[0].put([line("orders", 503)]);
  const dry = monitor("--dry-run", "--from", "begin", "--group", "monitor-errors");
  await dry.until(() => dry.stdout.includes("service=orders"), "the print");
  expect(told).toEqual([]);
  expect(await dry.stop()).toBe(0);

  isAway = true;
  const run = monitor("--from", "begin");
  await run.until(() => asked > 0, "a try to tell");
  expect(committed()).toBe(0);
  isAway = false;
  await run.until(() => committed() === 1, "the position");
  expect(kinds()).toEqual(["first"]);
});

test("a receiver that gives no answer keeps no process from leaving within 10 s; the next one tells what it did not", async () => {
  define();
  await topics[0].put([line("orders", 503)]);
  isSilent = true;
  const run = monitor("--from", "begin");
  await run.until(() => asked > 0, "a try to tell");
  const started = Date.now();
  expect([0, 1]).toContain(await run.stop());
  expect(Date.now() - started).toBeLessThan(11_000);
  isSilent = false;
  await cloud.clock.advance(6_100);
  const next = monitor("--from", "begin");
  await next.until(() => kinds().includes("first"), "the alert", 50_000);
});

test("what a receiver refuses is kept in a folder, and told by the next process, although the state was its memory", async () => {
  define({ state: "memory" });
  await topics[0].put([line("orders", 503)]);
  [isAway, awayStatus] = [true, 400];
  const run = monitor("--from", "begin", "--quarantine", "kept");
  await run.until(() => readdirSync(folder).includes("kept"), "the folder");
  await run.until(() => committed() === 1, "the position");
  expect(await run.stop()).toBe(0);
  isAway = false;
  const next = monitor("--quarantine", "kept");
  await next.until(() => told.length === 1, "the alert");
  const [{ group, keptAt }] = (JSON.parse(told[0].text) as { alerts: [{ group: object; keptAt?: string }] }).alerts;
  expect([group, typeof keptAt]).toEqual([{ service: "orders" }, "string"]);
});

test("where the disk of the quarantine is full, nothing is committed, which is said, until the receiver takes it", async () => {
  define({ state: "memory" });
  await topics[0].put([line("orders", 503)]);
  [isAway, awayStatus] = [true, 400];
  const run = monitorOn(true, "--from", "begin", "--quarantine", "full");
  await run.said(/alert Errors\S* failed at receiver oncall: .* cannot be kept: EFBIG.*; it must be sent again/);
  await run.said(
    /gz: the batch at offset 0 of partition \d failed: alerts of a batch must be taken or kept .* retrying in/,
  );
  expect(committed()).toBe(0);
  const url = await run.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(
    /alerts_total\{monitor="Errors",kind="first",receiver="oncall",outcome="failed",code="\w+"\} [1-9]/,
  );
  isAway = false;
  await run.until(() => committed() === 1, "the position");
  expect(kinds()).toEqual(["first"]);
});

test("a filter of CLS's is asked of CLS, which answers with what it keeps", async () => {
  define();
  const [{ id, logsetId, region }, other] = topics;
  const gz = { region, topic: id, logset: logsetId, form: "pull", query: 'log_keep(op_eq(v("service"), "orders"))' };
  define({ sources: { gz, sg: { region: other.region, topic: other.id, logset: other.logsetId, form: "pull" } } });
  await topics[0].put([line("pay", 503), line("orders", 503), line("users", 503)]);
  const run = monitor("--from", "begin");
  const url = await run.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/);
  await run.until(() => told.length === 1, "the alert");
  expect(told[0].text).toContain("orders");
  // Records are counted once their batch is handled, which is after its alert.
  const isCounted = async () =>
    /records_total\{source="gz"[^}]*\} 1$/m.test(await (await fetch(`${url}/metrics`)).text());
  await run.until(isCounted, "the one record that CLS kept in the metrics");
});

/** Only Linux shows the arguments of all processes as files, in `/proc`. */
const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("neither a key nor a receiver's address stands in what ps shows", async () => {
  define();
  const run = monitor();
  await run.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/);
  const { TENCENTCLOUD_SECRET_KEY: key = "" } = environmentOf(cloud);
  const { port } = receiver.address() as AddressInfo;
  expect(key).not.toBe("");
  const shown = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf);
  expect(shown.some((text) => text.includes("errors.json"))).toBe(true);
  expect(shown.filter((text) => text.includes(key) || text.includes(`${port}/alerts`))).toEqual([]);
});

function commandLineOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/cmdline`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}

/** What the group has committed in the first topic. */
function committed(): number {
  const [{ id: topicId, logsetId }] = topics;
  const group = cloud.cls.consumerGroups.group(logsetId, "monitor-errors");
  return [1, 2].reduce((sum, partitionId) => sum + group.offsetOf({ topicId, partitionId }, "begin"), 0);
}

test("what cannot work is told before anything is read", async () => {
  define();
  const [one] = topics;
  define({ sources: { gz: { region: one.region, topic: one.id } } });
  const push = monitor();
  expect(await push.ended).toBe(2);
  expect(push.stderr).toMatch(/FILE must have a source with form: pull, got none/);
  define();
  const readable = monitor("--kafka", "203.0.113.7:9095");
  expect(await readable.ended).toBe(1);
  expect(readable.stderr).toMatch(/a broker must have a private address, got 203\.0\.113\.7: .*allowPlaintext: true\n/);
  define({ sources: { gz: { region: one.region, topic: one.id, form: "pull" } } });
  const bare = monitor();
  expect(await bare.ended).not.toBe(0);
  expect(bare.stderr).toMatch(/logset/);
  define({ sources: { gz: { region: one.region, topic: one.id, logset: one.logsetId, form: "pull", query: "log_drop()" } } }); // prettier-ignore
  const filtered = monitor("--kafka", "10.0.0.7:9095");
  expect(await filtered.ended).toBe(2);
  expect(filtered.stderr).toMatch(/sources\.gz\.query must be left out with --kafka, whose brokers do not filter/);
});
