import { rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogTopic,
  type CosBatchPipelineProps,
  type PipelineProps,
} from "../../../lib";
import { Lazy, Testing, type TerraformStack } from "../../../lib/framework";
import { LocalCloud, type LocalCloudOptions } from "../../../local/cloud";
import { testStack } from "../../lib/support/stack";

/** The bucket of a deployed pipeline. */
export const BUCKET = "lake-1250000000";

const cleanUps: (() => Promise<void> | void)[] = [];

/** Registers cleanup for a deployment; it runs in reverse order. */
export function endWithDeployed(cleanUp: () => Promise<void> | void): void {
  cleanUps.push(cleanUp);
}

/** Call it after each test. */
export async function removeDeployed(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}

/** A value that only the plan knows, like a variable of the user. */
export function secret(value: string): string {
  return Lazy.stringValue({ produce: () => value });
}

type Props = (bucket: LogBucket) => Partial<PipelineProps>;

/** A stream of the topic `access`, with the built handler and the constructs' plan, on a local cloud. */
export function deployStream(props: Props, options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  return deploy((stack, topic, bucket) => {
    new ClsStreamPipeline(stack, "Stream", { topic, bucket, functionName: "stream", ...NOTES, ...props(bucket) });
  }, options);
}

/** The same for a batch pipeline of files below `cls/`. */
export function deployBatch(props: Props, options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const shipping = { prefix: "cls/" };
  return deploy((stack, topic, bucket) => {
    new CosBatchPipeline(stack, "Batch", {
      topic,
      bucket,
      shipping,
      functionName: "batch",
      ...NOTES,
      ...props(bucket),
    });
  }, options);
}

/** The same for objects that something else writes: files that end with `.gz`, below two prefixes of the bucket. */
export function deploySource(
  props: Partial<CosBatchPipelineProps> = {},
  options: Partial<LocalCloudOptions> = {},
): Promise<LocalCloud> {
  const stack = testStack();
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
  new CosBatchPipeline(stack, "Batch", {
    source: { prefixes: ["logs/a/", "logs/b/"], suffix: ".gz" },
    bucket,
    functionName: "batch",
    ...NOTES,
    outputs: { lake: new CosOutput(bucket, { prefix: "lake/" }) },
    ...props,
  });
  return deployStack(stack, options);
}

const NOTES = { appId: "1250000000", quarantinePrefix: "quarantine/" };

async function deploy(
  build: (stack: TerraformStack, topic: LogTopic, bucket: LogBucket) => void,
  options: Partial<LocalCloudOptions>,
): Promise<LocalCloud> {
  const stack = testStack();
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
  build(stack, new LogTopic(stack, "Access", { topicName: "access" }), bucket);
  return deployStack(stack, options);
}

/** Deploys a stack's plan on a local cloud. */
export async function deployStack(
  stack: TerraformStack,
  options: Partial<LocalCloudOptions> = {},
): Promise<LocalCloud> {
  const folder = Testing.fullSynth(stack);
  endWithDeployed(() => rmSync(folder, { recursive: true }));
  const cloud = await LocalCloud.deploy({ stackFolder: join(folder, "stacks", stack.node.id), ...options });
  endWithDeployed(() => cloud.close());
  return cloud;
}

/** The stored objects of the bucket below a prefix. */
export async function objectsUnder(cloud: LocalCloud, prefix: string): Promise<Map<string, Buffer>> {
  const bucket = cloud.bucket(BUCKET);
  const objects = bucket.keys(prefix).map(async (key) => [key, Buffer.from(await bucket.read(key))] as const);
  return new Map(await Promise.all(objects));
}

/** The lines of all gzip objects below a prefix. */
export async function linesUnder(cloud: LocalCloud, prefix: string): Promise<string[]> {
  const objects = [...(await objectsUnder(cloud, prefix))].filter(([key]) => key.endsWith(".gz"));
  return objects.flatMap(([, content]) => gunzipSync(content).toString().trimEnd().split("\n"));
}
