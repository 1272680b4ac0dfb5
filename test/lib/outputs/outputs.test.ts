import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { unzipSync } from "fflate";
import { readCosBatchSettings } from "../../../functions/settings";
import {
  CkafkaOutput,
  ClsOutput,
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogContent,
  LogProcessor,
  LogTopic,
  WebhookOutput,
  type CosBatchPipelineProps,
  type IOutput,
} from "../../../lib";
import { TerraformStack, Testing } from "../../../lib/framework";
import { describeProp } from "../support/refused";
import {
  codesOf,
  grantsOf,
  numberToken,
  onlyResource,
  readBack,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";

const OTHER = LogTopic.fromTopicAttributes({ topicId: "other", region: "ap-guangzhou" });
const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });

function pipelineWith(props: Partial<CosBatchPipelineProps>, stack = testStack()): CosBatchPipeline {
  return new CosBatchPipeline(stack, "Batch", { topic: TOPIC, appId: "1250000000", ...props });
}

function environmentOf(stack: TerraformStack): Record<string, string> {
  return onlyResource(stack, "tencentcloud_scf_function").environment as Record<string, string>;
}

/** The settings of a pipeline with these outputs, as its handler reads them. */
function settingsOf(outputs: Record<string, IOutput>, stack = testStack()) {
  pipelineWith({ outputs, defaultOutput: "out" }, stack);
  return readCosBatchSettings({ LOGS_SETTINGS: readBack(environmentOf(stack).LOGS_SETTINGS) });
}

/** What the zip of a pipeline's function holds. */
function zipped(props: Partial<CosBatchPipelineProps>): string[] {
  const stack = TerraformStack.of(pipelineWith(props));
  const folder = Testing.fullSynth(stack);
  const { zip_file: path } = onlyResource(stack, "tencentcloud_scf_function");
  const names = Object.keys(unzipSync(readFileSync(join(folder, "stacks/logs", String(path)))));
  rmSync(folder, { recursive: true });
  return names;
}

/** Something that makes a pipeline with one output. */
const withOutput = (output: IOutput) => pipelineWith({ outputs: { out: output } });

describe("outputs of a pipeline", () => {
  it("go to the handler's settings by their names, invalid and dropped as any other", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Out", "out-1250000000", { region: "ap-beijing" });
    const lake = new CosOutput(bucket);
    const { outputs, defaultOutput } = settingsOf({ out: lake, invalid: lake, dropped: lake }, stack);
    expect(defaultOutput).toBe("out");
    expect(Object.entries(outputs ?? {}).map(([name, output]) => [name, "prefix" in output && output.prefix])).toEqual([
      ["dropped", "outputs/logs-batch-function/dropped/"],
      ["invalid", "outputs/logs-batch-function/invalid/"],
      ["out", "outputs/logs-batch-function/out/"],
    ]);
  });

  it("have prefixes of their own, since they would overwrite each other's objects", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Out", "out-1250000000", { region: "ap-beijing" });
    const shared = new CosOutput(bucket, { prefix: "x/" });
    expect(violationsOf(() => pipelineWith({ outputs: { a: shared, b: shared }, defaultOutput: "a" }, stack))).toEqual([
      [
        "LOGS_OUTPUT_PREFIX_SHARED",
        expect.stringContaining('outputs.b.prefix must be another than that of outputs.a, got "x/" for both'),
      ],
    ]);
  });

  it("leave no trace in a pipeline without", () => {
    const stack = TerraformStack.of(pipelineWith({}));
    expect(JSON.parse(readBack(environmentOf(stack).LOGS_SETTINGS))).not.toHaveProperty("outputs");
  });

  it.each([["1st"], ["a b"], [""], ["x".repeat(65)]])("are not called %j", (name) => {
    const outputs = { [name]: new ClsOutput(LogTopic.fromTopicAttributes({ topicId: "t" })) };
    expect(codesOf(() => pipelineWith({ outputs }))).toEqual(["LOGS_OUTPUT_NAME"]);
  });

  it("want a default where there are several, which is one of them", () => {
    const output = new ClsOutput(LogTopic.fromTopicAttributes({ topicId: "t" }));
    const outputs = { a: output, b: output, invalid: output };
    expect(violationsOf(() => pipelineWith({ outputs }))).toEqual([
      ["LOGS_DEFAULT_OUTPUT", expect.stringContaining("(a, b), got nothing")],
    ]);
    expect(codesOf(() => pipelineWith({ outputs, defaultOutput: "invalid" }))).toEqual(["LOGS_DEFAULT_OUTPUT"]);
    expect(codesOf(() => pipelineWith({ defaultOutput: "a" }))).toEqual(["LOGS_DEFAULT_OUTPUT"]);
    expect(codesOf(() => pipelineWith({ outputs, defaultOutput: "b" }))).toEqual([]);
  });
});

