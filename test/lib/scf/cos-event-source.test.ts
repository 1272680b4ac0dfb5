import { LogBucket } from "../../../lib/cos/bucket";
import { FunctionCode } from "../../../lib";
import { CosEventSource, type CosEventSourceProps } from "../../../lib/scf/cos-event-source";
import { describeProp } from "../support/refused";
import { grantsOf, onlyResource, planOf, testFunction, testStack, textToken, violationsOf } from "../support/stack";

function triggered(props: CosEventSourceProps = {}) {
  const stack = testStack();
  const target = testFunction(stack);
  const bucket = LogBucket.fromBucketName(stack, "Bucket", "logs-1250000000");
  const { resource } = new CosEventSource(bucket, props).bind(target);
  return { stack, resource };
}

const triggerOf = (props: CosEventSourceProps) => onlyResource(triggered(props).stack, "tencentcloud_scf_trigger");

describe("CosEventSource", () => {
  it("names the trigger by the bucket's domain and says what the provider compares, in the order of Go's encoder", () => {
    const { lifecycle, depends_on, ...trigger } = triggerOf({ prefix: "cls/<a>/", suffix: ".gz" });
    expect(lifecycle).toBeDefined();
    expect(depends_on).toBeDefined();
    expect(trigger).toEqual({
      function_name: expect.stringMatching(/^\$\{tencentcloud_scf_function\.Worker_\w+\.name\}$/),
      namespace: "default",
      type: "cos",
      trigger_name: "logs-1250000000.cos.ap-guangzhou.myqcloud.com",
      trigger_desc: '{"event":"cos:ObjectCreated:*","filter":{"Prefix":"cls/\\u003ca\\u003e/","Suffix":".gz"}}',
      qualifier: "$DEFAULT",
      enable: "OPEN",
    });
  });

  it("fires for all new objects by default", () => {
    expect(triggerOf({}).trigger_desc).toBe('{"event":"cos:ObjectCreated:*","filter":{"Prefix":"","Suffix":""}}');
  });

  it("of objects that go is for functions of one's own: LOGS_EVENT_SOURCE", () => {
    const event = "cos:ObjectRemove:Delete";
    expect(JSON.parse(triggerOf({ event }).trigger_desc as string)).toMatchObject({ event });
    const stack = testStack();
    const target = testFunction(stack, "Worker", { code: FunctionCode.prebuilt("cos-batch") });
    const bucket = LogBucket.fromBucketName(stack, "Bucket", "logs-1250000000");
    expect(violationsOf(() => new CosEventSource(bucket, { event }).bind(target))).toEqual([
      [
        "LOGS_EVENT_SOURCE",
        'event must tell of objects that are there, got "cos:ObjectRemove:Delete" for "cos-batch"; ' +
          "leave it out, or use a function of your own",
      ],
    ]);
  });

  it("can be closed, and invoke a version", () => {
    expect(triggerOf({ enabled: false, qualifier: "3" })).toMatchObject({ enable: "CLOSE", qualifier: "3" });
  });

  it("names the bucket of a LogBucket by reference, so that it is made first", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Bucket", { appId: "1250000000" });
    testFunction(stack).addEventSource(new CosEventSource(bucket));
    expect(onlyResource(stack, "tencentcloud_scf_trigger").trigger_name).toMatch(
      /^\$\{tencentcloud_cos_bucket\.Bucket_\w+\.bucket\}\.cos\.ap-guangzhou\.myqcloud\.com$/,
    );
  });

  it("lets the function read what it is triggered by, before the trigger is made", () => {
    const { stack } = triggered({ prefix: "cls/" });
    expect(grantsOf(stack)).toEqual({
      "name/cos:GetObject": ["qcs::cos:ap-guangzhou:uid/1250000000:logs-1250000000/cls/*"],
    });
    const [attachment] = Object.keys(planOf(stack).resource.tencentcloud_cam_role_policy_attachment);
    expect(onlyResource(stack, "tencentcloud_scf_trigger").depends_on).toEqual([
      `tencentcloud_cam_role_policy_attachment.${attachment}`,
    ]);
  });

  it("is replaced, since SCF updates no COS trigger, and when the function is made anew", () => {
    const { stack } = triggered({ prefix: "cls/" });
    const [[id, identity]] = Object.entries(planOf(stack).resource.terraform_data);
    const trigger = onlyResource(stack, "tencentcloud_scf_trigger");
    expect(identity.input).toEqual({
      description: trigger.trigger_desc,
      enabled: trigger.enable,
      function: expect.stringMatching(/^\$\{tencentcloud_scf_function\.Worker_\w+\.function_id\}$/),
      qualifier: trigger.qualifier,
      triggerName: trigger.trigger_name,
    });
    expect(trigger.lifecycle).toEqual({ replace_triggered_by: [`terraform_data.${id}.output`] });
  });

  describeProp({
    prop: "suffix",
    code: "LOGS_COS_SUFFIX",
    rule: "must begin with a dot, like .gz",
    build: (suffix: string) => triggered({ suffix }),
    passes: [".gz", ".json.gz", textToken()],
    refused: ["", ".", "gz", "_0.gz"],
  });
});
