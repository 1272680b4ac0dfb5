import { clsTopic } from "@cdktf/provider-tencentcloud";
import { ClsStreamPipeline, LogBucket, LogTopic } from "../../../lib";
import { expectStack } from "../../../lib/testing";
import { testStack } from "../support/stack";

const APP_ID = "1250000000";

function stackOfTwo() {
  const stack = testStack();
  const topic = new LogTopic(stack, "Access", { retentionDays: 7, tags: { team: "web" } });
  new LogTopic(stack, "Audit", { retentionDays: 90 });
  new ClsStreamPipeline(stack, "Stream", { topic, appId: APP_ID });
  return stack;
}

describe("expectStack", () => {
  const expectation = expectStack(stackOfTwo());

  it("takes a construct, a class of the bindings, and a type", () => {
    for (const what of [LogTopic, clsTopic.ClsTopic, "tencentcloud_cls_topic"]) {
      expectation.toHave(what);
      expectation.toHave(what, { period: 7, tags: { team: "web" } });
      expectation.toHaveCount(what, 2);
      expectation.toHaveNo(what, { period: 8 });
    }
  });

  it("looks into lists, blocks and JSON texts, and takes patterns and matchers", () => {
    expectation.toHave(LogTopic, { topic_name: /access/ });
    expectation.toHave(LogTopic, { topic_name: expect.stringContaining("audit") as string });
    expectation.toHave("tencentcloud_cam_role", {
      document: {
        statement: [{ action: ["name/sts:AssumeRole"], effect: "allow", principal: expect.anything() as object }],
      },
    });
    expectation.toHave(LogBucket, { lifecycle_rules: [{ expiration: { days: 90 } }] });
  });

  const failing = (act: () => void): string => {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("shows what is there in place of what is expected", () => {
    expect(failing(() => expectation.toHave(LogTopic, { period: 30, describes: "x" }))).toBe(
      'logs must have at least one LogTopic with {"period":30,"describes":"x"}, got none of 2:\n' +
        '  logs/Access/Resource: {"period":7,"describes":"<not set>"}\n' +
        '  logs/Audit/Resource: {"period":90,"describes":"<not set>"}',
    );
    expect(failing(() => expectation.toHaveCount(LogTopic, 1))).toBe(
      "logs must have exactly 1 LogTopic, got 2 of 2:\n  logs/Access/Resource\n  logs/Audit/Resource",
    );
    expect(failing(() => expectation.toHaveNo("tencentcloud_cls_topic", { period: 7 }))).toMatch(
      /^logs must have no tencentcloud_cls_topic with \{"period":7\}, got 1 of 2:/,
    );
    expect(failing(() => expectation.toHave("tencentcloud_cls_alarm"))).toMatch(
      /^logs must have at least one tencentcloud_cls_alarm, got none\.\nThere is no tencentcloud_cls_alarm\. The stack holds: tencentcloud_cam_policy, /,
    );
  });
});
