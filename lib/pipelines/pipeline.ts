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

/** Props that all pipelines share, wherever their records come from. */
export interface ProcessingProps extends RegionalProps, FunctionRuntimeProps {
  /**
   * Bucket that the pipeline's own objects lie in; several pipelines may share one.
   * @default a private bucket of its own, emptied after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * APPID of the account, ten digits.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /**
   * What is done with records.
   * @default LogProcessor.count()
   */
  readonly processor?: LogProcessor;
  /**
   * What is done with records, in the rule language; in place of `processor`. Its output names are those of `outputs`.
   * @default none
   */
  readonly rules?: LogRules;
  /**
   * Where records go, by names of your choice. `invalid` receives lines that are no records, and records on which the
   * processor failed, which else go to the default output as they were read; `dropped` receives records that the processor
   * sent nowhere.
   * @default nowhere, records are only counted
   */
  readonly outputs?: Outputs;
  /**
   * Name of the output for records that name none; needed where there are several besides `invalid` and `dropped`.
   * @default the only one
   */
  readonly defaultOutput?: string;
  /**
   * What is masked in all that goes to any output, `invalid` and what they leave to quarantine included; behind the processor,
   * which sees records as they were read.
   * @default nothing
   */
  readonly redact?: readonly Redact[];
  /**
   * Which records are kept, by the value of a field; the others are counted before the processor and go nowhere.
   * @default all
   */
  readonly sample?: SampleProps;
  /**
   * Longest line in bytes that is read as a record, 1 KiB to 64 MiB; a longer one is cut and counts as invalid.
   * @default 1 MiB
   */
  readonly maxLineBytes?: number;
  /**
   * Key prefix of the notes about what could not be read or delivered; outside every prefix that triggers the function.
   * @default "quarantine/<path of the construct>/"
   */
  readonly quarantinePrefix?: string;
  /**
   * Over which network the function reaches the buckets that it reads and leaves notes in; outputs have one each.
   * `intranet` is refused without `vpc` and in another region. In a `vpc`, `public` turns `publicNetwork` on, unless that
   * is given.
   * @default "intranet" in a vpc of the bucket's region, else "public"
   */
  readonly network?: Network;
  /**
   * Has the function also come by a timer, to try again what waits in quarantine. It costs an invocation each time.
   * @default no timer
   */
  readonly catchUp?: CatchUpProps;
  /**
   * Lifecycle of the pipeline's own bucket.
   * @default all objects are deleted after 90 days
   */
  readonly lifecycle?: readonly LifecycleRule[];
  /**
   * Whether `destroy` also deletes what lies in the pipeline's own bucket.
   * @default false
   */
  readonly forceClean?: boolean;
  /**
   * What becomes of the pipeline's own bucket when it leaves the stack: see {@link LogBucketProps.removalPolicy}.
   * @default "destroy"
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * How COS encrypts what is stored in the pipeline's own bucket.
   * @default not encrypted by COS
   */
  readonly encryption?: BucketEncryption;
  /**
   * Id of the key in KMS; only beside `encryption: "KMS"`.
   * @default COS's own key in KMS
   */
  readonly kmsKeyId?: string;
  /**
   * Name of the function.
   * @default the construct's path and a short hash of it
   */
  readonly functionName?: string;
  /**
   * Role that the function runs as.
   * @default a role of its own that may do just what the pipeline needs
   */
  readonly role?: IFunctionRole;
}

/** Props of pipelines whose records come from a topic. */
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

/** What every pipeline is made of. */
export interface PipelineResources {
  /** What stands beside the handler. */
  readonly files: ZipContents;
  readonly bucket: ILogBucket;
  readonly function: LogFunction;
  readonly quarantinePrefix: string;
}

/**
 * Checks what {@link ProcessingProps} say together.
 *
 * @param hasBucket whether the pipeline makes none of its own
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
 * Makes the bucket and the function, which may write and delete quarantine notes. It has no settings yet: its outputs are
 * bound after its triggers, so that a loop is seen; see {@link settingsOf}.
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
  // A replay hands a batch to its output again.
  if (outputNames.length > 0) bucket.grantRead(made, `${quarantinePrefix}outputs/`);
  return { files, bucket, function: made, quarantinePrefix };
}

/** What the pipeline does with records. */
function processorOf({ processor, rules }: Pick<ProcessingProps, "processor" | "rules">): LogProcessor {
  if (rules) return LogProcessor.rules(rules);
  return processor ?? LogProcessor.count();
}

/** Grants the outputs to the function, and says what all handlers are told. */
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

/** What is set for a bucket that the pipeline does not make would be ignored in silence. */
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
