import { CosBatchPipeline, CosOutput, LogBucket, LogContent, LogRules, LogTopic } from "../../../lib";
import { runPipeline } from "../../../lib/testing";
import { testStack } from "../support/stack";

jest.setTimeout(60_000);

const APP_ID = "1250000000";
const RULES = 'e_set("seen", "yes")';

/** What the function of a synthesized pipeline makes of objects in the local cloud. */
function run(content: LogContent, objects: Record<string, string | Uint8Array>) {
  const stack = testStack();
  const lake = new LogBucket(stack, "Lake", { bucketName: "lake", appId: APP_ID });
  const pipeline = new CosBatchPipeline(stack, "Batch", {
    topic: new LogTopic(stack, "Topic"),
    appId: APP_ID,
    content,
    rules: LogRules.fromText(RULES),
    outputs: { main: new CosOutput(lake, { prefix: "main/" }), invalid: new CosOutput(lake, { prefix: "invalid/" }) },
  });
  return runPipeline(pipeline, { objects });
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
    expect(summaries).toMatchObject([{ records: 2, invalid: 1, quarantined: 0 }, { quarantined: 1 }]);
    expect(Object.values(notes)).toMatchObject([{ reason: { kind: "permanent", code: "CSV_HEADER" } }]);
  });
});