describe("a processor that does not parse", () => {
  const shape = LogProcessor.count({ check: "shape" });
  const codes = (out: IOutput, content?: LogContent) =>
    codesOf(() => pipelineWith({ outputs: { out, invalid: new ClsOutput(OTHER) }, processor: shape, content }));
  const bucket = () => LogBucket.fromBucketName(testStack(), "Out", "out-1250000000");

  it("feeds outputs that write lines as they are", () => {
    expect(codes(new CosOutput(bucket()))).toEqual([]);
    expect(codes(new CkafkaOutput({ brokers: ["b:9092"], topic: "t" }))).toEqual([]);
    expect(codes(new WebhookOutput({ url: textToken(), format: "wecom" }))).toEqual([]);
    expect(codes(new CosOutput(bucket()), LogContent.lines())).toEqual([]);
  });

  it("feeds none that needs what they hold: LOGS_OUTPUT_SHAPE", () => {
    expect(codes(new ClsOutput(OTHER))).toEqual(["LOGS_OUTPUT_SHAPE"]);
    expect(codes(new WebhookOutput({ url: textToken() }))).toEqual(["LOGS_OUTPUT_SHAPE"]);
    expect(codes(new CosOutput(bucket()), LogContent.csv())).toEqual(["LOGS_OUTPUT_SHAPE"]);
  });
});

describe("an output that nothing reaches", () => {
  const warnings = (props: Partial<CosBatchPipelineProps>) =>
    pipelineWith(props)
      .node.metadata.filter(({ type }) => type === "@cdktf/warn")
      .map(({ data }) => String(data));
  const out = new ClsOutput(OTHER);

  it("is warned of where records are only counted", () => {
    expect(warnings({ outputs: { a: out, b: out, dropped: out, invalid: out }, defaultOutput: "b" })).toEqual([
      expect.stringContaining("outputs.a receives nothing"),
      expect.stringContaining("outputs.dropped receives nothing"),
    ]);
    expect(warnings({ outputs: { a: out, invalid: out } })).toEqual([]);
  });
});

