import { gzipSync } from "node:zlib";
import {
  CosBatchPipeline,
  type CosBatchPipelineProps,
  CosOutput,
  LogBucket,
  LogContent,
  LogRules,
  LogTopic,
} from "../../../lib";
import { runPipeline } from "../../../lib/testing";
import { toGbk } from "../../functions/support/gbk";
import { ZSTD } from "../../functions/support/zstd";
import { testStack } from "../support/stack";

jest.setTimeout(60_000);

const APP_ID = "1250000000";
const RULES = 'e_set("seen", "yes")';

/** What the function of a synthesized pipeline makes of objects in the local cloud. */
function run(
  content: LogContent,
  objects: Record<string, string | Uint8Array>,
  more: Partial<CosBatchPipelineProps> = {},
  input: readonly Record<string, string>[] = [],
) {
  const stack = testStack();
  const lake = new LogBucket(stack, "Lake", { bucketName: "lake", appId: APP_ID });
  const pipeline = new CosBatchPipeline(stack, "Batch", {
    topic: new LogTopic(stack, "Topic"),
    appId: APP_ID,
    content,
    ...more,
    rules: LogRules.fromText(RULES),
    outputs: { main: new CosOutput(lake, { prefix: "main/" }), invalid: new CosOutput(lake, { prefix: "invalid/" }) },
  });
  return runPipeline(pipeline, { objects, input: [...input] });
}

describe("a synthesized CosBatchPipeline reads", () => {
  it("CSV of marks and line ends of its own", async () => {
    const content = LogContent.csv({ delimiter: ";", escape: "\\", comment: "#", skipLines: 1 });
    const { outputs, notes, summaries } = await run(content, {
      "a.csv.gz": 'sep=;\r# made by hand\rtime;msg\r1;"a\\";b"\r2\r3;c\r',
      "b.csv.gz": "sep=;\ntime,msg\n1,2\n",
    });
    expect(outputs.main).toEqual([
      { time: "1", msg: 'a";b', seen: "yes" },
      { time: "3", msg: "c", seen: "yes" },
    ]);
    expect(outputs.invalid).toMatchObject([{ reason: "not a CSV record", line: 5, text: "2" }]);
    expect(summaries.map(({ records, invalid, quarantined }) => [records, invalid, quarantined]).sort()).toEqual([
      [0, 0, 1],
      [2, 1, 0],
    ]);
    expect(Object.values(notes)).toMatchObject([{ reason: { kind: "permanent", code: "CSV_HEADER" } }]);
  });

  it("text in GBK, at the places of its UTF-8, and names it where nobody said so", async () => {
    const text = '{"msg":"登录失败"}\n{"msg":"连接超时，请重试"}\n';
    const told = await run(LogContent.jsonLines({ encoding: "gbk" }), { "a.gz": gzipSync(toGbk(text)) });
    expect(told.outputs.main).toEqual([
      { msg: "登录失败", seen: "yes" },
      { msg: "连接超时，请重试", seen: "yes" },
    ]);
    const { outputs, summaries, log } = await run(LogContent.jsonLines(), { "a.gz": gzipSync(toGbk(text)) });
    expect(outputs.main).toHaveLength(2);
    expect(summaries).toMatchObject([{ records: 2, invalidUtf8: 2, looksLike: "gbk" }]);
    expect(log.join("\n")).toContain('set content\'s encoding to "gbk"');
  });

  it("text in UTF-16, and leaves a note that names it where nobody said so", async () => {
    const object = { "a.csv.gz": gzipSync(Buffer.from("\ufefftime,msg\r\n1,失败\r\n", "utf16le")) };
    const told = await run(LogContent.csv({ encoding: "utf-16le" }), object);
    expect(told.outputs.main).toEqual([{ time: "1", msg: "失败", seen: "yes" }]);
    const { notes } = await run(LogContent.csv(), object);
    expect(Object.values(notes)).toMatchObject([
      { reason: { code: "WRONG_CONTENT", message: expect.stringContaining('encoding to "utf-16le"') as string } },
    ]);
  });

  it("JSON that is wrapped and printed over several lines, with the place of each record", async () => {
    const events = [{ eventName: "DescribeInstances" }, { eventName: "登录" }];
    const text = JSON.stringify({ next: null, Records: [...events, 7] }, undefined, 2);
    const { outputs, summaries } = await run(LogContent.json({ expand: "Records" }), { "a.json.gz": text });
    expect(outputs.main).toEqual(events.map((event) => ({ ...event, seen: "yes" })));
    expect(outputs.invalid).toMatchObject([{ line: 3, byte: Buffer.from(text).indexOf("7\n"), text: "7" }]);
    expect(summaries).toMatchObject([{ lines: 3, records: 2, invalid: 1 }]);
  });

  it("JSON that breaks off up to there, and leaves a note", async () => {
    const { outputs, notes } = await run(LogContent.json(), { "a.json.gz": '[{"a":1},{"a":2},{"a"' });
    expect(outputs.main.map(({ a }) => a)).toEqual([1, 2]);
    expect(Object.values(notes)).toMatchObject([{ reason: { kind: "permanent", code: "JSON_TRUNCATED" } }]);
  });

  it("zstd where compressions asks for it, and leaves a note with that remedy where it does not", async () => {
    const objects = { "a.gz": ZSTD };
    const { outputs } = await run(LogContent.jsonLines(), objects, { compressions: ["zstd"] });
    expect(outputs.main).toHaveLength(40);
    expect(outputs.main[39]).toEqual({ n: 39, msg: "登录失败", seen: "yes" });
    const { notes } = await run(LogContent.jsonLines(), objects);
    expect(Object.values(notes)).toMatchObject([
      { reason: { code: "WRONG_CONTENT", message: expect.stringContaining('set compressions to ["zstd"]') as string } },
    ]);
  });

  it("what its shipper packs with snappy", async () => {
    const input = [{ status: "200" }, { status: "503" }];
    const { outputs, summaries } = await run(
      LogContent.jsonLines(),
      {},
      { shipping: { compression: "snappy" } },
      input,
    );
    expect(outputs.main.map(({ status }) => status)).toEqual(["200", "503"]);
    expect(summaries).toMatchObject([{ records: 2, invalid: 0 }]);
  });
});
