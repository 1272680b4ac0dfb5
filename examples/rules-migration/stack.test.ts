import { join } from "node:path";
import { App, Testing } from "cdktf";
import { DataTransform } from "cdktf-tencent-logs";
import { expectStack, ruleCases, runPipeline } from "cdktf-tencent-logs/testing";
import { migratedRules } from "./stack";

// The stack is deployed into a local cloud in this process, and its code bundled: half a second, more on a busy machine.
jest.setTimeout(60_000);

const make = () => migratedRules(Testing.app() as App);

describe("the rules", () => {
  test.each(ruleCases(join(__dirname, "rules/access.sls"), { outputs: ["requests", "errors", "archive"] }))(
    "%s",
    (_, check) => check(),
  );
});

describe("the pipeline", () => {
  it("runs in CLS what CLS supports", () => {
    expectStack(make()).toHaveCount(DataTransform, 1);
  });

  it("writes failures to a separate topic, and everything to the archive", async () => {
    const { outputs } = await runPipeline(make(), {
      input: [
        { path: "/api/orders/1", status: 200, request_time: 0.1, remote_addr: "203.0.113.7" },
        { path: "/api/orders/2", status: 502, request_time: 0.1, remote_addr: "203.0.113.8" },
      ],
    });
    expect(outputs.errors).toMatchObject([{ resource: "orders/2", outcome: "server", level: "error" }]);
    expect(outputs.requests).toMatchObject([{ resource: "orders/1", outcome: "ok" }]);
    expect(outputs.archive).toHaveLength(2);
  });
});
