import { readCosBatchSettings } from "../../../functions/settings";
import { CosBatchPipeline, LogContent, LogTopic, type CosBatchPipelineProps, type CsvOptions } from "../../../lib";
import { describeProp } from "../support/refused";
import { numberToken, onlyResource, readBack, testStack, violationsOf } from "../support/stack";

function pipelineWith(props: Partial<CosBatchPipelineProps>, stack = testStack()): CosBatchPipeline {
  const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
  return new CosBatchPipeline(stack, "Batch", { topic, appId: "1250000000", ...props });
}

/** The settings of the pipeline's function as its handler reads them. */
function settingsOf(props: Partial<CosBatchPipelineProps>) {
  const stack = testStack();
  pipelineWith(props, stack);
  const { environment } = onlyResource(stack, "tencentcloud_scf_function") as { environment: Record<string, string> };
  return readCosBatchSettings({ LOGS_SETTINGS: readBack(environment.LOGS_SETTINGS) });
}

describe("content", () => {
  it.each([
    ["JSON lines", LogContent.jsonLines(), { type: "json" }],
    ["CSV", LogContent.csv(), { type: "csv", header: true, delimiter: ",", quote: '"' }],
    [
      "CSV of one's own",
      LogContent.csv({ header: ["a", "b"], delimiter: "\t", quote: "" }),
      { type: "csv", header: ["a", "b"], delimiter: "\t", quote: "" },
    ],
    [
      "CSV of any marks",
      LogContent.csv({ escape: "\\", comment: "#", skipLines: 2, encoding: "gbk" }),
      { type: "csv", header: true, escape: "\\", comment: "#", skipLines: 2, encoding: "gbk" },
    ],
    ["JSON that is no lines", LogContent.json(), { type: "json-values" }],
    [
      "JSON at a path",
      LogContent.json({ expand: "data.items", encoding: "utf-16le" }),
      { type: "json-values", expand: ["data", "items"], encoding: "utf-16le" },
    ],
    ["JSON lines in GBK", LogContent.jsonLines({ encoding: "gbk" }), { type: "json", encoding: "gbk" }],
    ["lines", LogContent.lines(), { type: "lines" }],
    ["lines in GBK", LogContent.lines({ encoding: "GBK" }), { type: "lines", encoding: "GBK" }],
    [
      "joined lines",
      LogContent.multiline({ startPattern: /^\d{4}-%{x}${y}/i }),
      { type: "multiline", startPattern: "^\\d{4}-%{x}${y}", flags: "i", maxLines: 500, maxBytes: 1_048_576 },
    ],
    [
      "joined lines with limits",
      LogContent.multiline({ startPattern: "^\\S", maxLines: 1, maxBytes: 1024 }),
      { type: "multiline", startPattern: "^\\S", flags: "", maxLines: 1, maxBytes: 1024 },
    ],
  ])("reaches the handler: %s", (_, content, expected) => {
    expect(settingsOf({ content })).toMatchObject({ content: expected });
  });

  it("is warned of where the shipper's own files would be misread", () => {
    const warningsOf = (content?: LogContent) =>
      pipelineWith({ content }).node.metadata.flatMap(({ type, data }) =>
        type === "@cdktf/warn" ? [String(data)] : [],
      );
    expect([undefined, LogContent.jsonLines()].flatMap(warningsOf)).toEqual([]);
    for (const [content, type] of [
      [LogContent.csv(), "csv"],
      [LogContent.lines(), "lines"],
      [LogContent.multiline({ startPattern: "^a" }), "multiline"],
    ] as const) {
      expect(warningsOf(content)).toEqual([
        expect.stringMatching(`^content is ${type}, but .* are then read as ${type}`),
      ]);
    }
  });

  it("is left out of the settings where it is not set", () => {
    expect(settingsOf({})).not.toHaveProperty("content");
    expect(settingsOf({})).not.toHaveProperty("maxUnpackRatio");
  });

  it.each<[string, CsvOptions]>([
    ["header must be true or names of columns", { header: [] }],
    ["header must be true or names of columns", { header: ["a", ""] }],
    ["header must be true or names of columns", { header: ["a", "b", "a"] }],
    ["delimiter must be one ASCII character", { delimiter: "::" }],
    ["delimiter must be one ASCII character", { delimiter: "、" }],
    ["quote must be empty or one ASCII character other than the delimiter", { delimiter: "'", quote: "'" }],
    ["escape must be one ASCII character other than the delimiter, where there is a quote", { escape: "," }],
    ["escape must be one ASCII character other than the delimiter, where there is a quote", { escape: "x", quote: "" }],
    ["comment must be one ASCII character other than the delimiter and the quote", { comment: "//" }],
    ["comment must be one ASCII character other than the delimiter and the quote", { comment: '"' }],
  ])("refuses CSV whose %s: LOGS_CONTENT_CSV", (rule, options) => {
    const violations = violationsOf(() => pipelineWith({ content: LogContent.csv(options) }));
    expect(violations).toEqual([["LOGS_CONTENT_CSV", expect.stringContaining(`content.${rule}, got `)]]);
  });

  it.each([
    ["(", "Unterminated group"],
    [/^a/g, "drop the other flags"],
    [/x*/, "it matches empty lines, so that every line would begin a record"],
    [/^(?!\s)/, "the pattern has a look-ahead or look-behind, which no engine matches in linear time; describe how"],
    [/^(a)\1/, "the pattern has a reference to a group, which no engine matches in linear time; describe how"],
    [/^\p{Lu}/u, "the pattern has \\p{...}; write the characters as a class; describe how the line begins without it"],
    ["^a{5000}", "a repetition must count to 1000 at most, got 5000; lower it, or set no limit, as in {1,}"],
  ])("refuses %s as the start of a record: LOGS_CONTENT_PATTERN", (startPattern, reason) => {
    const violations = violationsOf(() => pipelineWith({ content: LogContent.multiline({ startPattern }) }));
    expect(violations).toEqual([["LOGS_CONTENT_PATTERN", expect.stringContaining(reason)]]);
  });

  it.each([/^(a+)+$/, /^(?:\d+\.?)*\[/, /^.*:.*:.*\[x\]/i])(
    "takes %s, on which JavaScript could hang",
    (startPattern) => {
      expect(violationsOf(() => pipelineWith({ content: LogContent.multiline({ startPattern }) }))).toEqual([]);
    },
  );

  it.each([
    ["LOGS_CONTENT_ENCODING", 'content.encoding must be an encoding that TextDecoder knows, got "gbq"', "gbq", "a"],
    ["LOGS_CONTENT_EXPAND", 'content.expand must be names with dots between them, got "a..b"', "gbk", "a..b"],
  ])("refuses JSON that breaks a rule: %s", (code, message, encoding, expand) => {
    const violations = violationsOf(() => pipelineWith({ content: LogContent.json({ encoding, expand }) }));
    expect(violations).toEqual([[code, expect.stringContaining(message)]]);
  });

  describeProp({
    prop: "content.skipLines",
    code: "LOGS_CONTENT_LIMIT",
    rule: "must be a whole number from 1 to 10000",
    build: (skipLines: number) => pipelineWith({ content: LogContent.csv({ skipLines }) }),
    passes: [1, 10_000],
    refused: [0, 10_001],
  });

  describeProp({
    prop: "content.maxLines",
    code: "LOGS_CONTENT_LIMIT",
    rule: "must be a whole number from 1 to 100000",
    build: (maxLines: number) => pipelineWith({ content: LogContent.multiline({ startPattern: "^a", maxLines }) }),
    passes: [1, 100_000, numberToken()],
    refused: [0, 100_001],
  });

  describeProp({
    prop: "content.maxBytes",
    code: "LOGS_CONTENT_LIMIT",
    rule: "must be a whole number from 1024 to 67108864 bytes",
    build: (maxBytes: number) => pipelineWith({ content: LogContent.multiline({ startPattern: "^a", maxBytes }) }),
    passes: [1024, 67_108_864],
    refused: [1023, 67_108_865],
  });
});

describe("unpacking", () => {
  describeProp({
    prop: "maxUnpackRatio",
    code: "LOGS_UNPACK_RATIO",
    rule: "must be a whole number from 10 to 1032",
    build: (maxUnpackRatio: number) => pipelineWith({ maxUnpackRatio }),
    passes: [10, 1032, numberToken()],
    refused: [9, 1033],
  });

  it("reaches the handler", () => {
    expect(settingsOf({ maxUnpackRatio: 50 })).toMatchObject({ maxUnpackRatio: 50 });
  });
});
