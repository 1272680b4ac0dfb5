import type { HandlerSettings, Network } from "../../functions/settings";
import type { IFunctionRole } from "../cam/grantee";
import { claimPrefix } from "../claimed-prefixes";
import { topicProp, type ILogTopic } from "../cls/topic";
import type { RegionalProps } from "../common-props";
import {
  BUCKET_PROPS,
  LogBucket,
  bucketProp,
  checkBucket,
  type BucketEncryption,
  type ILogBucket,
  type LifecycleRule,
} from "../cos/bucket";
import { alreadyChecked, type Checks } from "../errors";
import type { Construct } from "../framework";
import { keyPrefix } from "../naming";
import { bindOutputs, checkOutputs, networkProp, outputsProp, type Outputs } from "../outputs/output";
import { integer, knownAtSynth, nested, policyPrefix, required, text, textThat } from "../props/kinds";
import type { PropTable } from "../props/prop";
import { FunctionCode, type PrebuiltHandler } from "../scf/code";
import { checkEnvironment } from "../scf/environment";
import { LogFunction } from "../scf/function";
import { RUNTIME_PROPS, checkFunction, type FunctionRuntimeProps } from "../scf/function-props";
import { networkTo } from "../scf/network";
import { builtFile } from "../packaging/built-files";
import type { ZipContents } from "../packaging/zip";
import { regionOf } from "../region";
import type { RemovalPolicy } from "../removal";
import { rulesProp, type LogRules } from "../rules/log-rules";
import type { LogContent } from "../processing/content";
import { LogProcessor, processorProp } from "../processing/processor";
import { checkLeaving, redactProp, sampleProp, type Redact, type SampleProps } from "../processing/redact";
import { checkRuleText, warnOfRules } from "../processing/rule-text";
import { CATCH_UP_PROPS, checkCatchUp, type CatchUpProps } from "./catch-up";
import { checkParsed, warnOfUnreached } from "../processing/routing";

/** Props of all pipelines, wherever their records come from. */
export interface ProcessingProps extends RegionalProps, FunctionRuntimeProps {
  /**
   * Bucket for the pipeline's own objects. Several pipelines can share one.
   * @default a new private bucket whose objects are deleted after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * APPID of the account, ten digits.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /**
   * How records are processed.
   * @default LogProcessor.count()
   */
  readonly processor?: LogProcessor;
  /**
   * How records are processed, as a rule text; use it instead of `processor`. The output names in the text are those of
   * `outputs`.
   * @default none
   */
  readonly rules?: LogRules;
  /**
   * Destinations of records, by names of your choice. Two names are special. `invalid` receives lines that are not
   * records, and records on which the processor failed; without it, the lines are only counted, and the records go to
   * the default output as they were read (rules drop them by default). `dropped` receives records that the processor
   * dropped.
   * @default none, records are only counted
   */
  readonly outputs?: Outputs;
  /**
   * Name of the output for records that name none. Required if there are several outputs besides `invalid` and
   * `dropped`.
   * @default the only output
   */
  readonly defaultOutput?: string;
  /**
   * Data to mask in everything that goes to any output, including `invalid` and the batches of outputs in quarantine.
   * Masking runs after the processor, which sees the original records.
   * @default nothing
   */
  readonly redact?: readonly Redact[];
  /**
   * Which records to keep, by the value of a field. The others are counted and go nowhere; the processor does not see
   * them.
   * @default all
   */
  readonly sample?: SampleProps;
  /**
   * Maximum bytes of a line that is read as a record, 1 KiB to 64 MiB. A longer line is cut and counts as invalid.
   * @default 1 MiB
   */
  readonly maxLineBytes?: number;
  /**
   * Key prefix of the notes about inputs and batches that could not be read or delivered, up to 255 characters. It must
   * end with `/`, not begin with `/` or contain `*` or `?`, and be outside every prefix that triggers the function.
   * @default "quarantine/<path of the construct>/"
   */
  readonly quarantinePrefix?: string;
  /**
   * Network through which the function reaches the buckets that it reads from and writes notes to; each output has its
   * own. `intranet` requires `vpc` and a bucket in the same region. In a `vpc`, `public` turns on `publicNetwork`
   * unless you set it.
   * @default "intranet" in a vpc of the bucket's region, else "public"
   */
  readonly network?: Network;
  /**
   * Also invokes the function by a timer, to retry what is in quarantine. Each run costs one invocation.
   * @default no timer
   */
  readonly catchUp?: CatchUpProps;
  /**
   * Lifecycle of the bucket that the pipeline creates.
   * @default all objects are deleted after 90 days
   */
  readonly lifecycle?: readonly LifecycleRule[];
  /**
   * Whether `destroy` also deletes the objects in the bucket that the pipeline creates.
   * @default false
   */
  readonly forceClean?: boolean;
  /**
   * What happens to the bucket that the pipeline creates when it leaves the stack: see
   * {@link LogBucketProps.removalPolicy}.
   * @default "destroy"
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * How COS encrypts new objects in the bucket that the pipeline creates.
   * @default not encrypted by COS
   */
  readonly encryption?: BucketEncryption;
  /**
   * Id of the key in KMS; only with `encryption: "KMS"`.
   * @default COS's default key in KMS
   */
  readonly kmsKeyId?: string;
  /**
   * Name of the function.
   * @default the construct's path and a short hash of it
   */
  readonly functionName?: string;
  /**
   * Role that the function runs as.
   * @default a new role with only the permissions that the pipeline needs
   */
  readonly role?: IFunctionRole;
}

