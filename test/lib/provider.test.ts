import { Logset, LogTopic } from "../../lib";
import { TerraformProvider, TerraformStack, Testing, type App } from "../../lib/framework";
import { TencentcloudProvider } from "../../lib/tencentcloud";
import { testStack, violationsOf } from "./support/stack";

class OtherProvider extends TerraformProvider {}

/** A stack whose providers have aliases. */
function aliasedStack(): { stack: TerraformStack; provider: TencentcloudProvider } {
  const stack = new TerraformStack(Testing.app() as App, "logs");
  const provider = new TencentcloudProvider(stack, "beijing", { alias: "beijing", region: "ap-beijing" });
  new TencentcloudProvider(stack, "shanghai", { alias: "shanghai", region: "ap-shanghai" });
  return { stack, provider };
}

const synthesized = (stack: TerraformStack) => Testing.synth(stack, true);

describe("the prop provider", () => {
  it("is needed where all providers of the stack have an alias: LOGS_PROVIDER_MISSING", () => {
    const { stack } = aliasedStack();
    new Logset(stack, "Logset");
    expect(() => synthesized(stack)).toThrow(
      "[logs/Logset] provider must be given where all of the stack's providers have an alias (beijing, shanghai), " +
        "got nothing; pass one of them (LOGS_PROVIDER_MISSING)",
    );
  });

  it("may be left out where one without alias comes later", () => {
    const { stack } = aliasedStack();
    new Logset(stack, "Logset");
    new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
    expect(() => synthesized(stack)).not.toThrow();
  });

  it("is handed on, so that what is made within needs none", () => {
    const { stack, provider } = aliasedStack();
    new LogTopic(stack, "Topic", { provider });
    expect(() => synthesized(stack)).not.toThrow();
  });

  it("is one of Tencent Cloud", () => {
    const stack = testStack();
    const provider = new OtherProvider(stack, "Other", { terraformResourceType: "random" });
    expect(violationsOf(() => new Logset(stack, "Logset", { provider }))).toEqual([
      ["LOGS_PROP_TYPE", expect.stringContaining("provider must be a provider of Tencent Cloud")],
    ]);
  });
});
