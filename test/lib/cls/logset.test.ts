import { Logset } from "../../../lib/cls/logset";
import { describeProp } from "../support/refused";
import { onlyResource, testStack, textToken } from "../support/stack";

describe("Logset", () => {
  it("has a name of its construct's path, and tags", () => {
    const stack = testStack();
    new Logset(stack, "Logset", { tags: { team: "web" } });
    expect(onlyResource(stack, "tencentcloud_cls_logset")).toEqual({
      logset_name: expect.stringMatching(/^logs-logset-[0-9a-f]{6}$/),
      tags: { team: "web" },
    });
  });

  it("keeps a user's text as it is", () => {
    const stack = testStack();
    new Logset(stack, "Logset", { logsetName: "logs of ${team}" });
    expect(onlyResource(stack, "tencentcloud_cls_logset").logset_name).toBe("logs of $${team}");
  });

  it("stands for one that exists already", () => {
    expect(Logset.fromLogsetId("logset-1")).toEqual({ logsetId: "logset-1" });
  });

  describeProp({
    prop: "logsetName",
    code: "LOGS_LOGSET_NAME",
    rule: "must have 1 to 255 characters and no |",
    build: (logsetName: string) => new Logset(testStack(), "Logset", { logsetName }),
    passes: ["日志", "x".repeat(255), textToken()],
    refused: ["", "a|b", "x".repeat(256)],
  });
});
