import { App, Testing } from "cdktf";
import { CosBatchPipeline, LogTopic } from "cdktf-tencent-logs";
import { expectStack, runPipeline } from "cdktf-tencent-logs/testing";
import { accessLogBatch } from "./stack";

// The stack is deployed into a local cloud in this process, and its code bundled: half a second, more on a busy machine.
jest.setTimeout(60_000);

const make = () => accessLogBatch(Testing.app() as App);

it("keeps records for a week, and ships them every five minutes", () => {
  const stack = make();
  expectStack(stack).toHave(LogTopic, { topic_name: "access", period: 7 });
  expectStack(stack).toHave("tencentcloud_cls_cos_shipper", { interval: 300 });
  expect(stack.node.findAll().filter((one) => one instanceof CosBatchPipeline)).toHaveLength(1);
});

it("counts records and invalid lines", async () => {
  const { summaries, notes } = await runPipeline(make(), {
    objects: { "2026/01/15/08/a.gz": '{"status":200}\n{"status":500}\nnginx: worker process is shutting down\n' },
  });
  expect(summaries).toMatchObject([{ objects: 1, lines: 3, records: 2, invalid: 1 }]);
  expect(notes).toEqual({});
});

it("leaves a note about a file that cannot be read", async () => {
  const { notes } = await runPipeline(make(), { objects: { "2026/01/15/08/b.gz": Buffer.from("no gzip at all") } });
  expect(Object.keys(notes)).toEqual([expect.stringContaining("b.gz.json")]);
});
