import { App, Testing } from "cdktf";
import { expectStack, runPipeline } from "cdktf-tencent-logs/testing";
import { lines } from "./log";
import { enrichedLogs } from "./stack";

// The stack is deployed into a local cloud in this process, and its code bundled: half a second, more on a busy machine.
jest.setTimeout(60_000);

it("drops health checks, shortens addresses, and sends failures to a separate output", async () => {
  const { outputs, summaries } = await runPipeline(enrichedLogs(Testing.app() as App), {
    input: [
      { path: "/", status: 200, remote_addr: "203.0.113.77" },
      { path: "/api/orders", status: 502, remote_addr: "203.0.113.8" },
      { path: "/健康", status: 200, remote_addr: "203.0.113.9" },
    ],
  });
  expect(outputs.requests).toMatchObject([{ path: "/", remote_addr: "203.0.113.0" }]);
  expect(outputs.errors).toMatchObject([{ path: "/api/orders", status: "502", remote_addr: "203.0.113.0" }]);
  expect(summaries).toMatchObject([{ records: 3, dropped: 1 }]);
});

it("masks personal data in every field, and in invalid lines", async () => {
  const { outputs, summaries } = await runPipeline(enrichedLogs(Testing.app() as App), {
    objects: {
      "a.gz": '{"path":"/login?phone=13800138000","status":200,"user":"ann@example.com"}\nbroken 13800138000\n',
    },
  });
  expect(outputs.requests).toEqual([{ path: "/login?phone=[phone]", status: 200, user: "[email]" }]);
  expect(outputs.invalid).toMatchObject([{ text: "broken [phone]" }]);
  expect(summaries).toMatchObject([{ redacted: { email: 1, phone: 2 } }]);
});

it("keeps one in four traces of the example's log, complete", async () => {
  const { outputs, summaries } = await runPipeline(enrichedLogs(Testing.app() as App), {
    objects: { "log.gz": [...lines()].join("\n") },
  });
  const [{ records, sampled = 0, dropped }] = summaries;
  const kept = [...outputs.requests, ...outputs.errors];
  expect(kept.length).toBe(records - sampled - dropped);
  const traces = new Set(kept.map(({ trace_id: trace }) => trace));
  // Of 1,250 traces.
  expect(traces.size).toBeGreaterThan(250);
  expect(traces.size).toBeLessThan(375);
  expect(JSON.stringify(outputs)).not.toContain("13800138000");
});

it("has a dashboard of its function's summaries", () => {
  expectStack(enrichedLogs(Testing.app() as App)).toHaveCount("tencentcloud_cls_dashboard", 1);
});
