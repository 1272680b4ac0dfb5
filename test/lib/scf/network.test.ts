import {
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogTopic,
  type ClsStreamPipelineProps,
  type Network,
} from "../../../lib";
import type { TerraformStack } from "../../../lib/framework";
import { codesOf, onlyResource, readBack, testStack, violationsOf } from "../support/stack";

const VPC = { vpcId: "vpc-1", subnetId: "subnet-1" };
const FAR = "ap-singapore";

interface Settings {
  readonly network?: Network;
  readonly outputs: Record<string, { readonly network?: Network }>;
}

/** What a stream's handler is told, and whether its function reaches the public network. */
function streamed(props: Partial<ClsStreamPipelineProps>, region?: string) {
  const stack = testStack(region);
  stream(stack, props);
  const { enable_public_net, environment } = onlyResource(stack, "tencentcloud_scf_function");
  const settings = JSON.parse(readBack((environment as Record<string, string>).LOGS_SETTINGS)) as Settings;
  const networks = Object.values(settings.outputs ?? {}).map(({ network }) => network);
  return { network: settings.network, outputs: networks, public: enable_public_net };
}

function stream(stack: TerraformStack, props: Partial<ClsStreamPipelineProps>): ClsStreamPipeline {
  const topic = new LogTopic(stack, "Source");
  return new ClsStreamPipeline(stack, "Stream", { topic, appId: "1250000000", ...props });
}

/** An output to each service, near or far. */
function outputs(network?: Network, region = "ap-guangzhou") {
  const stack = testStack();
  const bucket = LogBucket.fromBucketName(stack, "Lake", "lake-1250000000", { region });
  const topic = LogTopic.fromTopicAttributes({ topicId: "t", region });
  return { cos: new CosOutput(bucket, { network, prefix: "a/" }), cls: new ClsOutput(topic, { network }) };
}

/** What the framework's validation says of a stack's constructs. */
const invalid = (stack: TerraformStack) => stack.node.findAll().flatMap(({ node }) => node.validate());

describe("the network of a pipeline and its outputs", () => {
  const both = { defaultOutput: "cos" };

  it("is not spoken of without a vpc", () => {
    expect(streamed({ outputs: outputs(), ...both })).toEqual({
      network: undefined,
      outputs: [undefined, undefined],
      public: true,
    });
    expect(streamed({ network: "public", outputs: outputs("public"), ...both })).toEqual({
      network: "public",
      outputs: ["public", "public"],
      public: true,
    });
  });

  it("is the intranet in a vpc, where it leads there", () => {
    const near = { network: "intranet", outputs: ["intranet", "intranet"], public: false };
    expect(streamed({ vpc: VPC, outputs: outputs(), ...both })).toEqual(near);
    expect(streamed({ vpc: VPC, network: "intranet", outputs: outputs("intranet"), ...both })).toEqual(near);
    expect(streamed({ vpc: VPC, outputs: outputs(undefined, FAR), ...both })).toEqual({
      ...near,
      outputs: ["public", "public"],
    });
    expect(streamed({ vpc: VPC, outputs: outputs(undefined, FAR), ...both }, FAR)).toEqual(near);
  });

  it("turns the public network on where it is asked for, unless that was decided", () => {
    expect(streamed({ vpc: VPC, network: "public" })).toMatchObject({ network: "public", public: true });
    expect(streamed({ vpc: VPC, network: "public", publicNetwork: false })).toMatchObject({ public: false });
    expect(streamed({ vpc: VPC, outputs: outputs("public"), ...both })).toMatchObject({
      network: "intranet",
      outputs: ["public", "public"],
      public: true,
    });
  });

  it("is the intranet for a batch's source as well", () => {
    const stack = testStack();
    new CosBatchPipeline(stack, "Batch", { topic: new LogTopic(stack, "T"), appId: "1250000000", vpc: VPC });
    const { environment } = onlyResource(stack, "tencentcloud_scf_function");
    expect(readBack((environment as Record<string, string>).LOGS_SETTINGS)).toContain('"network":"intranet"');
  });

  it("is refused as the intranet without a vpc", () => {
    const rule = (path: string) => [
      [
        "LOGS_NETWORK",
        `${path} must be "public" without vpc, got "intranet"; give the function a vpc, or leave ${path} out`,
      ],
    ];
    expect(violationsOf(() => stream(testStack(), { network: "intranet" }))).toEqual(rule("network"));
    const { cls, cos } = outputs("intranet");
    expect(violationsOf(() => stream(testStack(), { outputs: { cos } }))).toEqual(rule("outputs.cos.network"));
    expect(violationsOf(() => stream(testStack(), { outputs: { cls } }))).toEqual(rule("outputs.cls.network"));
  });

  it("is refused as the intranet to another region, when the stack is synthesized", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "Notes", "notes-1250000000", { region: FAR });
    stream(stack, { vpc: VPC, network: "intranet", bucket, outputs: outputs("intranet", FAR), ...both });
    const refused = (path: string) =>
      `${path} must be "public" to ${FAR} from a function in ap-guangzhou, got "intranet"; leave ${path} out (LOGS_NETWORK)`;
    expect(invalid(stack).sort()).toEqual(["network", "outputs.cls.network", "outputs.cos.network"].map(refused));
    const near = testStack();
    stream(near, { vpc: VPC, network: "intranet", outputs: outputs("intranet"), ...both });
    expect(invalid(near)).toEqual([]);
  });

  it("is refused by another name", () => {
    const network = "private" as Network;
    expect(codesOf(() => stream(testStack(), { network }))).toEqual(["LOGS_NETWORK"]);
    const { cls, cos } = outputs(network);
    expect(codesOf(() => stream(testStack(), { outputs: { cos } }))).toEqual(["LOGS_NETWORK"]);
    expect(codesOf(() => stream(testStack(), { outputs: { cls } }))).toEqual(["LOGS_NETWORK"]);
  });
});
