import { App, Testing } from "cdktf";
import { expectStack, runPipeline } from "cdktf-tencent-logs/testing";
import { lines } from "./log";
import { cosAccessLog } from "./stack";

// The stack is deployed into a local cloud in this process: half a second, more on a busy machine.
jest.setTimeout(60_000);

const make = () => cosAccessLog(Testing.app() as App);

/** Lines in the layout that COS documents. */
const [first] = lines();
const gone = first.replace(" 200 - - ", ' 404 NoSuchKey "The specified key does not exist." ');

it("has neither a topic nor a shipper", () => {
  const stack = make();
  expectStack(stack).toHaveCount("tencentcloud_cls_topic", 0);
  expectStack(stack).toHaveCount("tencentcloud_cls_cos_shipper", 0);
  expectStack(stack).toHaveCount("tencentcloud_scf_trigger", 1);
});

it("separates failures, parses numbers and times, and drops keys", async () => {
  const { outputs, summaries } = await runPipeline(make(), {
    objects: { "2026/01/15/1768464000_a_0": `${first}\n${gone}\n${first.slice(0, 100)}\n` },
  });
  expect(summaries).toMatchObject([{ objects: 1, lines: 3, records: 2, invalid: 1 }]);
  expect(outputs.requests).toMatchObject([
    { eventName: "GetObject", resHttpCode: 200, eventTime: Date.UTC(2026, 0, 15, 8), logSourceType: "USER" },
  ]);
  expect(outputs.failures).toMatchObject([{ resHttpCode: 404, resErrorMsg: "The specified key does not exist." }]);
  expect(outputs.invalid).toMatchObject([{ line: 3, reason: expect.stringContaining("not a record of cos-access") }]);
  expect(JSON.stringify(outputs.requests)).not.toContain("AKID");
});

it("reads the example's log, except the truncated line", async () => {
  const { outputs } = await runPipeline(make(), { objects: { log: [...lines()].join("\n") } });
  expect(outputs.requests.length + outputs.failures.length).toBe(2999);
  expect(outputs.invalid).toMatchObject([{ line: 1235 }]);
});
