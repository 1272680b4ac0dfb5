import { camPolicy, clsTopic, cosBucket, scfFunction, scfTrigger } from "@cdktf/provider-tencentcloud";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ClsStreamPipeline,
  FunctionCode,
  FUNCTION_LOG_INDEX,
  LogBucket,
  LogFunction,
  LogPipelineChecks,
  LogTopic,
  type CheckId,
  type LogPipelineChecksProps,
} from "../../../lib";
import { Aspects, Testing, type TerraformStack } from "../../../lib/framework";
import { testStack, textToken, violationsOf } from "../support/stack";

const APP_ID = "1250000000";
const tags = { team: "web" };

/** What is found in a stack: path and id, without what was suppressed. */
function found(stack: TerraformStack, props?: LogPipelineChecksProps): string[] {
  const checks = new LogPipelineChecks(props);
  Aspects.of(stack).add(checks);
  Testing.synth(stack);
  return checks.findings.filter(({ suppressed }) => suppressed === undefined).map(({ id, path }) => `${path}: ${id}`);
}

/** The annotations of all constructs of a stack. */
const annotationsOf = (stack: TerraformStack) =>
  stack.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type.startsWith("@cdktf/")));

/** A stack in which nothing is to be found. */
function goodStack(): TerraformStack {
  const stack = testStack();
  const topic = new LogTopic(stack, "Topic", { retentionDays: 30, tags });
  const logTopic = new LogTopic(stack, "Log", { index: FUNCTION_LOG_INDEX, tags });
  const bucket = new LogBucket(stack, "Bucket", { appId: APP_ID, encryption: "AES256", tags });
  new ClsStreamPipeline(stack, "Stream", { topic, bucket, tags, logTopic, alarm: { email: [1] } });
  return stack;
}