describe("CosOutput", () => {
  it("grants its prefix, and nothing else", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Out", "out-1250000000", { region: "ap-beijing" });
    const { outputs } = settingsOf({ out: new CosOutput(bucket, { prefix: "clean/", onFailure: "fail" }) }, stack);
    expect(outputs?.out).toEqual({
      type: "cos",
      onFailure: "fail",
      bucket: "out-1250000000",
      region: "ap-beijing",
      prefix: "clean/",
      maxPartBytes: 16 * 1024 * 1024,
    });
    expect(JSON.stringify(grantsOf(stack))).toContain("qcs::cos:ap-beijing:uid/1250000000:out-1250000000/clean/*");
  });

  it("may not trigger its own function", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Logs", { appId: "1250000000" });
    const outputs = { out: new CosOutput(bucket, { prefix: "cls/clean/" }) };
    expect(codesOf(() => pipelineWith({ bucket, outputs, shipping: { prefix: "cls/" } }, stack))).toEqual([
      "LOGS_SELF_TRIGGER",
    ]);
  });

  const inBucket = (props: object) =>
    withOutput(new CosOutput(LogBucket.fromBucketName(testStack(), "Out", "out-1250000000"), props));
  describeProp<number>({
    prop: "outputs.out.maxPartBytes",
    code: "LOGS_OUTPUT_PART",
    rule: "must be a whole number from 65536 to 268435456 bytes",
    build: (maxPartBytes) => inBucket({ maxPartBytes }),
    passes: [65_536, 268_435_456, numberToken()],
    refused: [0, 65_535, 1.5e9],
  });
  describeProp<string>({
    prop: "outputs.out.prefix",
    code: "LOGS_OUTPUT_PREFIX",
    rule: "must have up to 255 characters",
    build: (prefix) => inBucket({ prefix }),
    passes: ["a/", "a/b/", textToken()],
    refused: ["", "/a/", "a"],
  });
});

describe("ClsOutput", () => {
  it("grants writing to its topic", () => {
    const stack = testStack();
    const topic = LogTopic.fromTopicAttributes({ topicId: "errors", region: "ap-guangzhou" });
    expect(settingsOf({ out: new ClsOutput(topic) }, stack).outputs?.out).toEqual({
      type: "cls",
      onFailure: "quarantine",
      topicId: "errors",
      region: "ap-guangzhou",
    });
    expect(grantsOf(stack)["cls:pushLog"]).toEqual([
      expect.stringMatching(/^qcs::cls:ap-guangzhou:uin\/.*:topic\/errors$/),
    ]);
  });

  it("is not the topic that the pipeline reads", () => {
    expect(codesOf(() => withOutput(new ClsOutput(TOPIC)))).toEqual(["LOGS_SELF_TOPIC"]);
    const same = LogTopic.fromTopicAttributes({ topicId: "topic-1" });
    expect(codesOf(() => withOutput(new ClsOutput(same)))).toEqual(["LOGS_SELF_TOPIC"]);
  });
});

describe("WebhookOutput", () => {
  it("keeps its secrets in variables of their own, which the settings name", () => {
    const stack = testStack();
    const output = new WebhookOutput({ url: textToken(), signatureKey: textToken(), format: "wecom", maxPerMinute: 5 });
    const { outputs } = settingsOf({ out: output }, stack);
    expect(outputs?.out).toEqual({
      type: "webhook",
      onFailure: "quarantine",
      urlSecret: "LOGS_SECRET_OUT_URL",
      signatureSecret: "LOGS_SECRET_OUT_SIGNATURE",
      format: "wecom",
      maxBatchRecords: 100,
      maxPerMinute: 5,
    });
    expect(environmentOf(stack)).toMatchObject({
      LOGS_SECRET_OUT_URL: "${terraform_data.given.output}",
      LOGS_SECRET_OUT_SIGNATURE: "${terraform_data.given.output}",
    });
  });

  it("refuses a literal without repeating it", () => {
    const found = violationsOf(() => withOutput(new WebhookOutput({ url: "https://x.y/hidden" })));
    expect(found).toEqual([["LOGS_SECRET_LITERAL", expect.stringContaining("outputs.out.url must be a value")]]);
    expect(found[0][1]).not.toContain("hidden");
  });

  it("refuses names whose secrets would be one", () => {
    const outputs = { "a-b": new WebhookOutput({ url: textToken() }), A_B: new WebhookOutput({ url: textToken() }) };
    expect(codesOf(() => pipelineWith({ outputs, defaultOutput: "A_B" }))).toEqual(["LOGS_SECRET_NAME"]);
  });

  it("says all that is wrong at once", () => {
    const props = {
      url: "x",
      format: "teams" as "json",
      maxBatchRecords: 0,
      maxPerMinute: 0,
      onFailure: "no" as "fail",
    };
    expect(codesOf(() => withOutput(new WebhookOutput(props)))).toEqual([
      "LOGS_OUTPUT_FAILURE",
      "LOGS_WEBHOOK_FORMAT",
      "LOGS_WEBHOOK_BATCH",
      "LOGS_WEBHOOK_RATE",
      "LOGS_SECRET_LITERAL",
    ]);
  });
});

