import { CosBatchPipeline, LogBucket, Logset, LogTopic, type RemovalPolicy } from "../../lib";
import { planOf, testStack, textToken, violationsOf } from "./support/stack";

interface Rendered {
  readonly lifecycle?: { readonly prevent_destroy?: boolean; readonly replace_triggered_by?: string[] };
}

const lifecyclesOf = (stack: ReturnType<typeof testStack>, type: string) =>
  Object.values(planOf(stack).resource[type] as Record<string, Rendered>).map(({ lifecycle }) => lifecycle);

const APP_ID = "1250000000";

describe("removalPolicy", () => {
  it.each<RemovalPolicy | undefined>([undefined, "destroy"])("of %s renders nothing", (removalPolicy) => {
    const stack = testStack();
    new LogBucket(stack, "Bucket", { appId: APP_ID, removalPolicy });
    new Logset(stack, "Logset", { removalPolicy });
    new LogTopic(stack, "Topic", { removalPolicy });
    expect(JSON.stringify(planOf(stack))).not.toContain("prevent_destroy");
  });

  it("of retain has Terraform refuse to destroy a bucket, a logset, and a topic with the logset of its own", () => {
    const stack = testStack();
    new LogBucket(stack, "Bucket", { appId: APP_ID, removalPolicy: "retain" });
    new Logset(stack, "Logset", { removalPolicy: "retain" });
    new LogTopic(stack, "Topic", { removalPolicy: "retain" });
    expect(lifecyclesOf(stack, "tencentcloud_cos_bucket")).toEqual([{ prevent_destroy: true }]);
    expect(lifecyclesOf(stack, "tencentcloud_cls_logset")).toEqual([
      { prevent_destroy: true },
      { prevent_destroy: true },
    ]);
    // The replacement that the provider needs is still there: the plan then says that it is prevented.
    expect(lifecyclesOf(stack, "tencentcloud_cls_topic")).toEqual([
      { prevent_destroy: true, replace_triggered_by: [expect.stringContaining("terraform_data.Topic_Identity")] },
    ]);
  });

  it("of a pipeline is that of its own bucket", () => {
    const stack = testStack();
    const topic = LogTopic.fromTopicAttributes({ topicId: "t", logsetId: "l" });
    new CosBatchPipeline(stack, "Batch", { topic, appId: APP_ID, removalPolicy: "retain" });
    expect(lifecyclesOf(stack, "tencentcloud_cos_bucket")).toEqual([{ prevent_destroy: true }]);
  });

  it("survives a lifecycle that is set through the handle, unless that says otherwise", () => {
    const stack = testStack();
    const kept = new LogBucket(stack, "Kept", { appId: APP_ID, removalPolicy: "retain" });
    const freed = new LogBucket(stack, "Freed", { appId: APP_ID, removalPolicy: "retain" });
    kept.resource.lifecycle = { ignoreChanges: ["tags"] };
    freed.resource.lifecycle = { preventDestroy: false };
    expect(lifecyclesOf(stack, "tencentcloud_cos_bucket")).toEqual([
      { prevent_destroy: false },
      { prevent_destroy: true, ignore_changes: ["tags"] },
    ]);
  });

  it("of retain is refused beside forceClean, beside another's bucket, and where only the plan would know it", () => {
    const stack = testStack();
    const topic = LogTopic.fromTopicAttributes({ topicId: "t", logsetId: "l" });
    const bucket = LogBucket.fromBucketName(stack, "Lake", "lake-1250000000");
    const removalPolicy = "retain";
    const made = [
      () => new LogBucket(stack, "A", { appId: APP_ID, forceClean: true, removalPolicy }),
      () => new CosBatchPipeline(stack, "B", { topic, appId: APP_ID, forceClean: true, removalPolicy }),
      () => new CosBatchPipeline(stack, "C", { topic, bucket, removalPolicy }),
      () => new LogTopic(stack, "D", { removalPolicy: textToken() as RemovalPolicy }),
      () => new LogTopic(stack, "E", { removalPolicy: "keep" as RemovalPolicy }),
    ];
    const clash =
      'forceClean must be left out beside removalPolicy "retain", got true; a bucket that is kept is not emptied';
    expect(made.map(violationsOf)).toEqual([
      [["LOGS_REMOVAL_POLICY", clash]],
      [["LOGS_REMOVAL_POLICY", clash]],
      [
        [
          "LOGS_BUCKET_PROPS",
          'removalPolicy must be left out beside bucket, got "retain"; set it where the bucket is made',
        ],
      ],
      [["LOGS_PROP_TOKEN", "removalPolicy must be known at synth, got a token; write the value itself"]],
      [["LOGS_REMOVAL_POLICY", 'removalPolicy must be "destroy" or "retain", got "keep"; leave it out for destroy']],
    ]);
  });
});
