import { App, Testing } from "cdktf";
import { LogBucket } from "cdktf-tencent-logs";
import { expectStack, runPipeline } from "cdktf-tencent-logs/testing";
import { accessStream } from "./stack";

// The stack is deployed into a local cloud in this process, and its code bundled: half a second, more on a busy machine.
jest.setTimeout(60_000);

const make = () => accessStream(Testing.app() as App);

it("has one bucket, which is private", () => {
  expectStack(make()).toHaveCount(LogBucket, 1, { acl: "private" });
});

it("writes each record to COS", async () => {
  const { outputs } = await runPipeline(make(), {
    input: [
      { path: "/", status: 200 },
      { path: "/login", status: 304 },
    ],
  });
  expect(outputs.records).toMatchObject([
    { path: "/", status: "200" },
    { path: "/login", status: "304" },
  ]);
  expect(outputs.invalid).toEqual([]);
});
