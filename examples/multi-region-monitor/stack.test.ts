import { join } from "node:path";
import { App, Testing } from "cdktf";
import { LogMonitor } from "cdktf-tencent-logs";
import { expectStack, monitorCases } from "cdktf-tencent-logs/testing";
import { errorsMonitor } from "./stack";

const stack = errorsMonitor(Testing.app() as App);
const folder = join(Testing.fullSynth(stack), "stacks/logs");
const [monitor] = stack.node.findAll().filter((one): one is LogMonitor => one instanceof LogMonitor);

it("has a function for the pushed topic, and none for the pulled one", () => {
  expectStack(stack).toHaveCount("tencentcloud_scf_function", 2); // the other function runs the sweep
});

describe("the monitor", () => {
  test.each(monitorCases(join(folder, monitor.definitionPath), join(__dirname, "monitors.test.yaml")))(
    "%s",
    (_, check) => check(),
  );
});