describe("LogPipelineChecks", () => {
  it("finds nothing in a pipeline that its owner made with care", () => {
    expect(found(goodStack())).toEqual([]);
  });

  it("finds in a pipeline what its owner did not think of", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Topic", { retentionDays: 3640, tags });
    new ClsStreamPipeline(stack, "Stream", { topic, appId: APP_ID, tags, lifecycle: [{ infrequentAccessDays: 30 }] });
    expect(found(stack)).toEqual([
      "logs/Topic/Resource: topic-retention",
      "logs/Stream/Bucket/Resource: bucket-encrypted",
      "logs/Stream/Bucket/Resource: bucket-expires",
      "logs/Stream/Function/Resource: failure-alarm",
    ]);
  });

  const PLAIN: [what: string, make: (stack: TerraformStack) => unknown, ids: CheckId[]][] = [
    [
      "a topic without a period",
      (stack) => new clsTopic.ClsTopic(stack, "X", { logsetId: "l", topicName: "t", tags }),
      ["topic-retention"],
    ],
    [
      "a public bucket",
      (stack) =>
        new cosBucket.CosBucket(stack, "X", {
          bucket: "b-1250000000",
          acl: "public-read",
          encryptionAlgorithm: "SM4",
          lifecycleRules: [{ filterPrefix: "", expiration: [{ days: 1 }] as never }],
          tags,
        }),
      ["bucket-private"],
    ],
    [
      "a policy for all actions of a service",
      (stack) =>
        new camPolicy.CamPolicy(stack, "X", {
          name: "p",
          document: JSON.stringify({
            version: "2.0",
            statement: [{ effect: "allow", action: ["cls:*"], resource: ["a"] }],
          }),
          tags,
        }),
      ["least-privilege"],
    ],
    [
      "a policy for everything",
      (stack) =>
        new camPolicy.CamPolicy(stack, "X", {
          name: "p",
          document: JSON.stringify({
            version: "2.0",
            statement: { effect: "allow", action: "cls:pushLog", resource: "*" },
          }),
          tags,
        }),
      ["least-privilege"],
    ],
    [
      "a policy that denies everything",
      (stack) =>
        new camPolicy.CamPolicy(stack, "X", {
          name: "p",
          document: JSON.stringify({ version: "2.0", statement: [{ effect: "deny", action: "*", resource: "*" }] }),
          tags,
        }),
      [],
    ],
    [
      "a policy that only the plan knows",
      (stack) => new camPolicy.CamPolicy(stack, "X", { name: "p", document: textToken(), tags }),
      [],
    ],
    [
      "a plain function",
      (stack) => new scfFunction.ScfFunction(stack, "X", { name: "f", handler: "a.b", runtime: "Nodejs18.15", tags }),
      ["failure-alarm", "failure-destination"],
    ],
    [
      "a trigger for a whole bucket",
      (stack) =>
        new scfTrigger.ScfTrigger(stack, "X", {
          functionName: "f",
          namespace: "default",
          triggerName: "b",
          type: "cos",
          triggerDesc: JSON.stringify({ event: "cos:ObjectCreated:*", filter: { Prefix: "", Suffix: ".gz" } }),
        }),
      ["no-recursion"],
    ],
    [
      "a trigger for a prefix",
      (stack) =>
        new scfTrigger.ScfTrigger(stack, "X", {
          functionName: "f",
          namespace: "default",
          triggerName: "b",
          type: "cos",
          triggerDesc: JSON.stringify({ event: "cos:ObjectCreated:*", filter: { Prefix: "in/" } }),
        }),
      [],
    ],
    [
      "a timer",
      (stack) =>
        new scfTrigger.ScfTrigger(stack, "X", {
          functionName: "f",
          namespace: "default",
          triggerName: "t",
          type: "timer",
          triggerDesc: "{}",
        }),
      [],
    ],
    [
      "a topic without tags",
      (stack) => new clsTopic.ClsTopic(stack, "X", { logsetId: "l", topicName: "t", period: 7 }),
      ["tags"],
    ],
  ];

  it.each(PLAIN)("looks at plain resources too: %s", (_, make, ids) => {
    const stack = testStack();
    make(stack);
    expect(found(stack)).toEqual(ids.map((id) => `logs/X: ${id}`));
  });

  it("finds that a function of the user's own loses events", () => {
    const stack = testStack();
    new LogFunction(stack, "Own", { code: FunctionCode.fromDirectory("test/lib/support/handler"), tags });
    expect(found(stack)).toEqual(["logs/Own/Resource: failure-alarm", "logs/Own/Resource: failure-destination"]);
  });

  it("tells a cause and a remedy as a warning, as an error, or not at all", () => {
    const levels = ["warning", "error", "none"] as const;
    const told = levels.map((level) => {
      const stack = testStack();
      new LogTopic(stack, "Topic", { retentionDays: 3640, tags });
      found(stack, { level });
      return annotationsOf(stack).map(({ type, data }) => [type, data as unknown]);
    });
    const message =
      "the topic keeps records for ever: storage is billed each day, and personal data must not lie for ever; " +
      "set retentionDays (topic-retention)";
    expect(told).toEqual([[["@cdktf/warn", message]], [["@cdktf/error", message]], []]);
  });

  it("accepts what was suppressed with a reason, at the construct or around it", () => {
    const stack = testStack();
    const kept = new LogTopic(stack, "Kept", { retentionDays: 3640, tags });
    new LogTopic(stack, "Other", { retentionDays: 3640, tags });
    LogPipelineChecks.suppress(kept, "topic-retention", "the auditor asks for it");
    const checks = new LogPipelineChecks();
    Aspects.of(stack).add(checks);
    Testing.synth(stack);
    expect(checks.findings.map(({ path, suppressed }) => [path, suppressed])).toEqual([
      ["logs/Kept/Resource", "the auditor asks for it"],
      ["logs/Other/Resource", undefined],
    ]);
    expect(annotationsOf(stack)).toHaveLength(1);
  });

  it("refuses a level that it does not know", () => {
    expect(violationsOf(() => new LogPipelineChecks({ level: "fatal" as "error" }))).toEqual([
      ["LOGS_CHECK_LEVEL", 'level must be "warning" or "error" or "none", got "fatal"; leave it out for warning'],
    ]);
  });

  it("refuses a suppression of what it does not know, or without a reason", () => {
    const stack = testStack();
    const suppress = (id: string, reason: string) => () => LogPipelineChecks.suppress(stack, id as CheckId, reason);
    expect(violationsOf(suppress("retention", "the auditor asks for it"))).toEqual([
      ["LOGS_CHECK_ID", expect.stringMatching(/^id must be "bucket-encrypted" or .* got "retention"; copy it/)],
    ]);
    expect(violationsOf(suppress("tags", "because"))).toEqual([
      ["LOGS_CHECK_REASON", 'reason must have at least 10 characters, got "because"; say why it is right here'],
    ]);
  });

  it("writes a report of all findings, of several stacks too", () => {
    const folder = mkdtempSync(join(tmpdir(), "checks-"));
    try {
      const reportFile = join(folder, "report.json");
      const checks = new LogPipelineChecks({ level: "none", reportFile });
      for (const id of ["First", "Second"]) {
        const stack = testStack();
        const topic = new LogTopic(stack, id, { retentionDays: 3640, tags });
        if (id === "First") LogPipelineChecks.suppress(topic, "topic-retention", "the auditor asks for it");
        Aspects.of(stack).add(checks);
        Testing.synth(stack, true);
      }
      const { version, findings } = JSON.parse(readFileSync(reportFile, "utf8")) as {
        version: number;
        findings: Record<string, string>[];
      };
      expect(version).toBe(1);
      expect(findings.map(({ id, path, suppressed }) => [id, path, suppressed])).toEqual([
        ["topic-retention", "logs/First/Resource", "the auditor asks for it"],
        ["topic-retention", "logs/Second/Resource", undefined],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
