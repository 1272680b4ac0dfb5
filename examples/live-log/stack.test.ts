import { App, Testing } from "cdktf";
import { LogFunction } from "cdktf-tencent-logs";
import { expectStack } from "cdktf-tencent-logs/testing";
import { shop } from "./stack";

const stack = shop(Testing.app() as App);

it("has both functions log to one topic", () => {
  expectStack(stack).toHaveCount(LogFunction, 2);
  expectStack(stack).toHave("tencentcloud_cls_topic", { topic_name: "function-log", period: 7 });
});

it("configures the reporter of both functions", () => {
  for (const name of ["orders", "payments"]) {
    expectStack(stack).toHave(LogFunction, { name, environment: { LOGS_LIVE: expect.any(String) } });
  }
});

it("lets operators tail the functions, but not change or invoke them", () => {
  expectStack(stack).toHaveNo("tencentcloud_cam_policy", { document: /scf:(Update|Delete|Invoke)/ });
});
