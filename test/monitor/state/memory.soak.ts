import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** A day of 10,000 groups, in a process of its own whose memory is only that of the state. */
const SCRIPT = `
const { MemoryStore, Tracker } = require("./dist/monitor");
const MINUTE = 60_000;
const monitor = { name: "Errors", sources: ["gz"], group: ["service"], windowMs: 10 * MINUTE, maxGroups: 10_000,
  severity: "warning", labels: {}, routes: [{ to: ["oncall"] }], quiet: [], mute: [], sample: { around: 0, redact: [] } };
const file = { monitors: [monitor], sources: { gz: { topic: "t", region: "ap-guangzhou", form: "push", labels: {} } },
  receivers: {}, state: { type: "memory" } };
let now = Date.UTC(2026, 0, 1);
let alerts = 0;
// The state of COS is not this process's memory: only how much of it there is.
const store = new MemoryStore();
const tracker = new Tracker({ file, store, instance: "one", clock: () => now,
  sender: { send: async () => (alerts++, []) } });
const peaks = [];
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
    if (minute % 60 === 59) {
      global.gc();
      let bytes = 0;
      for await (const key of store.list("")) bytes += (await store.get(key)).length;
      peaks.push({ hour: (minute + 1) / 60, heapMb: process.memoryUsage().heapUsed / 1e6, rssMb: process.memoryUsage().rss / 1e6,
        storeMb: bytes / 1e6, objects: store.size, open: report.open });
    }
  }
  console.log(JSON.stringify({ peaks, alerts }));
})();
`;

interface Peak {
  readonly hour: number;
  readonly heapMb: number;
  readonly rssMb: number;
  readonly storeMb: number;
  readonly objects: number;
  readonly open: number;
}

describe("10,000 groups over a simulated day", () => {
  it("take memory that stays flat, under 150 MB without the store's own", () => {
    const root = join(__dirname, "../../..");
    const out = execFileSync(process.execPath, ["--expose-gc", "-e", SCRIPT], { cwd: root, maxBuffer: 1e8 }).toString();
    const { peaks, alerts } = JSON.parse(out) as { peaks: Peak[]; alerts: number };
    for (const { hour, heapMb, rssMb, storeMb, objects, open } of peaks) {
      const [heap, rss, stored] = [heapMb, rssMb, storeMb].map((mb) => mb.toFixed(0));
      console.info(
        `hour ${hour}: heap ${heap} MB, rss ${rss} MB, store ${stored} MB in ${objects} objects, ${open} groups open`,
      );
    }
    console.info(`${alerts} alerts`);
    const own = peaks.map(({ heapMb, storeMb }) => heapMb - storeMb);
    expect(Math.max(...own)).toBeLessThan(150);
    const [early, last] = [Math.max(...own.slice(8, 14)), Math.max(...own.slice(-4))];
    expect(last).toBeLessThan(early * 1.2 + 5);
  });
});
