import { App, Testing } from "cdktf";
import { runPipeline } from "cdktf-tencent-logs/testing";
import { enrichedLogs } from "./stack";

// The stack is deployed into a local cloud in this process, and its code bundled: half a second, more on a busy machine.
jest.setTimeout(60_000);

it("drops health checks, shortens addresses, and sends failures to an output of their own", async () => {
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
