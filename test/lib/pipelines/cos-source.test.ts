import { readCosBatchSettings } from "../../../functions/settings";
import {
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogContent,
  LogPipelineChecks,
  LogRules,
  LogTopic,
  type CosBatchPipelineProps,
} from "../../../lib";
import { Aspects, TerraformStack, Testing } from "../../../lib/framework";
import { expectStack, runPipeline } from "../../../lib/testing";
import {
  codesOf,
  grantsOf,
  onlyResource,
  planOf,
  readBack,
  resourcesOf,
  testStack,
  violationsOf,
} from "../support/stack";

jest.setTimeout(60_000);

const LOGS = "logs-1250000000";
const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
const SOURCE = { bucket: LOGS, prefix: "in/" };

function pipelineWith(props: Partial<CosBatchPipelineProps> = {}, stack = testStack(), id = "Batch"): CosBatchPipeline {
  return new CosBatchPipeline(stack, id, { appId: "1250000000", source: SOURCE, ...props });
}

const stackWith = (props?: Partial<CosBatchPipelineProps>) => TerraformStack.of(pipelineWith(props));

function settingsOf(stack: TerraformStack) {
  const { environment } = onlyResource(stack, "tencentcloud_scf_function");
  return readCosBatchSettings({ LOGS_SETTINGS: readBack((environment as Record<string, string>).LOGS_SETTINGS) });
}

const filterOf = (stack: TerraformStack) =>
  (JSON.parse(String(onlyResource(stack, "tencentcloud_scf_trigger").trigger_desc)) as { filter: object }).filter;

describe("a CosBatchPipeline with a source", () => {
  it("makes a function with a trigger, and no topic, no shipper and no bucket beside one that exists", () => {
    expect(Object.keys(planOf(stackWith()).resource).filter((type) => type !== "terraform_data")).toEqual([
      "tencentcloud_cam_policy",
      "tencentcloud_cam_role",
      "tencentcloud_cam_role_policy_attachment",
      "tencentcloud_scf_function",
      "tencentcloud_scf_trigger",
    ]);
  });

  it("reads just what lies below the prefix and ends with the suffix, and keeps notes in the same bucket", () => {
    const stack = stackWith({ source: { ...SOURCE, suffix: ".gz" } });
    expect(filterOf(stack)).toEqual({ Prefix: "in/", Suffix: ".gz" });
    const objects = `qcs::cos:ap-guangzhou:uid/1250000000:${LOGS}`;
    expect(grantsOf(stack)).toEqual({
      "name/cos:GetObject": [`${objects}/in/*`],
      "name/cos:PutObject": [`${objects}/quarantine/logs-batch/*`],
      "name/cos:DeleteObject": [`${objects}/quarantine/logs-batch/*`],
    });
    expect(settingsOf(stack)).toMatchObject({ quarantine: { bucket: LOGS, prefix: "quarantine/logs-batch/" } });
    expect(settingsOf(stack)).not.toHaveProperty("prefixes");
  });

  it("takes a bucket of the stack, one of its own, or another one for its notes", () => {
    const stack = testStack();
    const [lake, notes] = ["Lake", "Notes"].map((id) => new LogBucket(stack, id, { appId: "1250000000" }));
    const pipeline = pipelineWith({ source: { bucket: lake, prefix: "in/" }, bucket: notes }, stack);
    expect(pipeline.source).toEqual({ bucket: lake, prefixes: ["in/"], suffix: undefined });
    expect(pipeline.bucket).toBe(notes);
    const own = pipelineWith({ source: { prefix: "in/" }, lifecycle: [{ expirationDays: 7 }] });
    expect(own.source?.bucket).toBe(own.bucket);
    expect(resourcesOf(TerraformStack.of(own), "tencentcloud_cos_bucket")).toMatchObject([
      { lifecycle_rules: [{ expiration: { days: 7 } }] },
    ]);
  });

  it("has one trigger for several prefixes, on what they have in common, and reads below these alone", () => {
    const stack = stackWith({ source: { bucket: LOGS, prefixes: ["logs/cdn/", "logs/cos/"] } });
    expect(filterOf(stack)).toEqual({ Prefix: "logs/c", Suffix: "" });
    const { statement } = JSON.parse(readBack(onlyResource(stack, "tencentcloud_cam_policy").document)) as {
      statement: { action: string[]; resource: string[] }[];
    };
    const readable = statement.filter(({ action }) => action.includes("name/cos:GetObject"));
    const objects = `qcs::cos:ap-guangzhou:uid/1250000000:${LOGS}`;
    expect(readable.flatMap(({ resource }) => resource)).toEqual([`${objects}/logs/cdn/*`, `${objects}/logs/cos/*`]);
    expect(settingsOf(stack)).toMatchObject({ prefixes: ["logs/cdn/", "logs/cos/"] });
  });

  it("warns where prefixes have so little in common that its own objects invoke it", () => {
    const stack = stackWith({ source: { bucket: LOGS, prefixes: ["cdn/", "qos/"] } });
    const warnings = () => stack.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => String(data)));
    expect(warnings().filter((text) => text.includes("source.prefixes"))).toEqual([
      'source.prefixes have only "" in common, so that each object below quarantine/logs-batch/ invokes the function too, ' +
        "which leaves it alone; give the prefixes a folder of their own, or keep that in another bucket",
    ]);
  });

  it("has no topic and no shipper to be asked for", () => {
    const pipeline = pipelineWith();
    expect(violationsOf(() => pipeline.topic)).toEqual([
      [
        "LOGS_SOURCE",
        "topic must be asked of a pipeline with a topic, got one with a source; use source, bucket or trigger",
      ],
    ]);
    expect(codesOf(() => pipeline.shipper)).toEqual(["LOGS_SOURCE"]);
    expect(pipeline.trigger.node.path).toMatch(/^logs\/Batch\/Function\/CosTrigger/);
  });

  it("is not warned of its content, which no shipper writes otherwise", () => {
    const pipeline = pipelineWith({ content: LogContent.csv() });
    expect(pipeline.node.metadata).toEqual([]);
    expect(settingsOf(TerraformStack.of(pipeline))).toMatchObject({ content: { type: "csv" } });
  });

  it("passes the framework's validations, and the checks of an owner", () => {
    const stack = stackWith({ source: { prefix: "in/" } });
    Aspects.of(stack).add(new LogPipelineChecks({ level: "warning" }));
    expect(() => Testing.synth(stack, true)).not.toThrow();
  });
});

