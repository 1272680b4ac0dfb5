import { rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Summary } from "../../functions/invocation/summary";
import { SETTINGS_VARIABLE, type PipelineSettings } from "../../functions/settings";
import { LocalCloud } from "../../local/cloud";
import { readStack } from "../../local/plan/stack";
import { uploadRecords } from "../../local/feed/cls-client";
import { toRecord } from "../../local/feed/record";
import { sourcesOf } from "../../local/feed/source";
import { findTarget, type Target } from "../../local/feed/target";
import { refuse } from "../errors";
import { resolved, TerraformStack, Testing, type IConstruct } from "../framework";
import { ClsStreamPipeline } from "../pipelines/cls-stream-pipeline";
import { CosBatchPipeline } from "../pipelines/cos-batch-pipeline";
import type { CosSource } from "../pipelines/cos-source";
import type { ArrivedRecord } from "./arrived-record";
import { objectsAt, recordsAt } from "./outputs";
import { WebhookStandIn } from "../../local/webhook/stand-in";

/** Options of {@link runPipeline}. */
export interface RunPipelineOptions {
  /**
   * Records that arrive in the pipeline's topic: objects, or lines of text as a collector sends them. CLS stores all
   * values as strings, so 503 arrives as "503". A pipeline with a `source` has no topic: use `objects`.
   * @default none
   */
  readonly input?: Iterable<object | string>;
  /**
   * Objects to put into the bucket of a `CosBatchPipeline`, unchanged, by name below the prefix of the shipper or of
   * the source (the first one if it has several). A name that begins with one of these prefixes is a full key. Text is
   * compressed with gzip if its name ends with `.gz`.
   * @default none
   */
  readonly objects?: Readonly<Record<string, string | Uint8Array>>;
  /**
   * Values of the stack's variables, by name. The address of a webhook, a search cluster or a collector needs no value:
   * a stand-in on loopback takes its place.
   * @default the variables' defaults
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The result of running a pipeline. */
export interface PipelineRun {
  /**
   * The records that arrived at each output; none for outputs that write Parquet. For a bot they are its messages. For
   * a search cluster they have `_index` and `_id`. For OTLP they are log records with `body`, `attributes`, `resource`
   * and so on.
   */
  readonly outputs: Readonly<Record<string, readonly ArrivedRecord[]>>;
  /**
   * The objects of each output to COS, by key below its prefix. A Parquet output has only these: to check their
   * content, use a Parquet reader in the test.
   */
  readonly objects: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;
  /** The return values of the function, one per invocation, without failed invocations. */
  readonly summaries: readonly Summary[];
  /** What remains in quarantine: JSON notes by key, in order. */
  readonly notes: Readonly<Record<string, unknown>>;
  /** Error messages of failed invocations, including retries. */
  readonly errors: readonly string[];
  /** Lines of the function's log. */
  readonly log: readonly string[];
}

type Pipeline = CosBatchPipeline | ClsStreamPipeline;

/** Records per upload. */
const UPLOAD_RECORDS = 250;

/**
 * Runs a pipeline of a stack as if it were deployed. It synthesizes the stack, deploys the plan to a local cloud in
 * this process, sends the input, advances the clock until all is processed, and returns what arrived. It needs no
 * account, no Terraform and no network. A run takes about 300 ms, and longer if code is bundled.
 *
 * @param of the pipeline, or a stack that contains exactly one
 * @throws `LogsError` if the stack contains no pipeline or several; the local cloud's error if it refuses the plan
 */
export async function runPipeline(
  of: TerraformStack | Pipeline,
  options: RunPipelineOptions = {},
): Promise<PipelineRun> {
  const pipeline = pipelineIn(of);
  const folder = Testing.fullSynth(TerraformStack.of(pipeline));
  const webhooks = await WebhookStandIn.start();
  try {
    const stackFolder = join(folder, "stacks", TerraformStack.of(pipeline).node.id);
    const variables = { ...standIns(stackFolder, webhooks), ...options.variables };
    const cloud = await LocalCloud.deploy({ stackFolder, variables });
    try {
      return await run(pipeline, { cloud, webhooks, options });
    } finally {
      await cloud.close();
    }
  } finally {
    await webhooks.close();
    rmSync(folder, { recursive: true });
  }
}

interface Run {
  readonly cloud: LocalCloud;
  readonly webhooks: WebhookStandIn;
  readonly options: RunPipelineOptions;
}

async function run(pipeline: Pipeline, { cloud, webhooks, options }: Run): Promise<PipelineRun> {
  const functionName = String(resolved(pipeline, pipeline.function.resource.nameInput));
  const environment = cloud.variablesOf(functionName);
  const settings = JSON.parse(environment[SETTINGS_VARIABLE]) as PipelineSettings;
  const outputs = Object.entries(settings.outputs ?? {});
  for (const [, output] of outputs) {
    if (output.type === "webhook") webhooks.speak(environment[output.urlSecret], output.format);
    else if ("urlSecret" in output) webhooks.speak(environment[output.urlSecret], output.type);
  }
  await feed(pipeline, functionName, cloud, options);
  await cloud.settled();

  const objects = await objectsAt(outputs, cloud);
  const arrivals = { cloud, objects, environment, webhooks };
  const invocations = cloud.invocations.filter((one) => one.functionName === functionName);
  return {
    outputs: Object.fromEntries(outputs.map(([name, output]) => [name, recordsAt(name, output, arrivals)])),
    objects,
    summaries: invocations.flatMap(({ result }) => (result === undefined ? [] : [result as Summary])),
    notes: await notesIn(cloud, settings.quarantine),
    errors: invocations.flatMap(({ error }) => (error === undefined ? [] : [error.errorMessage])),
    log: invocations.flatMap(({ log }) => log),
  };
}

/** The pipeline itself, or the only pipeline of a stack. */
function pipelineIn(of: TerraformStack | Pipeline): Pipeline {
  if (isPipeline(of)) return requireCapturable(of);
  const found = of.node.findAll().filter(isPipeline);
  if (found.length === 1) return requireCapturable(found[0]);
  const got = found.length === 0 ? "none" : found.map(({ node }) => node.path).join(", ");
  return refuse(of, "LOGS_RUN_PIPELINE", `the stack must hold one pipeline, got ${got}; hand the pipeline itself over`);
}

function isPipeline(construct: IConstruct): construct is Pipeline {
  return construct instanceof CosBatchPipeline || construct instanceof ClsStreamPipeline;
}

/** There is no broker on loopback that could receive the records. */
function requireCapturable(pipeline: Pipeline): Pipeline {
  const variables = JSON.stringify(resolved(pipeline, pipeline.function.resource.environmentInput) ?? "");
  if (!variables.includes('\\"type\\":\\"ckafka\\"')) return pipeline;
  return refuse(
    pipeline,
    "LOGS_RUN_PIPELINE",
    "outputs must not hold a CkafkaOutput, got one; runPipeline has no broker: leave that output out of the stack under test",
  );
}

/** An address for each variable without a value, which may be that of a webhook. */
function standIns(stackFolder: string, webhooks: WebhookStandIn): Record<string, string> {
  const open = [...readStack(stackFolder).variables].filter(([, fallback]) => fallback === undefined);
  return Object.fromEntries(open.map(([name]) => [name, webhooks.address(name)]));
}

/** Sends the input, and advances the clock by the time that CLS waits. */
async function feed(
  pipeline: Pipeline,
  functionName: string,
  cloud: LocalCloud,
  { input = [], objects = {} }: RunPipelineOptions,
): Promise<void> {
  if (pipeline instanceof CosBatchPipeline && pipeline.source !== undefined) {
    if (Array.from(input).length > 0) {
      refuse(
        pipeline,
        "LOGS_RUN_PIPELINE",
        "input must be left out for a pipeline with a source, got some; give objects",
      );
    }
    const { suffix = "" } = pipeline.source;
    const other = Object.keys(objects).find((name) => !name.endsWith(suffix));
    if (other !== undefined) {
      const told = `objects must have names that end with ${suffix}, as the source asks for, got ${JSON.stringify(other)}`;
      refuse(pipeline, "LOGS_RUN_PIPELINE", `${told}; nothing would read it, add the suffix`);
    }
    return putAll(sourceOf(pipeline, pipeline.source, functionName, cloud), objects);
  }
  const { topic, waitSeconds } = entryOf(pipeline, functionName, cloud);
  const lines = Array.from(input, (one) => (typeof one === "string" ? one : JSON.stringify(one)));
  for (let start = 0; start < lines.length; start += UPLOAD_RECORDS) {
    const records = lines.slice(start, start + UPLOAD_RECORDS).map((line) => toRecord(line, cloud.clock.now()));
    await cloud.clock.advanceTo(Math.max(...records.map(({ time }) => time)));
    await uploadRecords(cloud, topic, records);
  }
  await cloud.clock.advance(waitSeconds * 1000);
  // In sequence, so that invocations have the same order each time.
  await cloud.settled();
  if (Object.keys(objects).length > 0) await putObjects(pipeline, cloud, objects);
}

/** The entry of the records, and how long CLS collects them. */
function entryOf(pipeline: Pipeline, functionName: string, cloud: LocalCloud) {
  if (pipeline instanceof CosBatchPipeline) {
    const { spec, topic } = findTarget(cloud).shipper;
    return { topic, waitSeconds: spec.intervalSeconds };
  }
  const delivery = cloud.deliveries.all().find(({ spec }) => spec.functionName === functionName);
  if (delivery) return { topic: delivery.topic, waitSeconds: delivery.spec.waitSeconds };
  return refuse(pipeline, "LOGS_RUN_PIPELINE", "the pipeline must be enabled to be run, got one that is not");
}

async function putObjects(
  pipeline: Pipeline,
  cloud: LocalCloud,
  objects: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  if (pipeline instanceof ClsStreamPipeline) {
    refuse(pipeline, "LOGS_RUN_PIPELINE", "objects must be left out for a ClsStreamPipeline, got some; give input");
  }
  await putAll(findTarget(cloud), objects);
}

/** Location of a source's objects according to the plan. */
function sourceOf(pipeline: Pipeline, { prefixes }: CosSource, functionName: string, cloud: LocalCloud): Place {
  const source = sourcesOf(cloud).find((one) => one.functionName === functionName);
  if (!source) return refuse(pipeline, "LOGS_RUN_PIPELINE", "the pipeline must have a trigger to be run, got none");
  const known = prefixes.map((prefix) => String(resolved(pipeline, prefix)));
  return {
    bucket: source.bucket,
    key: (name) => (known.some((prefix) => name.startsWith(prefix)) ? name : known[0] + name),
  };
}

/** A bucket, and the key of an object by name. */
type Place = Pick<Target, "bucket" | "key">;

async function putAll({ bucket, key }: Place, objects: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(objects)) {
    const isPacked = typeof content === "string" && name.endsWith(".gz");
    await bucket.put(key(name), isPacked ? gzipSync(content) : Buffer.from(content));
  }
}

async function notesIn(cloud: LocalCloud, { bucket, prefix }: PipelineSettings["quarantine"]) {
  const notes: [string, unknown][] = [];
  for (const key of cloud.bucket(bucket).keys(prefix)) {
    if (!key.endsWith(".json")) continue;
    notes.push([key.slice(prefix.length), JSON.parse((await cloud.bucket(bucket).read(key)).toString())]);
  }
  return Object.fromEntries(notes);
}
