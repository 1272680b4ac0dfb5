import { Testing } from "cdktf";
import { LogTopic } from "cdktf-tencent-logs";
import { expectStack, monitorCases, planSerializer, ruleCases, runPipeline } from "cdktf-tencent-logs/testing";
import { describe, expect, it, test } from "vitest";
import { LogStack } from "./log-stack";

expect.addSnapshotSerializer(planSerializer);

const makeStack = () => new LogStack(Testing.app(), "logs", { region: "ap-guangzhou" });

describe("the rules", () => {
  test.each(ruleCases("rules/access.sls"))("%s", (_, check) => check());
});

describe("the monitor", () => {
  test.each(monitorCases("monitors.yaml"))("%s", (_, check) => check());
});

it("tells what a case makes otherwise", async () => {
  const [[name, check]] = ruleCases("wrong.yaml");
  expect(name).toBe("is wrong");
  await expect(check()).rejects.toThrow(/level/);
});

it("compares arguments with matchers of Vitest", () => {
  expectStack(makeStack()).toHave(LogTopic, { topic_name: expect.stringContaining("err") });
});

it("runs the pipeline", async () => {
  const { outputs } = await runPipeline(makeStack(), { input: [{ status: 503, path: "/pay" }] });
  expect(outputs.errors).toMatchObject([{ status: "503", level: "error" }]);
}, 120_000);

it("keeps the plan", () => {
  expect(Testing.synth(makeStack())).toMatchSnapshot();
});
