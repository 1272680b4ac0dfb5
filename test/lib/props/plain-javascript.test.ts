import * as library from "../../../lib";
import type { Construct } from "../../../lib/framework";
import { testStack } from "../support/stack";

/** The package as plain JavaScript has it: nothing is checked before it runs. */
type Untyped = { readonly [name: string]: Untyped } & (new (...given: unknown[]) => Construct) &
  ((...given: unknown[]) => unknown);
const L = library as unknown as Untyped;

const TOPIC = library.LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
const PIPELINE = { topic: TOPIC, appId: "1250000000" };

const MISTAKES: [what: string, make: (stack: Construct) => unknown, message: string][] = [
  [
    "a misspelt prop",
    (stack) => new L.LogTopic(stack, "T", { retentionDay: 7 }),
    "[logs/T] retentionDay must be the name of a prop, got an unknown one; did you mean retentionDays? (LOGS_PROP_UNKNOWN)",
  ],
  [
    "a misspelt prop of an object",
    (stack) => new L.CosBatchPipeline(stack, "P", { ...PIPELINE, shipping: { interval: 300 } }),
    "[logs/P] shipping.interval must be the name of a prop, got an unknown one; leave it out, or use one of " +
      "intervalSeconds, maxSizeMb, prefix, partition, compression, fileNames, metaFields, shipTags, timeZone, " +
      "storageClass (LOGS_PROP_UNKNOWN)",
  ],
  [
    "a misspelt prop of an output",
    (stack) =>
      new L.ClsStreamPipeline(stack, "P", {
        ...PIPELINE,
        outputs: { copy: new L.ClsOutput(TOPIC, { onFailur: "fail" }) },
      }),
    "[logs/P/Function] outputs.copy.onFailur must be the name of a prop, got an unknown one; did you mean onFailure? " +
      "(LOGS_PROP_UNKNOWN)",
  ],
  [
    "no props at all",
    (stack) => new L.ClsStreamPipeline(stack, "P"),
    "[logs/P] props must be an object with names, got nothing; write it as { name: value } (LOGS_PROP_TYPE)",
  ],
  [
    "no topic",
    (stack) => new L.CosBatchPipeline(stack, "P", { appId: "1250000000" }),
    "[logs/P] topic or source must be given, got neither; say whose records are processed, or which objects of a bucket are read (LOGS_PROP_MISSING)",
  ],
  [
    "an id in place of a topic",
    (stack) => new L.CosBatchPipeline(stack, "P", { topic: "topic-1" }),
    '[logs/P] topic must be a topic, got "topic-1"; make a LogTopic, or LogTopic.fromTopicAttributes for one that ' +
      "exists (LOGS_PROP_TYPE)",
  ],
  [
    "a topic in place of a bucket",
    (stack) => new L.CosBatchPipeline(stack, "P", { ...PIPELINE, bucket: new L.LogTopic(stack, "T") }),
    "[logs/P] bucket must be a bucket, got the LogTopic logs/T; make a LogBucket, or LogBucket.fromBucketName for one " +
      "that exists (LOGS_PROP_TYPE)",
  ],
  [
    "rules as a text",
    (stack) => new L.CosBatchPipeline(stack, "P", { ...PIPELINE, rules: "e_drop()" }),
    '[logs/P] rules must be a LogRules, got "e_drop()"; use LogRules.fromText, fromFile or of (LOGS_PROP_TYPE)',
  ],
  [
    "a path in place of a processor",
    (stack) => new L.CosBatchPipeline(stack, "P", { ...PIPELINE, processor: "./enrich" }),
    '[logs/P] processor must be a LogProcessor, got "./enrich"; use LogProcessor.fromEntry, count or rules ' +
      "(LOGS_PROP_TYPE)",
  ],
  [
    "a handler that there is none of",
    () => L.FunctionCode.prebuilt("cosbatch"),
    '[FunctionCode.prebuilt] handler must be "cos-batch" or "cls-stream" or "monitor", got "cosbatch"; use one of the package\'s ' +
      "handlers (LOGS_CODE_HANDLER)",
  ],
  [
    "files that are none",
    () => L.FunctionCode.fromFiles("index.js"),
    '[FunctionCode.fromFiles] files must be texts or bytes by name, got "index.js"; write { "index.js": "..." } ' +
      "(LOGS_CODE_FILES)",
  ],
  [
    "a function without code",
    (stack) => new L.LogFunction(stack, "F", {}),
    "[logs/F] code must be given, got nothing; say what the function runs (LOGS_PROP_MISSING)",
  ],
  [
    "a number as a text",
    (stack) => new L.LogTopic(stack, "T", { retentionDays: "7" }),
    '[logs/T] retentionDays must be a whole number from 1 to 3600 days or 3640, got "7"; the nearest is 1 (LOGS_RETENTION)',
  ],
  [
    "something else in the place of an event source",
    (stack) =>
      (
        new L.LogFunction(stack, "F", { code: L.FunctionCode.fromFiles({ "index.js": "" }) }) as library.LogFunction
      ).addEventSource(TOPIC as unknown as library.IEventSource),
    "[logs/F] source must be an event source, got an instance of ImportedTopic; make a CosEventSource, a ClsEventSource or a " +
      "TimerEventSource (LOGS_PROP_TYPE)",
  ],
  [
    "a list of outputs",
    (stack) => new L.ClsStreamPipeline(stack, "P", { ...PIPELINE, outputs: [new L.ClsOutput(TOPIC)] }),
    "[logs/P] outputs must be an object with names, got a list; write it as { name: value } (LOGS_PROP_TYPE)",
  ],
  [
    "a field of an index that is of no type",
    (stack) => new L.LogTopic(stack, "T", { index: { fields: { status: { type: "int" } } } }),
    '[logs/T] index.fields.status.type must be "text" or "long" or "double", got "int"; numbers are long or double ' +
      "(LOGS_INDEX_TYPE)",
  ],
  [
    "words that shippers do not know",
    (stack) =>
      new L.CosBatchPipeline(stack, "P", {
        ...PIPELINE,
        shipping: { fileNames: "hash", metaFields: ["__IP__"], storageClass: "ARCHIVE" },
      }),
    '[logs/P] shipping.fileNames must be "random" or "time", got "hash"; leave it out for random (LOGS_SHIP_FILE_NAMES)\n' +
      '[logs/P] shipping.metaFields[0] must be "__SOURCE__" or "__FILENAME__" or "__TIMESTAMP__" or "__HOSTNAME__", ' +
      'got "__IP__"; CLS adds no other fact (LOGS_SHIP_META_FIELDS)\n' +
      '[logs/P] shipping.storageClass must be "STANDARD" or "STANDARD_IA" or "INTELLIGENT_TIERING" or "MAZ_STANDARD" ' +
      'or "MAZ_STANDARD_IA", got "ARCHIVE"; leave it out for STANDARD (LOGS_SHIP_STORAGE_CLASS)',
  ],
  [
    "an event that COS does not report",
    (stack) =>
      (
        new L.LogFunction(stack, "F", { code: L.FunctionCode.fromFiles({ "index.js": "" }) }) as library.LogFunction
      ).addEventSource(
        new L.CosEventSource(library.LogBucket.fromBucketName(stack, "B", "b-1250000000"), {
          event: "cos:ObjectWritten",
        }) as unknown as library.IEventSource,
      ),
    "LOGS_COS_EVENT",
  ],
  [
    "addresses in the place of UINs",
    (stack) =>
      new L.LogFunction(stack, "F", {
        code: L.FunctionCode.fromFiles({ "index.js": "" }),
        logTopic: TOPIC,
        alarm: { email: ["ops@example.com"] },
      }),
    '[logs/F] alarm.email[0] must be a whole number from 1 to 9007199254740991, got "ops@example.com"; the nearest ' +
      "is 1 (LOGS_ALARM_EMAIL)",
  ],
  [
    "options of rules and of counting that there are none of",
    () => L.LogRules.fromText("e_drop()", { regexEngine: "re2" }),
    '[LogRules.fromText] regexEngine must be "linear" or "backtracking", got "re2"; leave it out for linear ' +
      "(LOGS_RULES_OPTIONS)",
  ],
  [
    "no stack",
    () => new L.LogTopic({ topicName: "access" }),
    '[new LogTopic] scope must be a stack or another construct, got {"topicName":"access"}; write new LogTopic(stack, ' +
      '"Id", { ... }) (LOGS_PROP_TYPE)',
  ],
  [
    "no id",
    (stack) => new L.LogTopic(stack, { topicName: "access" }),
    '[new LogTopic] id must be a text that is not empty, got {"topicName":"access"}; write new LogTopic(stack, "Id", ' +
      "{ ... }) (LOGS_PROP_TYPE)",
  ],
  [
    "an id that is none in a text",
    () => L.LogTopic.fromTopicAttributes({ topicId: `${String(process.env.SURELY_NOT_SET)}` }),
    '[LogTopic.fromTopicAttributes] topicId must be a name or an id of letters, digits and ._:$-, got "undefined"; copy ' +
      "it from the console (LOGS_IDENTIFIER)",
  ],
  [
    "a policy in CAM's short form",
    (stack) =>
      library.FunctionRole.fromRoleName(stack, "R", "theirs").addToPolicy({ action: "cls:SearchLog" } as never),
    "[logs/R] statement.action must be a list, got a text; write it in brackets, or leave it out (LOGS_PROP_TYPE)\n" +
      "[logs/R] statement.resource must be given, got nothing; list resources in CAM's six-segment form " +
      "(LOGS_PROP_MISSING)",
  ],
  [
    "an effect that there is none of",
    (stack) =>
      library.FunctionRole.fromRoleName(stack, "R", "theirs").addToPolicy({
        action: ["cls:SearchLog"],
        resource: ["*"],
        effect: "permit" as "allow",
      }),
    '[logs/R] statement.effect must be "allow" or "deny", got "permit"; leave it out for allow (LOGS_POLICY_EFFECT)',
  ],
  [
    "a role's name in the place of a role",
    (stack) => new library.LogTopic(stack, "T").grantWrite("theirs" as never),
    '[logs/T] grantee must be a function or a role, got "theirs"; pass the LogFunction or the FunctionRole itself ' +
      "(LOGS_PROP_TYPE)",
  ],
  [
    "an argument of a rule that is not there",
    () => library.ruleFunctions.eSet("a", undefined as never),
    "[e_set] arguments must be texts, numbers, flags, null, lists, objects and calls, got nothing; leave out what has a " +
      "default (LOGS_RULE_ARGUMENT)",
  ],
  [
    "a way of counting that there is none of",
    () => L.LogProcessor.count({ check: "lines" }),
    '[LogProcessor.count] check must be "json" or "shape", got "lines"; leave it out for json (LOGS_PROCESSOR_CHECK)',
  ],
];

describe("plain JavaScript is told, as TypeScript is,", () => {
  it.each(MISTAKES)("of %s", (_what, make, message) => {
    let told: unknown;
    try {
      make(testStack());
    } catch (error) {
      told = error;
    }
    expect(told).toBeInstanceOf(library.LogsError);
    expect((told as Error).message).toContain(message);
  });
});

it("a token where synth must know the value is refused: LOGS_PROP_TOKEN", () => {
  const stack = testStack();
  const flag = new library.LogTopic(stack, "Other").topicId as unknown as boolean;
  expect(() => new library.LogAccountRoles(stack, "Roles", { cls: flag })).toThrow(
    "[logs/Roles] cls must be known at synth, got a token; write the value itself (LOGS_PROP_TOKEN)",
  );
});
