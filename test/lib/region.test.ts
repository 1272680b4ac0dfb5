import { DataResource } from "cdktf";
import { LogTopic } from "../../lib/cls/topic";
import { LogBucket } from "../../lib/cos/bucket";
import { LogsError } from "../../lib/errors";
import { App, Lazy, TerraformProvider, TerraformStack, Testing } from "../../lib/framework";
import { regionOf } from "../../lib/region";
import { TencentcloudProvider } from "../../lib/tencentcloud";
import { planOf, testStack } from "./support/stack";

const bareStack = () => new TerraformStack(Testing.app() as App, "logs");

/** What a region is in the plan. */
function planned(stack: TerraformStack, region: string): unknown {
  new DataResource(stack, "Shown", { input: { region } });
  return planOf(stack).resource.terraform_data.Shown.input;
}

class OtherProvider extends TerraformProvider {}

describe("regionOf", () => {
  it("is the prop, whatever the provider's is", () => {
    const stack = bareStack();
    expect(regionOf(stack, { region: "ap-beijing" })).toBe("ap-beijing");
  });

  it("is the region of a provider that is made later", () => {
    const stack = bareStack();
    const region = regionOf(stack, {});
    new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
    expect(planned(stack, region)).toEqual({ region: "ap-guangzhou" });
  });

  it("is the region of the provider that is passed, else of the one without alias", () => {
    const stack = bareStack();
    const provider = new TencentcloudProvider(stack, "a", { region: "ap-beijing", alias: "beijing" });
    new TencentcloudProvider(stack, "b", { region: "ap-guangzhou" });
    expect(planned(stack, `${regionOf(stack, { provider })} ${regionOf(stack, {})}`)).toEqual({
      region: "ap-beijing ap-guangzhou",
    });
  });

  it("is an expression where the provider's region is one", () => {
    const stack = bareStack();
    new TencentcloudProvider(stack, "tencentcloud", { region: Lazy.stringValue({ produce: () => "${var.region}" }) });
    expect(planned(stack, regionOf(stack, {}))).toEqual({ region: "${var.region}" });
  });

  it("comes from no other cloud's provider", () => {
    const stack = bareStack();
    new OtherProvider(stack, "Other", { terraformResourceType: "random" });
    expect(refusal(stack)).toContain("no Tencent Cloud provider is in the stack");
  });

  it("is refused where the provider has none: LOGS_REGION_MISSING", () => {
    const stack = bareStack();
    new TencentcloudProvider(stack, "tencentcloud");
    expect(refusal(stack)).toContain(
      "[logs/Bucket] region must be known at synth, but the provider has no region; " +
        "set region on the provider or on the construct (LOGS_REGION_MISSING)",
    );
  });

  it("is not asked for where nothing needs it", () => {
    const stack = bareStack();
    new LogBucket(stack, "Bucket", { appId: "1250000000" });
    expect(() => planOf(stack)).not.toThrow();
  });
});

describe("the prop region", () => {
  const topicIn = (region: string, stack = testStack()) => new LogTopic(stack, "Topic", { region });

  it("must be the provider's: LOGS_REGION_DIFFERS", () => {
    const topic = topicIn("ap-shanghai");
    expect(() => Testing.synth(TerraformStack.of(topic), true)).toThrow(
      '[logs/Topic] region must be the one that the provider works in (ap-guangzhou), got "ap-shanghai"; ' +
        "leave it out, or pass a provider of that region (LOGS_REGION_DIFFERS)",
    );
  });

  it.each([
    ["the provider says the same", "ap-guangzhou", "ap-guangzhou"],
    ["the provider says none", undefined, "ap-shanghai"],
    ["only the plan knows the provider's", Lazy.stringValue({ produce: () => "${var.region}" }), "ap-shanghai"],
  ])("passes where %s", (_where, provided, region) => {
    const stack = bareStack();
    new TencentcloudProvider(stack, "tencentcloud", { region: provided });
    topicIn(region, stack);
    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  it("is warned of where it is unknown, with the one that is near", () => {
    const warnings = (region: string) => topicIn(region).node.metadata.map(({ data }) => String(data));
    expect(warnings("ap-guangzou")).toEqual([
      'region is none that this release knows, got "ap-guangzou"; did you mean ap-guangzhou?',
    ]);
    expect(warnings("me-newplace")).toEqual([
      'region is none that this release knows, got "me-newplace"; correct it unless it is a new one',
    ]);
  });

  it("of a provider is warned of as well, once", () => {
    const stack = bareStack();
    const provider = new TencentcloudProvider(stack, "tencentcloud", { region: "ap-beijng" });
    new LogTopic(stack, "One");
    new LogTopic(stack, "Other");
    const warnings = provider.node.metadata.filter(({ type }) => type === "@cdktf/warn");
    expect(warnings.map(({ data }) => String(data))).toEqual([
      'region is none that this release knows, got "ap-beijng"; did you mean ap-beijing?',
    ]);
  });
});

/** The message with which a region is refused at synth. */
function refusal(stack: TerraformStack): string {
  const bucket = new LogBucket(stack, "Bucket", { appId: "1250000000" });
  try {
    planned(stack, bucket.region);
  } catch (error) {
    expect(error).toBeInstanceOf(LogsError);
    expect(error).toMatchObject({ code: "LOGS_REGION_MISSING", constructPath: "logs/Bucket" });
    return (error as LogsError).message;
  }
  throw new Error("synth must refuse a region that is not known");
}