/** Props of pipelines that process a topic's records. */
export interface PipelineProps extends ProcessingProps {
  /** Topic whose records are processed. */
  readonly topic: ILogTopic;
}

export const PROCESSING_PROPS: PropTable<ProcessingProps> = {
  ...RUNTIME_PROPS,
  ...BUCKET_PROPS,
  bucket: bucketProp,
  processor: processorProp,
  rules: rulesProp,
  outputs: outputsProp,
  defaultOutput: knownAtSynth(text),
  redact: redactProp,
  sample: sampleProp,
  maxLineBytes: integer({ min: 1024, max: 64 * 1024 * 1024, unit: "bytes" }, "LOGS_LINE_LIMIT"),
  quarantinePrefix: policyPrefix(
    textThat(
      /^(?!\/).{1,255}(?<=\/)$/,
      "must have up to 255 characters, not begin with / and end with it",
      "write it like quarantine/access/",
      "LOGS_QUARANTINE_PREFIX",
    ),
  ),
  network: networkProp,
  catchUp: nested(CATCH_UP_PROPS),
};

export const PIPELINE_PROPS: PropTable<PipelineProps> = {
  ...PROCESSING_PROPS,
  topic: required(topicProp, "say whose records are processed"),
};

/** The resources of every pipeline. */
export interface PipelineResources {
  /** Files that are added to the zip. */
  readonly files: ZipContents;
  readonly bucket: ILogBucket;
  readonly function: LogFunction;
  readonly quarantinePrefix: string;
}

/**
 * Checks {@link ProcessingProps} together.
 *
 * @param hasBucket whether the bucket is given, so that the pipeline creates none
 */
export function checkPipeline(
  checks: Checks,
  props: ProcessingProps & { readonly content?: LogContent },
  hasBucket = props.bucket !== undefined,
): void {
  checkFunction(checks, props);
  checkEnvironment(checks, { environment: props.environment ?? {}, secrets: {} });
  if (hasBucket) checkNoBucketProps(checks, props);
  else checkBucket(checks, props);
  checkOutputs(checks, props.outputs, props.defaultOutput);
  checkCatchUp(checks, props.catchUp);
  checkParsed(checks, { ...props, processor: processorOf(props) });
  checkRuleText(checks, props);
  checkLeaving(checks, { ...props, processor: processorOf(props) });
}

