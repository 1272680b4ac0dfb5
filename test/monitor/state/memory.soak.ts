import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Objects in a process of their own, as they are in COS: each message is a call of a method of the store. */
const STORE = `
const { MemoryStore } = require("./dist/monitor");
const store = new MemoryStore();
process.on("message", async ({ id, method, args }) => {
  if (method === "list") {
    const keys = [];
    for await (const key of store.list(...args)) keys.push(key);
    process.send({ id, value: keys });
  } else process.send({ id, value: method === "size" ? store.size : await store[method](...args) });
});
process.on("disconnect", () => process.exit());
`;

/** A day of 10,000 groups, in a process of its own whose memory is only that of the state. */
const DAY = `
const { spawn } = require("node:child_process");
const { Tracker } = require("./dist/monitor");

const child = spawn(process.execPath, ["-e", process.env.STORE], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
const waiting = new Map();
child.on("message", ({ id, value }) => { waiting.get(id)(value); waiting.delete(id); });
let calls = 0;
const call = (method, ...args) => new Promise((resolve) => {
  const id = calls++;
  waiting.set(id, resolve);
  child.send({ id, method, args });
});
const store = {
  create: (key, body) => call("create", key, body),
  put: (key, body) => call("put", key, body),
  get: (key) => call("get", key),
  remove: (key) => call("remove", key),
  list: async function* (prefix) { yield* await call("list", prefix); },
};

const MINUTE = 60_000;
const monitor = { name: "Errors", sources: ["gz"], group: ["service"], windowMs: 10 * MINUTE, maxGroups: 10_000,
  severity: "warning", labels: {}, routes: [{ to: ["oncall"] }], quiet: [], mute: [], sample: { around: 0, redact: [] } };
const file = { monitors: [monitor], sources: { gz: { topic: "t", region: "ap-guangzhou", form: "push", labels: {} } },
  receivers: {}, state: { type: "memory" } };
let now = Date.UTC(2026, 0, 1);
let alerts = 0;
const tracker = new Tracker({ file, store, instance: "one", clock: () => now,
  sender: { send: async () => (alerts++, []) } });
const peaks = [];
let rss = 0;
(async () => {
  for (let minute = 0; minute < 24 * 60; minute++) {
    now += MINUTE;
    const groups = [];
    for (let at = 0; at < 1_000; at++) {
      // Each of 10,000 groups each 10 minutes, and a tenth of them rests for an hour now and then.
      const group = (minute % 10) * 1_000 + at;
      if (at % 10 === Math.floor(minute / 60) % 10) continue;
      groups.push({ monitor: "Errors", group: ["service-" + group], count: 3, firstAt: now, lastAt: now, seconds: [],
        sample: { at: now, fields: [["service", "service-" + group], ["line", "x".repeat(200)]], around: [] } });
    }
    await tracker.take({ source: { name: "gz", topic: "t", region: "ap-guangzhou" }, position: "p" + minute, arrivedAt: now, groups });
    const report = await tracker.sweep();
    rss = Math.max(rss, process.memoryUsage().rss);
    if (minute % 60 === 59) {
      global.gc();
      const peak = { hour: (minute + 1) / 60, heapMb: process.memoryUsage().heapUsed / 1e6, rssMb: rss / 1e6,
        objects: await call("size"), open: report.open };
      console.error(JSON.stringify(peak));
      peaks.push(peak);
      rss = 0;
    }
  }
  console.log(JSON.stringify({ peaks, alerts }));
  child.disconnect();
})();
`;

/**
 * As docs/monitor-operations.md has it run. Left to itself Node collects late: three times as much of what it holds is then
 * nobody's any more.
 */
const LIMITS = ["--max-semi-space-size=4", "--max-old-space-size=64"];
const MALLOC = { MALLOC_ARENA_MAX: "2" };

/** The hour's worst, but for the heap, which is what is left of it at its end. */
interface Peak {
  readonly hour: number;
  readonly heapMb: number;
  readonly rssMb: number;
  readonly objects: number;
  readonly open: number;
}

describe("10,000 groups over a simulated day", () => {
  it("take memory that stays flat, under 150 MB", () => {
    const root = join(__dirname, "../../..");
    const options = { cwd: root, env: { ...process.env, ...MALLOC, STORE }, maxBuffer: 1e8 };
    const out = execFileSync(process.execPath, ["--expose-gc", ...LIMITS, "-e", DAY], options).toString();
    const { peaks, alerts } = JSON.parse(out) as { peaks: Peak[]; alerts: number };
    for (const { hour, heapMb, rssMb, objects, open } of peaks) {
      const [heap, rss] = [heapMb, rssMb].map((mb) => mb.toFixed(0));
      console.info(`hour ${hour}: heap ${heap} MB, rss ${rss} MB, ${objects} objects, ${open} groups open`);
    }
    console.info(`${alerts} alerts`);
    expect(peaks).toHaveLength(24);
    expect(Math.max(...peaks.map(({ rssMb }) => rssMb))).toBeLessThan(150);
    const [early, last] = [peaks.slice(8, 14), peaks.slice(-4)].map((some) =>
      Math.max(...some.map(({ heapMb }) => heapMb)),
    );
    expect(last).toBeLessThan(early * 1.2 + 5);
  });
});
