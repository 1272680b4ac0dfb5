import { ClsStreamPipeline, CosBatchPipeline, FunctionRole, LogBucket, LogTopic, Logset } from "../../lib";
import { App, TerraformResource, TerraformStack, Testing } from "../../lib/framework";
import { everything } from "../contract/everything";
import { planOf, testStack } from "./support/stack";

interface Rendered {
  readonly lifecycle?: { readonly replace_triggered_by?: string[]; readonly prevent_destroy?: boolean };
  readonly depends_on?: string[];
  readonly provisioner?: object[];
}

/** What stands in the plan beside arguments, by the resource's address. */
function metaOf(stack: TerraformStack): Record<string, Rendered> {
  const { resource } = planOf(stack) as unknown as { resource: Record<string, Record<string, Rendered>> };
  const entries = Object.entries(resource).flatMap(([type, made]) =>
    Object.entries(made).map(([name, { lifecycle, depends_on, provisioner }]) => [
      `${type}.${name}`,
      { lifecycle, depends_on, provisioner },
    ]),
  );
  return Object.fromEntries(entries) as Record<string, Rendered>;
}

function resourcesIn(stack: TerraformStack): TerraformResource[] {
  return stack.node.findAll().filter((one): one is TerraformResource => TerraformResource.isTerraformResource(one));
}

describe("what a user sets through the handle of a resource", () => {
  // Every resource of every construct that the package exports, so that one with needs of its own cannot be missed.
  const before = metaOf(everything(Testing.app() as App));
  const setOnAll = (set: (resource: TerraformResource) => void) => {
    const stack = everything(Testing.app() as App);
    const resources = resourcesIn(stack);
    resources.forEach(set);
    console.log(`${resources.length} resources`);
    return metaOf(stack);
  };

  it("is added to the lifecycle that the construct needs", () => {
    const after = setOnAll((resource) => (resource.lifecycle = { preventDestroy: true }));
    for (const [address, { lifecycle }] of Object.entries(before)) {
      expect([address, after[address].lifecycle]).toEqual([address, { ...lifecycle, prevent_destroy: true }]);
    }
    expect(Object.values(before).filter(({ lifecycle }) => lifecycle !== undefined).length).toBeGreaterThan(20);
  });

  it("takes nothing away where it is set to nothing", () => {
    const after = setOnAll((resource) => {
      resource.lifecycle = undefined;
      resource.dependsOn = undefined;
      resource.provisioners = undefined;
    });
    expect(after).toEqual(before);
  });

  it("is added to what the resource waits for, and to the commands that it runs", () => {
    const command = { type: "local-exec" as const, command: "echo mine" };
    const after = setOnAll((resource) => {
      resource.dependsOn = ["tencentcloud_vpc.mine"];
      resource.provisioners = [command];
    });
    for (const [address, { depends_on = [], provisioner = [] }] of Object.entries(before)) {
      expect([address, after[address].depends_on]).toEqual([address, [...depends_on, "tencentcloud_vpc.mine"]]);
      expect([address, after[address].provisioner]).toEqual([
        address,
        [...provisioner, { "local-exec": { command: "echo mine" } }],
      ]);
    }
  });

  it("may name the lifecycle that is there, and further references", () => {
    const stack = testStack();
    const { resource } = new LogTopic(stack, "Topic");
    resource.lifecycle = { ...resource.lifecycle, ignoreChanges: ["describes"] };
    resource.lifecycle = { ...resource.lifecycle, replaceTriggeredBy: ["terraform_data.mine"] };
    const { lifecycle } = Object.values(planOf(stack).resource.tencentcloud_cls_topic)[0] as Rendered;
    expect(lifecycle).toEqual({
      ignore_changes: ["describes"],
      replace_triggered_by: [
        expect.stringMatching(/^terraform_data\.Topic_Identity_\w+\.output$/),
        "terraform_data.mine",
      ],
    });
  });

  it("is refused where it takes away a function's settings", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Topic");
    const { function: target } = new ClsStreamPipeline(stack, "Stream", { topic, appId: "1250000000" });
    const { environmentInput } = target.resource;
    expect(target.node.validate()).toEqual([]);
    target.resource.environment = { ...environmentInput, MINE: "1" };
    expect(target.node.validate()).toEqual([]);
    target.resource.environment = { MINE: "1" };
    expect(target.node.validate()).toEqual([
      "resource.environment must keep what the construct set, got it without LOGS_SETTINGS; " +
        "set variables of your own with the prop environment (LOGS_ENVIRONMENT_LOST)",
    ]);
  });
});

describe("the handle of a resource", () => {
  it("is there on all that README names, for TypeScript as well", () => {
    const stack = testStack();
    const logset = new Logset(stack, "Logset");
    const topic = new LogTopic(stack, "Topic", { logset });
    const batch = new CosBatchPipeline(stack, "Batch", { topic, appId: "1250000000" });
    const { bucket, function: target, role, shipper, trigger } = batch;
    const handles = [bucket, target, role, shipper, trigger, batch.topic, topic.logset].map(({ resource }) => resource);
    for (const handle of handles) expect(handle).toBeInstanceOf(TerraformResource);
    bucket.resource?.addOverride("tags.team", "a");
    const { tags } = Object.values(planOf(stack).resource.tencentcloud_cos_bucket)[0];
    expect(tags).toEqual({ team: "a" });
  });

  it("is not there on what was brought along", () => {
    const stack = testStack();
    const imported = [
      LogBucket.fromBucketName(stack, "Bucket", "logs-1250000000"),
      LogTopic.fromTopicAttributes({ topicId: "t" }),
      FunctionRole.fromRoleName(stack, "Role", "worker"),
      Logset.fromLogsetId("l"),
    ];
    expect(imported.map(({ resource }) => resource)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
