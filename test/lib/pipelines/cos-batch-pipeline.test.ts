import { DEFAULT_MAX_LINE_BYTES, readCosBatchSettings } from "../../../functions/settings";
import {
  CosBatchPipeline,
  FunctionRole,
  LogBucket,
  LogProcessor,
  LogTopic,
  type CosBatchPipelineProps,
} from "../../../lib";
import { App, TerraformStack, Testing } from "../../../lib/framework";
import { TencentcloudProvider } from "../../../lib/tencentcloud";
import { describeProp } from "../support/refused";
import {
  codesOf,
  grantsOf,
  numberToken,
  onlyResource,
  planOf,
  readBack,
  resourcesOf,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";

const APP = "1250000000";
const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });

/** A pipeline on an imported topic in a stack of its own. */
function pipelineWith(props: Partial<CosBatchPipelineProps> = {}, stack = testStack()): CosBatchPipeline {
  return new CosBatchPipeline(stack, "Batch", { topic: TOPIC, appId: APP, ...props });
}

/** Logical ids of a plan by resource type, without the hash at their end. */
function idsOf(stack: TerraformStack): Record<string, string[]> {
  const types = Object.entries(planOf(stack).resource);
  return Object.fromEntries(types.map(([type, byId]) => [type, Object.keys(byId).map((id) => id.slice(0, -9))]));
}

