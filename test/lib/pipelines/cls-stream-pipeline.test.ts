import { readClsStreamSettings } from "../../../functions/settings";
import {
  ClsEventSource,
  ClsOutput,
  ClsStreamPipeline,
  CosOutput,
  LogBucket,
  LogTopic,
  type ClsStreamPipelineProps,
} from "../../../lib";
import { TerraformStack, Testing } from "../../../lib/framework";
import {
  codesOf,
  grantsOf,
  onlyResource,
  planOf,
  readBack,
  testFunction,
  testStack,
  violationsOf,
} from "../support/stack";

const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });

function pipelineWith(props: Partial<ClsStreamPipelineProps> = {}, stack = testStack()): ClsStreamPipeline {
  return new ClsStreamPipeline(stack, "Stream", { topic: TOPIC, appId: "1250000000", ...props });
}

describe("ClsStreamPipeline", () => {
  it("makes everything under ids that are contract", () => {
    const types = Object.entries(planOf(TerraformStack.of(pipelineWith())).resource);
    const ids = types.map(([type, byId]) => [type, Object.keys(byId).map((id) => id.slice(0, -9))]);
    expect(Object.fromEntries(ids)).toEqual({
      tencentcloud_cos_bucket: ["Stream_Bucket"],
      tencentcloud_scf_function: ["Stream_Function"],
      tencentcloud_cam_role: ["Stream_Function_Role"],
      tencentcloud_cam_policy: ["Stream_Function_Role_Policy"],
      tencentcloud_cam_role_policy_attachment: ["Stream_Function_Role_PolicyAttachment"],
      terraform_data: [expect.stringMatching(/^Stream_Function_ClsDelivery\w{6}$/), "Stream_Function_Identity"],
    });
  });

  it("passes the framework's validations", () => {
    expect(() => Testing.synth(TerraformStack.of(pipelineWith()), true)).not.toThrow();
  });

  it("delivers as it is told, and not where it is disabled", () => {
    const { delivery } = pipelineWith({ maxWaitSeconds: 3, maxMessages: 10, enabled: false });
    const plan = planOf(TerraformStack.of(delivery)).resource.terraform_data;
    expect(plan[delivery.resource.friendlyUniqueId]).toMatchObject({ count: 0, input: { wait: 3, max: 10 } });
  });

  it("lets the function write and delete notes, replay batches, write to its outputs, and nothing else", () => {
    const stack = testStack();
    const topic = LogTopic.fromTopicAttributes({ topicId: "clean", region: "ap-guangzhou" });
    pipelineWith({ outputs: { clean: new ClsOutput(topic) } }, stack);
    expect(Object.keys(grantsOf(stack))).toEqual([
      "name/cos:PutObject",
      "name/cos:DeleteObject",
      "name/cos:GetObject",
      "cls:pushLog",
    ]);
  });

  it("writes settings that the handler takes", () => {
    const stack = TerraformStack.of(pipelineWith());
    const { environment } = onlyResource(stack, "tencentcloud_scf_function");
    const LOGS_SETTINGS = readBack((environment as Record<string, string>).LOGS_SETTINGS);
    expect(JSON.parse(LOGS_SETTINGS)).toHaveProperty("outputs", {});
    expect(readClsStreamSettings({ LOGS_SETTINGS })).toMatchObject({
      region: "ap-guangzhou",
      processor: { type: "count" },
      quarantine: { bucket: "<tencentcloud_cos_bucket.bucket>", prefix: "quarantine/logs-stream/" },
    });
  });

  describe("beside another of the same topic", () => {
    /** Two pipelines that keep the same batches, the first with the props that are given. */
    function pair(first: Partial<ClsStreamPipelineProps>, prefix = "kept/", quarantinePrefix?: string): void {
      const stack = testStack();
      const bucket = LogBucket.fromBucketName(stack, "Lake", "lake-1250000000");
      const outputs = { kept: new CosOutput(bucket, { prefix: "kept/" }) };
      const shared = { topic: TOPIC, appId: "1250000000", bucket };
      new ClsStreamPipeline(stack, "One", { ...shared, outputs, quarantinePrefix: "notes/", ...first });
      const mine = { mine: new CosOutput(bucket, { prefix }) };
      new ClsStreamPipeline(stack, "Two", { ...shared, outputs: mine, quarantinePrefix });
    }

    it("refuses to share the prefix of an output: they would overwrite each other's objects", () => {
      expect(() => pair({})).toThrow(
        "[logs/Two/Function] outputs.mine.prefix must be another than outputs.kept.prefix of logs/One/Function, which " +
          'gets the same topic, got "kept/" for both; they would overwrite each other\'s objects, give each a prefix of ' +
          "its own (LOGS_OUTPUT_PREFIX_SHARED)",
      );
    });

    it("refuses to share the prefix of notes", () => {
      expect(violationsOf(() => pair({}, "mine/", "notes/"))).toEqual([
        [
          "LOGS_OUTPUT_PREFIX_SHARED",
          expect.stringContaining("quarantinePrefix must be another than quarantinePrefix"),
        ],
      ]);
    });

    it.each<[string, Partial<ClsStreamPipelineProps>, string]>([
      ["another prefix", {}, "mine/"],
      ["a prefix below", {}, "kept/mine/"],
      ["another topic", { topic: LogTopic.fromTopicAttributes({ topicId: "topic-2" }) }, "kept/"],
      ["nothing delivered to the other", { enabled: false }, "kept/"],
    ])("takes %s", (_what, first, prefix) => {
      expect(codesOf(() => pair(first, prefix))).toEqual([]);
    });

    it("sees what a function is given after its outputs", () => {
      const stack = testStack();
      const bucket = LogBucket.fromBucketName(stack, "Lake", "lake-1250000000");
      const functions = ["One", "Two"].map((id) => testFunction(stack, id));
      for (const target of functions) new CosOutput(bucket, { prefix: "kept/" }).bind(target, "kept");
      functions[0].addEventSource(new ClsEventSource(TOPIC));
      expect(codesOf(() => functions[1].addEventSource(new ClsEventSource(TOPIC)))).toEqual([
        "LOGS_OUTPUT_PREFIX_SHARED",
      ]);
    });
  });

  it("refuses a topic that would feed itself", () => {
    expect(codesOf(() => pipelineWith({ logTopic: TOPIC }))).toEqual(["LOGS_SELF_LOG"]);
    expect(codesOf(() => pipelineWith({ outputs: { out: new ClsOutput(TOPIC) } }))).toEqual(["LOGS_SELF_TOPIC"]);
  });

  it("says all that is wrong at once", () => {
    const props = { maxWaitSeconds: 1, maxMessages: 0, maxLineBytes: 1, retryAttempts: 9 };
    expect(codesOf(() => pipelineWith(props))).toEqual([
      "LOGS_DELIVERY_WAIT",
      "LOGS_DELIVERY_MESSAGES",
      "LOGS_RETRY_ATTEMPTS",
      "LOGS_LINE_LIMIT",
    ]);
  });
});