describe("a source is refused", () => {
  it.each<[string, Partial<CosBatchPipelineProps>, string, string]>([
    ["beside a topic", { topic: TOPIC }, "LOGS_SOURCE", "topic and source must not be given both, got both"],
    ["where it is missing, as a topic is", { source: undefined }, "LOGS_PROP_MISSING", "topic or source must be given"],
    ["beside shipping", { shipping: {} }, "LOGS_SOURCE", "shipping must be left out beside source, got it"],
    [
      "without a prefix",
      { source: { bucket: LOGS } },
      "LOGS_SOURCE_PREFIX",
      'source.prefix or source.prefixes must be given, got neither; name the folder that is read, or "" for the whole bucket',
    ],
    [
      "with a prefix and prefixes",
      { source: { ...SOURCE, prefixes: ["a/"] } },
      "LOGS_SOURCE_PREFIX",
      "source.prefix and source.prefixes must not be given both",
    ],
    [
      "with no prefix in the list",
      { source: { bucket: LOGS, prefixes: [] } },
      "LOGS_SOURCE_PREFIX",
      "source.prefixes must hold one at least, got none",
    ],
    [
      "with prefixes that overlap",
      { source: { bucket: LOGS, prefixes: ["a/b/", "c/", "a/"] } },
      "LOGS_SOURCE_PREFIX",
      'source.prefixes must not begin with each other, got ["a/","a/b/"]; leave out "a/b/"',
    ],
    [
      "with the same prefix twice",
      { source: { bucket: LOGS, prefixes: ["a/", "a/"] } },
      "LOGS_SOURCE_PREFIX",
      'source.prefixes must not begin with each other, got ["a/","a/"]',
    ],
    [
      "with a prefix that begins with /",
      { source: { bucket: LOGS, prefix: "/in/" } },
      "LOGS_SOURCE_PREFIX",
      'source.prefix must have up to 255 characters and not begin with /, got "/in/"',
    ],
    [
      "with a bucket's name without APPID",
      { source: { bucket: "logs", prefix: "in/" } },
      "LOGS_BUCKET_NAME",
      "source.bucket must be a bucket's whole name",
    ],
    [
      "with a suffix without a dot",
      { source: { ...SOURCE, suffix: "gz" } },
      "LOGS_COS_SUFFIX",
      "source.suffix must begin",
    ],
    [
      "with props of a bucket that it does not make",
      { forceClean: true },
      "LOGS_BUCKET_PROPS",
      "forceClean must be left out beside bucket",
    ],
  ])("%s", (_, props, code, message) => {
    expect(violationsOf(() => pipelineWith(props))).toContainEqual([code, expect.stringContaining(message)]);
  });

  it("where an output, or the notes, lie below what triggers it", () => {
    const output = (prefix: string) => {
      const stack = testStack();
      const bucket = LogBucket.fromBucketName(stack, "Same", LOGS);
      return violationsOf(() => pipelineWith({ outputs: { out: new CosOutput(bucket, { prefix }) } }, stack));
    };
    expect(output("in/done/")).toEqual([
      ["LOGS_SELF_TRIGGER", expect.stringContaining('(\\"in/\\")'.replaceAll("\\", ""))],
    ]);
    expect(output("out/")).toEqual([]);
    expect(codesOf(() => pipelineWith({ source: { bucket: LOGS, prefix: "" } }))).toEqual(["LOGS_SELF_TRIGGER"]);
    expect(codesOf(() => pipelineWith({ source: { bucket: LOGS, prefixes: ["a/", "quarantine/"] } }))).toEqual([
      "LOGS_SELF_TRIGGER",
    ]);
  });

  it("where two pipelines would write what the other one reads", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Same", LOGS);
    const leadTo = (prefix: string) => ({ out: new CosOutput(bucket, { prefix }) });
    pipelineWith({ source: { bucket, prefix: "a/" }, outputs: leadTo("b/") }, stack, "One");
    const back = { source: { bucket, prefix: "b/" }, outputs: leadTo("a/more/") };
    expect(codesOf(() => pipelineWith(back, stack, "Two"))).toEqual(["LOGS_CIRCLE"]);
  });

  it("where COS has a trigger already for some of its objects, be it that of a shipped topic", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Same", LOGS);
    pipelineWith({ source: { bucket, prefixes: ["logs/a/", "logs/c/"] } }, stack, "One");
    const overlap = "LOGS_COS_TRIGGER_OVERLAP";
    expect(codesOf(() => pipelineWith({ source: { bucket: LOGS, prefix: "logs/b/" } }, stack, "Two"))).toEqual([
      overlap,
    ]);
    pipelineWith({ source: undefined, topic: TOPIC, bucket, shipping: { prefix: "cls/x/" } }, stack, "Shipped");
    const shipped = { source: { bucket, prefix: "cls/x/2026/", suffix: ".gz" } };
    expect(codesOf(() => pipelineWith(shipped, stack, "Three"))).toEqual([overlap]);
    expect(codesOf(() => pipelineWith({ source: { bucket, prefix: "other/" } }, stack, "Four"))).toEqual([]);
  });

  it("where a stream's objects would be read that the pipeline writes to its topic", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Same", LOGS);
    new ClsStreamPipeline(stack, "Stream", {
      topic: TOPIC,
      bucket,
      outputs: { out: new CosOutput(bucket, { prefix: "stream/" }) },
    });
    expect(codesOf(() => pipelineWith({ source: { bucket, prefix: "stream/" } }, stack))).toEqual([]);
  });
});