/**
 * Creates the bucket, and the function with permission to write and delete quarantine notes. The function has no
 * settings yet: its outputs are bound after its triggers, so that loops are detected. See {@link settingsOf}.
 */
export function makeResources(
  scope: Construct,
  handler: PrebuiltHandler,
  props: ProcessingProps,
  moreParts: readonly string[] = [],
): PipelineResources {
  const bucket = props.bucket ?? new LogBucket(scope, "Bucket", alreadyChecked(bucketProps(props)));
  const quarantinePrefix = claimPrefix(scope, {
    prop: "quarantinePrefix",
    bucketName: bucket.bucketName,
    given: props.quarantinePrefix,
    fallback: keyPrefix("quarantine", scope),
  });
  const processor = processorOf(props);
  warnOfUnreached(scope, { ...props, processor });
  warnOfRules(scope, processor.rules, props.outputs);
  const { bucket: _bucket, processor: _processor, rules: _rules, outputs: _outputs, ...others } = props;
  const { redact, sample: _sample, catchUp: _catchUp, ...shared } = others;
  const outputNames = Object.keys(props.outputs ?? {});
  const files = {
    ...processor.filesFor(outputNames),
    ...partsOf(props.outputs, [...moreParts, ...(redact?.length ? ["redact.js"] : [])]),
  };
  const code = FunctionCode.prebuilt(handler, files);
  const made = new LogFunction(scope, "Function", alreadyChecked({ ...shared, code }));
  bucket.grantWrite(made, quarantinePrefix);
  bucket.grantDelete(made, quarantinePrefix);
  // A replay sends a batch to its output again.
  if (outputNames.length > 0) bucket.grantRead(made, `${quarantinePrefix}outputs/`);
  return { files, bucket, function: made, quarantinePrefix };
}

/** The processor of the pipeline. */
function processorOf({ processor, rules }: Pick<ProcessingProps, "processor" | "rules">): LogProcessor {
  if (rules) return LogProcessor.rules(rules);
  return processor ?? LogProcessor.count();
}

/** Binds the outputs to the function, and returns the settings that all handlers share. */
export function settingsOf(
  scope: Construct,
  parts: PipelineResources,
  props: ProcessingProps,
): HandlerSettings<"cls-stream"> {
  const { bucket, function: target, quarantinePrefix } = parts;
  const { defaultOutput, maxLineBytes, outputs, redact, sample } = props;
  const network = networkTo(target, { path: "network", given: props.network, region: bucket.region });
  return {
    version: 1,
    region: regionOf(scope, props),
    processor: processorOf(props).settings,
    network,
    quarantine: { bucket: bucket.bucketName, region: bucket.region, prefix: quarantinePrefix },
    maxLineBytes,
    outputs: outputs && bindOutputs(target, outputs),
    defaultOutput,
    ...(redact?.length && { redact: redact.map(({ settings }) => settings) }),
    ...(sample && { sample }),
  };
}

function partsOf(outputs: Outputs = {}, more: readonly string[]): Record<string, Uint8Array> {
  const names = [...Object.values(outputs).flatMap(({ parts }) => parts), ...more];
  return Object.fromEntries(names.map((name) => [name, builtFile(`parts/${name}`)]));
}

/** Props of a bucket that the pipeline does not create would be silently ignored. */
function checkNoBucketProps(checks: Checks, props: ProcessingProps): void {
  for (const name of ["lifecycle", "forceClean", "removalPolicy", "encryption", "kmsKeyId"] as const) {
    checks.that(
      props[name] === undefined,
      "LOGS_BUCKET_PROPS",
      () =>
        `${name} must be left out beside bucket, got ${JSON.stringify(props[name])}; set it where the bucket is made`,
    );
  }
}

function bucketProps(props: ProcessingProps) {
  const { appId, encryption, forceClean, kmsKeyId, lifecycle, provider, region, removalPolicy, tags } = props;
  return { appId, encryption, forceClean, kmsKeyId, lifecycle, provider, region, removalPolicy, tags };
}
