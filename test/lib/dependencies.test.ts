import { cosBucket } from "@cdktf/provider-tencentcloud";
import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { CosBatchPipeline, LogBucket, Logset, LogTopic } from "../../lib";
import { App, Construct, TerraformResource, TerraformStack, Testing } from "../../lib/framework";
import { planOf, testStack } from "./support/stack";

const APP_ID = "1250000000";

const addressOf = ({ terraformResourceType, friendlyUniqueId }: TerraformResource) =>
  `${terraformResourceType}.${friendlyUniqueId}`;

/** What each resource waits for, by its address; what waits for nothing is left out. */
function waits(stack: TerraformStack): Record<string, string[]> {
  const { resource } = planOf(stack);
  const entries = Object.entries(resource).flatMap(([type, made]) =>
    Object.entries(made).map(([id, { depends_on }]) => [`${type}.${id}`, depends_on] as const),
  );
  return Object.fromEntries(entries.filter(([, dependsOn]) => dependsOn)) as Record<string, string[]>;
}

describe("construct.node.addDependency", () => {
  it("has each resource of the one wait for each resource of the other", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Bucket", { appId: APP_ID });
    const topic = new LogTopic(stack, "Topic", { index: false });
    topic.node.addDependency(bucket);
    expect(waits(stack)).toEqual(
      Object.fromEntries(
        topic.node
          .findAll()
          .filter((one) => TerraformResource.isTerraformResource(one))
          .map((one) => [addressOf(one), [addressOf(bucket.resource)]]),
      ),
    );
    expect(Object.keys(waits(stack))).toHaveLength(3);
  });

  it("keeps what a resource waits for already", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Bucket", { appId: APP_ID });
    const before = testStack();
    const topic = LogTopic.fromTopicAttributes({ topicId: "t", logsetId: "l" });
    new CosBatchPipeline(before, "Batch", { topic, appId: APP_ID });
    new CosBatchPipeline(stack, "Batch", { topic, appId: APP_ID }).node.addDependency(bucket);
    const [was, is] = [waits(before), waits(stack)];
    for (const [address, awaited] of Object.entries(was)) {
      expect([address, is[address]]).toEqual([address, [...awaited, addressOf(bucket.resource)]]);
    }
    expect(Object.keys(was).length).toBeGreaterThan(0);
  });

  it("takes a resource of the user's own, and is taken by what stands around a construct", () => {
    const stack = testStack();
    const own = new cosBucket.CosBucket(stack, "Own", { bucket: "own-1250000000" });
    const around = new Construct(stack, "Around");
    const { resource } = new Logset(around, "Logset");
    around.node.addDependency(own);
    expect(waits(stack)).toEqual({ [addressOf(resource)]: [addressOf(own)] });
  });

  it("on a construct of another stack is one between the stacks", () => {
    const app = Testing.app() as App;
    const [first, second] = ["first", "second"].map((name) => {
      const stack = new TerraformStack(app, name);
      new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
      return stack;
    });
    const logset = new Logset(first, "Logset");
    new LogBucket(second, "Bucket", { appId: APP_ID }).node.addDependency(logset);
    expect(waits(second)).toEqual({});
    expect(second.dependencies).toEqual([first]);
  });

  it("on a construct inside of itself is none", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Topic");
    topic.node.addDependency(topic.index!);
    expect(Object.values(waits(stack)).flat()).not.toContain(undefined);
    const self = addressOf(topic.index!.resource);
    expect(waits(stack)[self] ?? []).not.toContain(self);
  });
});
