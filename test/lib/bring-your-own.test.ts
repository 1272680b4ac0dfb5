import { FunctionRole } from "../../lib/cam/role";
import { CosShipper } from "../../lib/cls/cos-shipper";
import { LogTopic } from "../../lib/cls/topic";
import { LogBucket } from "../../lib/cos/bucket";
import { TerraformStack, Testing, type Construct } from "../../lib/framework";
import { TencentcloudProvider } from "../../lib/tencentcloud";
import { CosBatchPipeline } from "../../lib/pipelines/cos-batch-pipeline";
import { CosEventSource } from "../../lib/scf/cos-event-source";
import { LogFunction } from "../../lib/scf/function";
import { grantsOf, onlyResource, planOf, resourcesOf, testFunction, testStack, violationsOf } from "./support/stack";

describe("a topic that exists already", () => {
  it("lets a function write to it and search it", () => {
    const stack = testStack();
    const worker = testFunction(stack);
    const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
    topic.grantWrite(worker);
    topic.grantRead(worker);
    const owned = "qcs::cls:ap-guangzhou:uin/<tencentcloud_user_info.owner_uin>";
    expect(grantsOf(stack)).toEqual({
      "cls:pushLog": [`${owned}:topic/topic-1`],
      "cls:SearchLog": [`${owned}:logset/logset-1`, `${owned}:topic/topic-1`],
    });
  });

  it("is named in the region of the provider that makes the function's role", () => {
    const stack = testStack("ap-guangzhou");
    const provider = new TencentcloudProvider(stack, "beijing", { region: "ap-beijing", alias: "beijing" });
    const worker = testFunction(stack, "Worker", { provider });
    LogTopic.fromTopicAttributes({ topicId: "topic-1" }).grantWrite(worker);
    expect(grantsOf(stack)["cls:pushLog"]).toEqual([
      "qcs::cls:ap-beijing:uin/<tencentcloud_user_info.owner_uin>:topic/topic-1",
    ]);
    const [account] = Object.values(planOf(stack).data?.tencentcloud_user_info ?? {});
    expect(account.provider).toBe("tencentcloud.beijing");
  });

  it("cannot be searched while its logset is not known", () => {
    const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1" });
    const [[code, message]] = violationsOf(() => topic.grantRead(testFunction(testStack())));
    expect(code).toBe("LOGS_LOGSET_MISSING");
    expect(message).toContain("pass logsetId to LogTopic.fromTopicAttributes");
  });
});

describe("a function that exists already", () => {
  it("is triggered by a bucket, and its role may read it", () => {
    const stack = testStack();
    const role = FunctionRole.fromRoleName(stack, "Role", "their-role");
    const target = LogFunction.fromFunctionAttributes(stack, "Worker", { functionName: "their-function", role });
    const bucket = LogBucket.fromBucketName(stack, "Bucket", "theirs-1250000000");
    new CosEventSource(bucket, { prefix: "in/" }).bind(target);

    expect(resourcesOf(stack, "tencentcloud_scf_function")).toEqual([]);
    expect(onlyResource(stack, "tencentcloud_scf_trigger")).toMatchObject({
      function_name: "their-function",
      namespace: "default",
      trigger_name: "theirs-1250000000.cos.ap-guangzhou.myqcloud.com",
    });
    expect(onlyResource(stack, "tencentcloud_cam_role_policy_attachment_by_name")).toMatchObject({
      role_name: "their-role",
    });
    expect(grantsOf(stack)["name/cos:GetObject"]).toEqual([
      "qcs::cos:ap-guangzhou:uid/1250000000:theirs-1250000000/in/*",
    ]);
  });
});

describe("a pipeline with a bucket of the user's own", () => {
  const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1" });

  it("refuses what would be ignored in silence", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Bucket", "theirs-1250000000");
    const build = () =>
      new CosBatchPipeline(stack, "Batch", { topic, bucket, forceClean: true, lifecycle: [{ expirationDays: 7 }] });
    expect(violationsOf(build)).toEqual([
      [
        "LOGS_BUCKET_PROPS",
        'lifecycle must be left out beside bucket, got [{"expirationDays":7}]; set it where the bucket is made',
      ],
      ["LOGS_BUCKET_PROPS", "forceClean must be left out beside bucket, got true; set it where the bucket is made"],
    ]);
  });
});

describe("regions", () => {
  const bucketIn = (region?: string) => {
    const stack = testStack("ap-guangzhou");
    return { stack, bucket: LogBucket.fromBucketName(stack, "Bucket", "theirs-1250000000", { region }) };
  };

  it("must be one for a bucket and the function that it triggers: LOGS_REGION_DIFFERS", () => {
    const { stack, bucket } = bucketIn("ap-beijing");
    testFunction(stack).addEventSource(new CosEventSource(bucket));
    expect(() => Testing.synth(stack, true)).toThrow(
      "bucket must be in the region of its function (ap-guangzhou), got ap-beijing; " +
        "choose one in the same region (LOGS_REGION_DIFFERS)",
    );
  });

  it("must be one for a topic and the bucket that it is shipped to", () => {
    const { stack, bucket } = bucketIn();
    const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1", region: "ap-shanghai" });
    new CosShipper(stack, "Shipper", { topic, bucket });
    expect(() => Testing.synth(stack, true)).toThrow("bucket must be in the region of its topic (ap-shanghai)");
  });

  it("pass where they agree, or where only the plan knows them", () => {
    const { stack, bucket } = bucketIn();
    testFunction(stack).addEventSource(new CosEventSource(bucket));
    new CosShipper(stack, "Shipper", { topic: LogTopic.fromTopicAttributes({ topicId: "topic-1" }), bucket });
    expect(() => Testing.synth(stack, true)).not.toThrow();
  });
});

describe("a function's runtime", () => {
  it("replaces the function when it changes", () => {
    const stack = testStack();
    testFunction(stack, "Worker", { runtime: "Nodejs20.19" });
    const { lifecycle } = onlyResource(stack, "tencentcloud_scf_function") as {
      lifecycle: { replace_triggered_by: string[] };
    };
    const [reference] = lifecycle.replace_triggered_by;
    const identity = planOf(stack).resource.terraform_data[reference.split(".")[1]];
    expect(identity.input).toEqual({ runtime: "Nodejs20.19" });
  });
});

describe("what the cloud may know and we do not", () => {
  const warningsOf = (build: (stack: TerraformStack) => Construct) =>
    build(testStack()).node.metadata.map(({ data }) => String(data));

  it("is a warning for a region", () => {
    expect(warningsOf((stack) => new LogBucket(stack, "Bucket", { region: "gz" }))).toEqual([
      'region looks like no region; write it like ap-guangzhou, got "gz"',
    ]);
    expect(warningsOf((stack) => new LogBucket(stack, "Bucket", { region: "ap-guangzhou-open" }))).toEqual([]);
  });

  it("is a warning for a runtime", () => {
    expect(warningsOf((stack) => testFunction(stack, "Worker", { runtime: "node18" }))).toEqual([
      'runtime looks like no runtime of SCF; write it like Nodejs18.15, got "node18"',
    ]);
    expect(warningsOf((stack) => testFunction(stack, "Worker", { runtime: "Nodejs24.11" }))).toEqual([]);
  });
});
