import { gzipSync } from "node:zlib";
import {
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogContent,
  LogProcessor,
  LogRules,
  LogTopic,
  type PipelineProps,
  Redact,
  RuleTransform,
  ClsOutput,
} from "../../../lib";
import { runPipeline } from "../../../lib/testing";
import { codesOf, testStack, violationsOf } from "../support/stack";

jest.setTimeout(60_000);

const APP_ID = "1250000000";
const ALL = [Redact.phone(), Redact.idCard(), Redact.email(), Redact.bankCard(), Redact.tencentKeys()];

function batchOf(props: Partial<PipelineProps> & { readonly content?: LogContent } = {}): CosBatchPipeline {
  const stack = testStack();
  const lake = new LogBucket(stack, "Lake", { bucketName: "lake", appId: APP_ID });
  return new CosBatchPipeline(stack, "Batch", {
    topic: new LogTopic(stack, "Topic"),
    appId: APP_ID,
    outputs: { main: new CosOutput(lake, { prefix: "main/" }), invalid: new CosOutput(lake, { prefix: "invalid/" }) },
    ...props,
  });
}

describe("redact of a synthesized pipeline", () => {
  it("masks what goes to each output: records as they are, what rules make of them, and lines that are none", async () => {
    const rules = LogRules.fromText(
      'e_set("copy", v("user"))\ne_if(e_match("fail", "yes"), e_set("number", ct_int(v("user"))))',
    );
    const lines = [
      '{"user":"13800138000","n":13900139000}',
      '{"fail":"yes","user":"x13800138000"}',
      "broken a@b.cn",
      '{"a":"b"}',
    ];
    const { outputs, summaries } = await runPipeline(
      batchOf({ rules, redact: [...ALL, Redact.pattern("word", /b$/)] }),
      {
        objects: { "a.gz": gzipSync(lines.join("\n")) },
      },
    );
    expect(outputs.main).toEqual([{ user: "[phone]", n: "[phone]", copy: "[phone]" }, { a: "[word]" }]);
    expect(outputs.invalid).toMatchObject([{ text: '{"fail":"yes","user":"x[phone]"}' }, { text: "broken [email]" }]);
    expect(JSON.stringify(outputs)).not.toMatch(/1380013|a@b/);
    expect(summaries).toMatchObject([{ records: 3, invalid: 1, failed: 1, redacted: { email: 1, word: 1 } }]);
    expect(summaries[0]?.redacted?.phone).toBeGreaterThanOrEqual(4);
  });

  it("masks rows of CSV, and of text", async () => {
    const csv = await runPipeline(batchOf({ content: LogContent.csv(), redact: ALL }), {
      objects: { "a.csv.gz": "who,card\n13800138000,6222 0212 3456 7890 128\n" },
    });
    expect(csv.outputs.main).toEqual([{ who: "[phone]", card: "[bankCard]" }]);
    const text = await runPipeline(batchOf({ content: LogContent.lines(), redact: ALL }), {
      objects: { "a.gz": "call 13800138000\n" },
    });
    expect(text.outputs.main).toEqual([{ __CONTENT__: "call [phone]" }]);
  });

  it("masks in a stream, and leaves nothing else in the log of the function", async () => {
    const stack = testStack();
    const lake = new LogBucket(stack, "Lake", { bucketName: "lake", appId: APP_ID });
    const pipeline = new ClsStreamPipeline(stack, "Stream", {
      topic: new LogTopic(stack, "Topic"),
      appId: APP_ID,
      outputs: { main: new CosOutput(lake, { prefix: "main/" }) },
      redact: ALL,
      sample: { keep: 0.5, by: "trace_id" },
    });
    const input = Array.from({ length: 40 }, (_, at) => ({ trace_id: `t${at % 20}`, user: "13800138000" }));
    const { outputs, log, summaries } = await runPipeline(pipeline, { input });
    const kept = (outputs.main ?? []) as { trace_id: string; user: string }[];
    expect(kept.every(({ user }) => user === "[phone]")).toBe(true);
    // Both records of a value, or none of them.
    const byTrace = new Map<string, number>();
    for (const { trace_id: trace } of kept) byTrace.set(trace, (byTrace.get(trace) ?? 0) + 1);
    expect(new Set(byTrace.values())).toEqual(new Set([2]));
    expect(byTrace.size).toBeGreaterThan(4);
    expect(byTrace.size).toBeLessThan(16);
    const sum = (name: "records" | "sampled") => summaries.reduce((total, one) => total + (one[name] ?? 0), 0);
    expect([sum("records"), sum("sampled")]).toEqual([40, 40 - kept.length]);
    expect(log.join("\n")).not.toContain("13800138000");
  });

  it("changes no plan where it is not asked for", () => {
    const settings = JSON.stringify(batchOf().function.resource.environmentInput);
    expect(settings).not.toMatch(/redact|sample/);
  });
});

describe("redact and sample are refused", () => {
  it.each<[string, () => unknown, string[]]>([
    ["a kind twice", () => batchOf({ redact: [Redact.phone(), Redact.phone()] }), ["LOGS_REDACT_NAME"]],
    [
      "a pattern named as a kind",
      () => batchOf({ redact: [Redact.phone(), Redact.pattern("phone", /a/)] }),
      ["LOGS_REDACT_NAME"],
    ],
    ["a share of nothing", () => batchOf({ sample: { keep: 0, by: "a" } }), ["LOGS_SAMPLE"]],
    ["a share of more than all", () => batchOf({ sample: { keep: 10, by: "a" } }), ["LOGS_SAMPLE"]],
    [
      "without outputs",
      () => batchOf({ outputs: undefined, redact: ALL, sample: { keep: 0.1, by: "a" } }),
      ["LOGS_REDACT_OUTPUTS", "LOGS_REDACT_OUTPUTS"],
    ],
    [
      "beside records that nobody parses",
      () => batchOf({ redact: ALL, processor: LogProcessor.count({ check: "shape" }) }),
      ["LOGS_OUTPUT_SHAPE"],
    ],
    ["a word in place of a kind", () => batchOf({ redact: ["phone" as never] }), ["LOGS_PROP_TYPE"]],
    ["a name of a pattern that is none", () => Redact.pattern("a b", /a/), ["LOGS_REDACT_NAME"]],
    ["a pattern that may take for ever", () => Redact.pattern("a", /(?=a)b/), ["LOGS_REDACT_PATTERN"]],
    ["a pattern that nothing matches", () => Redact.pattern("a", /a*/), ["LOGS_REDACT_PATTERN"]],
    ["flags that mean something else", () => Redact.pattern("a", /a/m), ["LOGS_REDACT_PATTERN"]],
    ["no pattern", () => Redact.pattern("a", 1 as never), ["LOGS_PROP_TYPE"]],
  ])("%s", (_name, build, codes) => {
    expect(codesOf(build)).toEqual(codes);
  });

  it("where CLS itself runs the rules", () => {
    const stack = testStack();
    const build = () =>
      new RuleTransform(stack, "Rules", {
        engine: "native",
        topic: new LogTopic(stack, "Topic"),
        rules: LogRules.fromText('e_set("a", "b")'),
        outputs: { main: new ClsOutput(new LogTopic(stack, "Target")) },
        redact: ALL,
        sample: { keep: 0.1, by: "a" },
      });
    expect(violationsOf(build).map(([code, message]) => [code, message.split(" ")[0]])).toEqual([
      ["LOGS_RULES_ENGINE_PROPS", "redact"],
      ["LOGS_RULES_ENGINE_PROPS", "sample"],
    ]);
  });
});
