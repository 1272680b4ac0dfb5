import { TerraformVariable } from "cdktf";
import { FunctionCode, TimerEventSource } from "../../../lib";
import { describeProp } from "../support/refused";
import { codesOf, onlyResource, testFunction, testStack, textToken, violationsOf } from "../support/stack";

const CRON = "0 */5 * * * * *";

describe("TimerEventSource", () => {
  it("gives SCF the seven fields as they are", () => {
    const stack = testStack();
    testFunction(stack).addEventSource(new TimerEventSource({ cron: CRON, message: "${x}" }));
    expect(onlyResource(stack, "tencentcloud_scf_trigger")).toMatchObject({
      type: "timer",
      trigger_name: "timer",
      trigger_desc: CRON,
      custom_argument: "$${x}",
      enable: "OPEN",
      qualifier: "$DEFAULT",
      lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\.[\w-]+\.output$/)] },
    });
  });

  it("can stand still", () => {
    const stack = testStack();
    testFunction(stack).addEventSource(new TimerEventSource({ cron: CRON, enabled: false }));
    expect(onlyResource(stack, "tencentcloud_scf_trigger").enable).toBe("CLOSE");
  });

  it("may stand still as only the plan knows", () => {
    const stack = testStack();
    const enabled = new TerraformVariable(stack, "on", { type: "bool" }).value as boolean;
    testFunction(stack).addEventSource(new TimerEventSource({ cron: CRON, enabled }));
    expect(onlyResource(stack, "tencentcloud_scf_trigger").enable).toBe('${var.on ? "OPEN" : "CLOSE"}');
  });

  it("is no event of the package's handlers: LOGS_EVENT_SOURCE", () => {
    const target = testFunction(testStack(), "Worker", { code: FunctionCode.prebuilt("cos-batch") });
    expect(violationsOf(() => target.addEventSource(new TimerEventSource({ cron: CRON })))).toEqual([
      [
        "LOGS_EVENT_SOURCE",
        'event source must fit the function\'s handler, got a timer for "cos-batch"; use a function of your own',
      ],
    ]);
  });

  it("wants a name of its own", () => {
    const target = testFunction(testStack());
    target.addEventSource(new TimerEventSource({ cron: CRON }));
    target.addEventSource(new TimerEventSource({ cron: CRON, triggerName: "other" }));
    expect(codesOf(() => target.addEventSource(new TimerEventSource({ cron: CRON })))).toEqual([
      "LOGS_TIMER_DUPLICATE",
    ]);
  });

  describeProp<string>({
    prop: "cron",
    code: "LOGS_TIMER_CRON",
    rule: "must have seven fields",
    build: (cron) => testFunction(testStack()).addEventSource(new TimerEventSource({ cron })),
    passes: [CRON, "0 0,30 8-18/2 1 JAN-JUN MON-FRI 2030", textToken()],
    refused: ["", "*/5 * * * *", "0  * * * * * *", "60 * * * * * *", "0 0 0 31 FEB,APR * *"],
  });
  describeProp<string>({
    prop: "triggerName",
    code: "LOGS_TIMER_NAME",
    rule: "must have 1 to 100",
    build: (triggerName) => testFunction(testStack()).addEventSource(new TimerEventSource({ cron: CRON, triggerName })),
    passes: ["a", "every-5_minutes"],
    refused: ["a b", "x".repeat(101)],
  });
});
