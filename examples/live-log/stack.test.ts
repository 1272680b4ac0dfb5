import { App, Testing } from "cdktf";
import { LogFunction } from "cdktf-tencent-logs";
import { expectStack } from "cdktf-tencent-logs/testing";
import { shop } from "./stack";

const stack = shop(Testing.app() as App);

it("has both functions log to one topic", () => {
  expectStack(stack).toHaveCount(LogFunction, 2);
  expectStack(stack).toHave("tencentcloud_cls_topic", { topic_name: "function-log", period: 7 });
});

it("gives the functions a reporter, which is told where to report", () => {
  for (const name of ["orders", "payments"]) {
    expectStack(stack).toHave(LogFunction, { name, environment: { LOGS_LIVE: expect.any(String) } });
  }
});

it("lets operators see the functions, and change nothing but who is watched", () => {
  expectStack(stack).toHaveNo("tencentcloud_cam_policy", { document: /scf:(Update|Delete|Invoke)/ });
});
