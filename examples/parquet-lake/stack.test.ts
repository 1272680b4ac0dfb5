import { App, Testing } from "cdktf";
import { expectStack, runPipeline } from "cdktf-tencent-logs/testing";
import { lines } from "./log";
import { parquetLake } from "./stack";

// The stack is deployed into a local cloud in this process: half a second, more on a busy machine.
jest.setTimeout(60_000);

const make = () => parquetLake(Testing.app() as App);

it("ships every fifteen minutes", () => {
  const stack = make();
  expectStack(stack).toHave("tencentcloud_cls_cos_shipper", { interval: 900 });
  expectStack(stack).toHaveCount("tencentcloud_cos_bucket", 2);
});

it("writes a Parquet file for each hour, in China's time, of a log file", async () => {
  const { objects, outputs, summaries } = await runPipeline(make(), {
    objects: { "2026/01/15/a.gz": [...lines()].join("\n") },
  });
  expect(summaries).toMatchObject([{ records: 3992, invalid: 8, outputs: { lake: { records: 3992, rest: 3992 } } }]);
  const files = Object.entries(objects.lake);
  expect(files.map(([key]) => key.slice(0, key.lastIndexOf("/")))).toEqual([
    "dt=2026-01-15/hour=16",
    "dt=2026-01-15/hour=17",
  ]);
  for (const [, bytes] of files)
    expect([0, -4].map((at) => Buffer.from(bytes).toString("latin1").substr(at, 4))).toEqual(["PAR1", "PAR1"]);
  expect(outputs.invalid).toHaveLength(8);
});

it("writes records without a time to a separate folder", async () => {
  const { objects } = await runPipeline(make(), { objects: { "2026/01/15/b.gz": '{"status":200}\n' } });
  expect(Object.keys(objects.lake)).toEqual([
    expect.stringMatching(/^dt=unknown\/hour=unknown\/b\.gz-\w+-00000-000\.parquet$/),
  ]);
});