describe("secrets of outputs", () => {
  it("stand in the plan as the user's variables, in variables of the function and nowhere else", () => {
    const stack = testStack();
    const variable = (id: string) => new TerraformVariable(stack, id, { sensitive: true }).stringValue;
    const outputs = {
      hook: new WebhookOutput({ url: variable("url"), signatureKey: variable("key") }),
      kafka: new CkafkaOutput({ brokers: ["b:9092"], topic: "t", username: "u", password: variable("password") }),
    };
    pipelineWith({ outputs, defaultOutput: "hook" }, stack);
    const { LOGS_SETTINGS, ...secrets } = environmentOf(stack);
    expect(secrets).toEqual({
      LOGS_SECRET_HOOK_URL: "${var.url}",
      LOGS_SECRET_HOOK_SIGNATURE: "${var.key}",
      LOGS_SECRET_KAFKA_PASSWORD: "${var.password}",
    });
    expect(LOGS_SETTINGS).not.toContain("var.");
    expect(Testing.synth(stack).match(/var\./g)).toHaveLength(3);
  });

  it("are refused as literals, and not repeated", () => {
    const literal = "hidden-0009";
    for (const output of [
      new WebhookOutput({ url: `https://x.y/${literal}` }),
      new WebhookOutput({ url: textToken(), signatureKey: literal }),
      new CkafkaOutput({ brokers: ["b:9092"], topic: "t", username: "u", password: literal }),
    ]) {
      const found = violationsOf(() => withOutput(output));
      expect(found).toEqual([["LOGS_SECRET_LITERAL", expect.not.stringContaining(literal)]]);
    }
  });
});

describe("CkafkaOutput", () => {
  it("brings its client into the zip, which is not there without", () => {
    const kafka = new CkafkaOutput({ brokers: ["b:9092"], topic: "t" });
    expect(zipped({ outputs: { out: kafka } })).toEqual(["cdktf-tencent-logs.NOTICES.txt", "index.js", "out-kafka.js"]);
    expect(zipped({ outputs: { out: new ClsOutput(OTHER) } })).toEqual(["index.js"]);
  });

  it("says what is wrong", () => {
    const wrong = (props: object) => {
      const output = new CkafkaOutput({ brokers: ["b:9092"], topic: "t", ...props });
      return codesOf(() => output.bind(pipelineWith({}).function, "out"));
    };
    expect(wrong({ brokers: [] })).toEqual(["LOGS_CKAFKA_BROKERS"]);
    expect(wrong({ brokers: ["http://b:9092"] })).toEqual(["LOGS_CKAFKA_BROKERS"]);
    expect(wrong({ topic: "a b" })).toEqual(["LOGS_CKAFKA_TOPIC"]);
    expect(wrong({ username: "u" })).toEqual(["LOGS_CKAFKA_USER"]);
    expect(wrong({ username: "u", password: "p" })).toEqual(["LOGS_SECRET_LITERAL"]);
  });

  it("connects with a user whose password is a secret", () => {
    const output = new CkafkaOutput({ brokers: ["b:9092"], topic: "t", username: "u", password: textToken() });
    expect(output.parts).toEqual(["out-kafka.js"]);
    expect(settingsOf({ out: output }).outputs?.out).toEqual({
      type: "ckafka",
      onFailure: "quarantine",
      brokers: ["b:9092"],
      topic: "t",
      username: "u",
      passwordSecret: "LOGS_SECRET_OUT_PASSWORD",
    });
  });
});