describe("a deployed pipeline with a source", () => {
  const RULES = LogRules.fromText('e_set("seen", "yes")');

  function made(source: CosBatchPipelineProps["source"], content?: LogContent) {
    const stack = testStack();
    const lake = new LogBucket(stack, "Lake", { appId: "1250000000" });
    const output = (prefix: string) => new CosOutput(lake, { prefix });
    return pipelineWith(
      { source, content, rules: RULES, outputs: { main: output("main/"), invalid: output("bad/") } },
      stack,
    );
  }

  it("reads each object below its prefixes by its content, and leaves alone what lies elsewhere", async () => {
    const pipeline = made({ bucket: LOGS, prefixes: ["cdn/", "cos/"] }, LogContent.csv());
    const { outputs, summaries, notes } = await runPipeline(pipeline, {
      objects: { "a.csv": "x,y\n1,2\n", "cos/b.csv": "x,y\n3,4\n5\n" },
    });
    expect(outputs.main).toEqual([
      { x: "1", y: "2", seen: "yes" },
      { x: "3", y: "4", seen: "yes" },
    ]);
    expect(outputs.invalid).toMatchObject([{ object: `cos://${LOGS}/cos/b.csv`, line: 3 }]);
    expect(summaries).toHaveLength(2);
    expect(notes).toEqual({});
  });

  it("leaves a note, and is left alone by it", async () => {
    const { notes, summaries } = await runPipeline(made({ bucket: LOGS, prefixes: ["cdn/", "qos/"] }), {
      objects: { "x.gz": Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]) },
    });
    expect(Object.keys(notes)).toEqual([`${LOGS}/cdn/x.gz.json`]);
    // The note and the mark of what was begun lie where the trigger looks.
    expect(summaries.filter(({ elsewhere }) => elsewhere === 1).map(({ objects, bytes }) => [objects, bytes])).toEqual(
      expect.arrayContaining([[0, 0]]),
    );
  });

  it("is run over objects alone, whose names its suffix fits", async () => {
    const pipeline = made({ bucket: LOGS, prefix: "in/", suffix: ".gz" });
    await expect(runPipeline(pipeline, { input: [{ a: 1 }] })).rejects.toThrow(
      /input must be left out for a pipeline with a source, got some; give objects \(LOGS_RUN_PIPELINE\)/,
    );
    await expect(
      runPipeline(made({ bucket: LOGS, prefix: "in/", suffix: ".gz" }), { objects: { a: "" } }),
    ).rejects.toThrow(/objects must have names that end with \.gz, as the source asks for, got "a"/);
    expectStack(TerraformStack.of(pipeline)).toHaveCount("tencentcloud_cls_cos_shipper", 0);
  });
});
