import { ClsEventSource, LogTopic, type ClsEventSourceProps } from "../../../lib";
import { TerraformVariable } from "cdktf";
import { Testing, type TerraformStack } from "../../../lib/framework";
import { describeProp } from "../support/refused";
import { codesOf, numberToken, planOf, testFunction, testStack, textToken } from "../support/stack";

const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1" });

/** Arguments of the stack's delivery, among its other kept values. */
function deliveryOf(stack: TerraformStack): Record<string, unknown> {
  const found = Object.values(planOf(stack).resource.terraform_data).filter(({ provisioner }) => provisioner);
  expect(found).toHaveLength(1);
  return found[0];
}

function deliver(props: ClsEventSourceProps = {}, stack = testStack()): Record<string, unknown> {
  testFunction(stack).addEventSource(new ClsEventSource(TOPIC, props));
  return deliveryOf(stack);
}

describe("ClsEventSource", () => {
  it("keeps what is delivered, and is made anew with each change of it", () => {
    const { input, triggers_replace } = deliver({ maxWaitSeconds: 5, maxMessages: 1000 });
    expect(input).toEqual({
      topicId: "topic-1",
      functionName: expect.stringMatching(/^\$\{tencentcloud_scf_function\.\w+\.name\}$/),
      namespace: "default",
      qualifier: "$LATEST",
      region: "ap-guangzhou",
      wait: 5,
      max: 1000,
      functionId: expect.stringMatching(/^\$\{tencentcloud_scf_function\.\w+\.function_id\}$/),
    });
    expect(triggers_replace).toEqual(input);
  });

  it("waits a minute and takes 100 records unless it is told otherwise", () => {
    expect(deliver().input).toMatchObject({ wait: 60, max: 100 });
  });

  it("runs a script of the stack's folder, whose path is text, with what is kept", () => {
    const script = /^node assets\/TencentLogsClsDelivery\/[0-9A-F]{16,}\/cls-delivery\.js /i.source;
    const environment = { CLS_DELIVERY: "${jsonencode(self.input)}" };
    const local = (when: string) => ({
      "local-exec": { when, command: expect.stringMatching(new RegExp(`${script}${when}$`, "i")), environment },
    });
    expect(deliver().provisioner).toEqual([local("create"), local("destroy")]);
  });

  it("is none where it is disabled, but stays in the plan, so that Terraform runs its destroy command", () => {
    expect(deliver({ enabled: false })).toMatchObject({
      count: 0,
      provisioner: [expect.anything(), expect.anything()],
    });
    expect(deliver({ enabled: true })).not.toHaveProperty("count");
  });

  it("shares the script among the sources of a stack", () => {
    const stack = testStack();
    for (const id of ["One", "Two"]) testFunction(stack, id).addEventSource(new ClsEventSource(TOPIC));
    const commands = JSON.stringify(planOf(stack)).match(/node assets\/\S+ create/g);
    expect(new Set(commands).size).toBe(1);
    expect(commands).toHaveLength(2);
  });

  it("passes the framework's validations", () => {
    const stack = testStack();
    testFunction(stack).addEventSource(new ClsEventSource(TOPIC));
    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  it("takes several topics, each once", () => {
    const target = testFunction(testStack());
    target.addEventSource(new ClsEventSource(TOPIC));
    target.addEventSource(new ClsEventSource(LogTopic.fromTopicAttributes({ topicId: "topic-2" })));
    expect(codesOf(() => target.addEventSource(new ClsEventSource(TOPIC)))).toEqual(["LOGS_CLS_DELIVERY_DUPLICATE"]);
  });

  it("tells topics apart whose ids the plan will know, by what they stand for", () => {
    const idsOf = (tokensBefore: number) => {
      const stack = testStack();
      for (let count = 0; count < tokensBefore; count++) textToken();
      const target = testFunction(stack);
      const variables = ["access", "audit"].map((id) => new TerraformVariable(stack, id, { type: "string" }));
      const sources = variables.map(({ stringValue: topicId }) => LogTopic.fromTopicAttributes({ topicId }));
      for (const topic of sources) target.addEventSource(new ClsEventSource(topic));
      const again = LogTopic.fromTopicAttributes({ topicId: variables[0].stringValue });
      expect(codesOf(() => target.addEventSource(new ClsEventSource(again)))).toEqual(["LOGS_CLS_DELIVERY_DUPLICATE"]);
      const deliveries = Object.entries(planOf(stack).resource.terraform_data).filter(([id]) => /ClsDelivery/.test(id));
      return Object.fromEntries(deliveries.map(([id, { input }]) => [id, (input as { topicId: string }).topicId]));
    };
    expect(Object.values(idsOf(0))).toEqual(["${var.access}", "${var.audit}"]);
    expect(idsOf(7)).toEqual(idsOf(0));
  });

  it("refuses the topic that the function logs to, or writes to", () => {
    const stack = testStack();
    const logging = testFunction(stack, "Logging", { logTopic: new LogTopic(stack, "Log") });
    expect(codesOf(() => logging.addEventSource(new ClsEventSource(logging.logTopic as LogTopic)))).toEqual([
      "LOGS_SELF_LOG",
    ]);
    const writing = testFunction(stack, "Writing");
    TOPIC.grantWrite(writing);
    expect(codesOf(() => writing.addEventSource(new ClsEventSource(TOPIC)))).toEqual(["LOGS_SELF_TOPIC"]);
  });

  it("refuses, at synth, a topic in another region", () => {
    const stack = testStack();
    const topic = LogTopic.fromTopicAttributes({ topicId: "t", region: "ap-beijing" });
    testFunction(stack).addEventSource(new ClsEventSource(topic));
    expect(() => Testing.synth(stack, true)).toThrow(/LOGS_REGION_DIFFERS/);
  });

  describeProp<number>({
    prop: "maxWaitSeconds",
    code: "LOGS_DELIVERY_WAIT",
    rule: "must be a whole number from 3 to 300 seconds",
    build: (maxWaitSeconds) => deliver({ maxWaitSeconds }),
    passes: [3, 300, numberToken()],
    refused: [2, 301, 3.5],
  });
  describeProp<number>({
    prop: "maxMessages",
    code: "LOGS_DELIVERY_MESSAGES",
    rule: "must be a whole number from 1 to 10000 records",
    build: (maxMessages) => deliver({ maxMessages }),
    passes: [1, 10_000],
    refused: [0, 10_001],
  });
});