describe("CosBatchPipeline", () => {
  it("makes everything from ten lines, under ids that are contract", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
    new CosBatchPipeline(stack, "AccessBatch", { topic, appId: APP, shipping: { intervalSeconds: 300 } });
    expect(idsOf(stack)).toEqual({
      tencentcloud_cls_logset: ["Access_Logset"],
      tencentcloud_cls_topic: ["Access"],
      tencentcloud_cls_index: ["Access_Index"],
      tencentcloud_cos_bucket: ["AccessBatch_Bucket"],
      tencentcloud_cls_cos_shipper: ["AccessBatch_Shipper"],
      tencentcloud_scf_function: ["AccessBatch_Function"],
      tencentcloud_scf_trigger: ["AccessBatch_Function_CosTrigger85051b"],
      tencentcloud_cam_role: ["AccessBatch_Function_Role"],
      tencentcloud_cam_policy: ["AccessBatch_Function_Role_Policy"],
      tencentcloud_cam_role_policy_attachment: ["AccessBatch_Function_Role_PolicyAttachment"],
      terraform_data: [
        "AccessBatch_Function_CosTrigger85051b_Identity",
        "AccessBatch_Function_Identity",
        "AccessBatch_Shipper_Identity",
        "Access_Identity",
        "Access_Index_Identity",
      ],
    });
  });

  it("passes the framework's validations", () => {
    expect(() => Testing.synth(TerraformStack.of(pipelineWith()), true)).not.toThrow();
  });

  it("makes no provider, backend or variable", () => {
    const { provider, variable, terraform, data } = planOf(TerraformStack.of(pipelineWith())) as unknown as Record<
      string,
      unknown
    >;
    expect(provider).toEqual({ tencentcloud: [{ region: "ap-guangzhou" }] });
    expect(Object.keys(terraform as object)).toEqual(["required_providers"]);
    expect([variable, data]).toEqual([undefined, undefined]);
  });

  it("triggers the function by what the shipper ships, and ships after the trigger is made", () => {
    const stack = TerraformStack.of(pipelineWith());
    const { trigger_desc } = onlyResource(stack, "tencentcloud_scf_trigger");
    expect(trigger_desc).toBe('{"event":"cos:ObjectCreated:*","filter":{"Prefix":"cls/logs-batch/","Suffix":".gz"}}');
    const shipper = onlyResource(stack, "tencentcloud_cls_cos_shipper");
    expect(shipper).toMatchObject({ topic_id: "topic-1", prefix: "cls/logs-batch/", compress: { format: "gzip" } });
    const [triggerId] = Object.keys(planOf(stack).resource.tencentcloud_scf_trigger);
    expect(shipper.depends_on).toEqual([`tencentcloud_scf_trigger.${triggerId}`]);
  });

  it("triggers for files of any name where they are not compressed", () => {
    const stack = TerraformStack.of(pipelineWith({ shipping: { compression: "none", prefix: "raw/" } }));
    expect(onlyResource(stack, "tencentcloud_scf_trigger").trigger_desc).toContain('"Prefix":"raw/","Suffix":""');
    expect(onlyResource(stack, "tencentcloud_cls_cos_shipper").compress).toEqual({ format: "none" });
  });

  it("lets the function read what is shipped, write and delete notes, and nothing else", () => {
    const objects = `qcs::cos:ap-guangzhou:uid/${APP}:<tencentcloud_cos_bucket.bucket>`;
    expect(grantsOf(TerraformStack.of(pipelineWith()))).toEqual({
      "name/cos:GetObject": [`${objects}/cls/logs-batch/*`],
      "name/cos:PutObject": [`${objects}/quarantine/logs-batch/*`],
      "name/cos:DeleteObject": [`${objects}/quarantine/logs-batch/*`],
    });
  });

  it("writes settings that the handler takes", () => {
    const processor = LogProcessor.count({ check: "shape" });
    const pipeline = pipelineWith({ processor, maxLineBytes: 2048, quarantinePrefix: "notes/${x}/" });
    const { environment } = onlyResource(TerraformStack.of(pipeline), "tencentcloud_scf_function");
    const { LOGS_SETTINGS } = environment as Record<string, string>;
    expect(readCosBatchSettings({ LOGS_SETTINGS: readBack(LOGS_SETTINGS) })).toEqual({
      version: 1,
      region: "ap-guangzhou",
      processor: { type: "count", check: "shape" },
      quarantine: { bucket: "<tencentcloud_cos_bucket.bucket>", region: "ap-guangzhou", prefix: "notes/${x}/" },
      maxLineBytes: 2048,
      outputs: {},
    });
  });

  it("counts by parsing, with lines of up to 1 MiB, unless it is told otherwise", () => {
    const { environment } = onlyResource(TerraformStack.of(pipelineWith()), "tencentcloud_scf_function");
    expect(JSON.parse(readBack((environment as Record<string, string>).LOGS_SETTINGS))).toMatchObject({
      processor: { type: "count", check: "json" },
      maxLineBytes: DEFAULT_MAX_LINE_BYTES,
    });
  });

  it("shows what it made", () => {
    const pipeline = pipelineWith();
    expect(pipeline.topic).toBe(TOPIC);
    expect(pipeline.function.role).toBe(pipeline.role);
    expect(pipeline.shipper.prefix).toBe("cls/logs-batch/");
    expect(pipeline.quarantinePrefix).toBe("quarantine/logs-batch/");
    expect([pipeline.bucket, pipeline.trigger].map(({ node }) => node.path)).toEqual([
      "logs/Batch/Bucket",
      expect.stringMatching(/^logs\/Batch\/Function\/CosTrigger/),
    ]);
  });

  it("takes a bucket and a role that exist already", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Bucket", "archive-1259999999");
    const role = FunctionRole.fromRoleName(stack, "Role", "run-role");
    const pipeline = pipelineWith({ bucket, role }, stack);
    expect(pipeline.bucket).toBe(bucket);
    expect(pipeline.role).toBe(role);
    expect(resourcesOf(stack, "tencentcloud_cos_bucket")).toEqual([]);
    expect(resourcesOf(stack, "tencentcloud_cam_role")).toEqual([]);
    expect(grantsOf(stack)).toMatchObject({
      "name/cos:GetObject": ["qcs::cos:ap-guangzhou:uid/1259999999:archive-1259999999/cls/logs-batch/*"],
    });
    expect(onlyResource(stack, "tencentcloud_scf_trigger").depends_on).toEqual([
      expect.stringMatching(/^tencentcloud_cam_role_policy_attachment_by_name\.Role_PolicyAttachment_/),
    ]);
  });

  it("shares a bucket with others, each below its own prefix", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Bucket", { appId: APP });
    for (const id of ["One", "Two"]) new CosBatchPipeline(stack, id, { topic: TOPIC, bucket });
    expect(resourcesOf(stack, "tencentcloud_cos_bucket")).toHaveLength(1);
    expect(resourcesOf(stack, "tencentcloud_cls_cos_shipper").map(({ prefix }) => prefix)).toEqual([
      "cls/logs-one/",
      "cls/logs-two/",
    ]);
    const nested = { topic: TOPIC, bucket, shipping: { prefix: "cls/logs-one/more/" } };
    expect(codesOf(() => new CosBatchPipeline(stack, "Three", nested))).toEqual(["LOGS_COS_TRIGGER_OVERLAP"]);
  });

  it("stands in several stacks of an app, under names of its own in each", () => {
    const app = Testing.app() as App;
    const names = ["one", "two"].map((id) => {
      const stack = new TerraformStack(app, id);
      new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
      pipelineWith({}, stack);
      return onlyResource(stack, "tencentcloud_scf_function").name;
    });
    expect(names).toEqual([
      expect.stringMatching(/^one-batch-function-\w{6}$/),
      expect.stringMatching(/^two-batch-function-\w{6}$/),
    ]);
  });

  it("hands its provider to every resource and data source, with that provider's region", () => {
    const stack = testStack();
    const provider = new TencentcloudProvider(stack, "beijing", { region: "ap-beijing", alias: "beijing" });
    const topic = new LogTopic(stack, "Access", { provider });
    const pipeline = pipelineWith({ topic, appId: undefined, provider }, stack);
    topic.grantRead(pipeline.function);
    const { resource, data = {} } = planOf(stack);
    const made = [...Object.entries(resource), ...Object.entries(data)].filter(([type]) => /^tencentcloud_/.test(type));
    expect(made.map(([type]) => type)).toHaveLength(11);
    for (const [type, byId] of made) {
      for (const settings of Object.values(byId)) {
        expect([type, settings.provider]).toEqual([type, "tencentcloud.beijing"]);
      }
    }
    expect(onlyResource(stack, "tencentcloud_scf_trigger").trigger_name).toMatch(/\.cos\.ap-beijing\.myqcloud\.com$/);
  });

  it("hands its tags to every resource that can have some", () => {
    const tags = { team: "web" };
    const { resource } = planOf(TerraformStack.of(pipelineWith({ tags })));
    const tagged = Object.entries(resource).filter(([, byId]) => Object.values(byId).every((made) => "tags" in made));
    expect(tagged.map(([type]) => type)).toEqual([
      "tencentcloud_cam_policy",
      "tencentcloud_cam_role",
      "tencentcloud_cos_bucket",
      "tencentcloud_scf_function",
    ]);
    for (const [, byId] of tagged) for (const made of Object.values(byId)) expect(made.tags).toEqual(tags);
  });

  it("hands on what it takes for its function and its bucket", () => {
    const stack = TerraformStack.of(
      pipelineWith({
        functionName: "access-batch",
        memorySizeMb: 512,
        timeoutSeconds: 60,
        logTopic: LogTopic.fromTopicAttributes({ topicId: "topic-2", logsetId: "logset-2" }),
        vpc: { vpcId: "vpc-1", subnetId: "subnet-1" },
        lifecycle: [{ expirationDays: 1 }],
        forceClean: true,
        region: "ap-shanghai",
      }),
    );
    expect(onlyResource(stack, "tencentcloud_scf_function")).toMatchObject({
      name: "access-batch",
      mem_size: 512,
      timeout: 60,
      cls_topic_id: "topic-2",
      cls_logset_id: "logset-2",
      vpc_id: "vpc-1",
      subnet_id: "subnet-1",
      enable_public_net: false,
    });
    expect(onlyResource(stack, "tencentcloud_cos_bucket")).toMatchObject({
      force_clean: true,
      lifecycle_rules: [{ expiration: { days: 1 } }],
    });
    expect(onlyResource(stack, "tencentcloud_scf_trigger").trigger_name).toMatch(/\.cos\.ap-shanghai\./);
  });

  it("keeps its default prefixes short enough, however deep it stands", () => {
    const build = () => new CosBatchPipeline(testStack(), "x".repeat(300), { topic: TOPIC, appId: APP });
    expect(codesOf(build)).toEqual([]);
  });

  it("is refused where its notes would trigger it: LOGS_SELF_TRIGGER", () => {
    expect(codesOf(() => pipelineWith({ shipping: { prefix: "a/" }, quarantinePrefix: "a/q/" }))).toEqual([
      "LOGS_SELF_TRIGGER",
    ]);
  });

  it("is refused where its own log goes to its topic: LOGS_SELF_LOG", () => {
    expect(codesOf(() => pipelineWith({ logTopic: TOPIC }))).toEqual(["LOGS_SELF_LOG"]);
  });

  describeProp({
    prop: "maxLineBytes",
    code: "LOGS_LINE_LIMIT",
    rule: "must be a whole number from 1024 to 67108864 bytes",
    build: (maxLineBytes: number) => pipelineWith({ maxLineBytes }),
    passes: [1024, 67108864, numberToken()],
    refused: [1023, 67108865],
  });

  describeProp({
    prop: "quarantinePrefix",
    code: "LOGS_QUARANTINE_PREFIX",
    rule: "must have up to 255 characters, not begin with / and end with it",
    build: (quarantinePrefix: string) => pipelineWith({ quarantinePrefix }),
    passes: ["q/", "隔离/", `${"x".repeat(254)}/`, textToken()],
    refused: ["", "/", "/q/", "q", `${"x".repeat(255)}/`],
  });

  it("reports all that is wrong at once, by the paths of its own props", () => {
    const wrong = {
      shipping: { intervalSeconds: 299, compression: "lzop" as "gzip" },
      memorySizeMb: 100,
      functionName: "",
      appId: "1",
      lifecycle: [{}],
      maxLineBytes: 0,
    };
    expect(
      violationsOf(() => pipelineWith(wrong)).map(([code, message]) => `${code} ${message.split(" ")[0]}`),
    ).toEqual([
      "LOGS_SHIP_INTERVAL shipping.intervalSeconds",
      "LOGS_SHIP_COMPRESSION shipping.compression",
      "LOGS_FUNCTION_NAME functionName",
      "LOGS_FUNCTION_MEMORY memorySizeMb",
      "LOGS_APP_ID appId",
      "LOGS_LIFECYCLE lifecycle[0]",
      "LOGS_LINE_LIMIT maxLineBytes",
    ]);
  });
});
