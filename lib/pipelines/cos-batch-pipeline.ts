import { DEFAULT_MAX_LINE_BYTES, type CosBatchSettings } from "../../functions/settings";
import type { IFunctionRole } from "../cam/role";
import { CosShipper, checkShipping, type ShippingProps } from "../cls/cos-shipper";
import type { ILogTopic } from "../cls/topic";
import type { RegionalProps } from "../common-props";
import { LogBucket, checkBucket, type ILogBucket, type LifecycleRule } from "../cos/bucket";
import { Checks } from "../errors";
import { Construct } from "../framework";
import { keyPrefix } from "../naming";
import { FunctionCode } from "../scf/code";
import { CosEventSource, type CosTrigger } from "../scf/cos-event-source";
import { LogFunction, checkFunction, type FunctionRuntimeProps } from "../scf/function";
import { LogProcessor } from "./processor";

export interface CosBatchPipelineProps extends RegionalProps, FunctionRuntimeProps {
  /** Topic whose records are processed. */
  readonly topic: ILogTopic;
  /**
   * Bucket that the topic is shipped to; several pipelines may share one.
   * @default a private bucket of its own, emptied after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * APPID of the account, ten digits.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /** @default see ShippingProps */
  readonly shipping?: ShippingProps;
  /**
   * What is done with records.
   * @default LogProcessor.count()
   */
  readonly processor?: LogProcessor;
  /**
   * Longest line in bytes that is read as a record, 1 KiB to 64 MiB; a longer one is cut and counts as invalid.
   * @default 1 MiB
   */
  readonly maxLineBytes?: number;
  /**
   * Key prefix of the notes about objects that could not be read to their end; outside the shipping prefix.
   * @default "quarantine/<path of the construct>/"
   */
  readonly quarantinePrefix?: string;
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
   * Name of the function.
   * @default the construct's path and a short hash of it
   */
  readonly functionName?: string;
  /** @default a role of its own that may do just what the pipeline needs */
  readonly role?: IFunctionRole;
}

/**
 * Every few minutes CLS ships a topic's records to COS as a file; each file invokes a function that streams, parses and
 * processes it. Needs the account's roles for CLS and SCF (`LogAccountRoles`).
 */
export class CosBatchPipeline extends Construct {
  readonly topic: ILogTopic;
  readonly bucket: ILogBucket;
  readonly function: LogFunction;
  readonly role: IFunctionRole;
  readonly trigger: CosTrigger;
  readonly shipper: CosShipper;
  /** Key prefix of quarantine notes in the bucket; ends with `/`. */
  readonly quarantinePrefix: string;

  constructor(scope: Construct, id: string, props: CosBatchPipelineProps) {
    super(scope, id);
    this.check(props);
    const prefix = props.shipping?.prefix ?? keyPrefix("cls", this);

    this.topic = props.topic;
    this.bucket = props.bucket ?? new LogBucket(this, "Bucket", bucketProps(props));
    this.quarantinePrefix = props.quarantinePrefix ?? keyPrefix("quarantine", this);
    this.function = this.makeFunction(props);
    this.role = this.function.role;

    this.bucket.grantWrite(this.function, this.quarantinePrefix);
    this.bucket.grantDelete(this.function, this.quarantinePrefix);
    const compressed = (props.shipping?.compression ?? "gzip") === "gzip";
    this.trigger = new CosEventSource(this.bucket, { prefix, suffix: compressed ? ".gz" : undefined }).bind(
      this.function,
    );
    this.shipper = new CosShipper(this, "Shipper", {
      ...props.shipping,
      prefix,
      topic: this.topic,
      bucket: this.bucket,
      provider: props.provider,
      // A file that is shipped before the trigger exists would never be processed.
      dependsOn: [this.trigger.resource],
    });
  }

  private check(props: CosBatchPipelineProps): void {
    const checks = new Checks(this);
    checkShipping(checks, "shipping.", props.shipping ?? {});
    checkFunction(checks, props);
    if (props.bucket === undefined) checkBucket(checks, bucketProps(props));
    else checkNoBucketProps(checks, props);
    checks
      .integer(
        "maxLineBytes",
        props.maxLineBytes,
        { min: 1024, max: 64 * 1024 * 1024, unit: "bytes" },
        "LOGS_LINE_LIMIT",
      )
      .pattern(
        "quarantinePrefix",
        props.quarantinePrefix,
        /^(?!\/).{1,255}(?<=\/)$/,
        "must have up to 255 characters, not begin with / and end with it",
        "write it like quarantine/access/",
        "LOGS_QUARANTINE_PREFIX",
      )
      .throwIfAny();
  }

  private makeFunction(props: CosBatchPipelineProps): LogFunction {
    const settings: CosBatchSettings = {
      version: 1,
      region: this.bucket.region,
      processor: (props.processor ?? LogProcessor.count()).settings,
      quarantine: { bucket: this.bucket.bucketName, region: this.bucket.region, prefix: this.quarantinePrefix },
      maxLineBytes: props.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
    };
    const { shipping: _shipping, processor: _processor, topic: _topic, bucket: _bucket, ...shared } = props;
    return new LogFunction(this, "Function", { ...shared, code: FunctionCode.prebuilt("cos-batch"), settings });
  }
}

/** What is set for a bucket that the pipeline does not make would be ignored in silence. */
function checkNoBucketProps(checks: Checks, props: CosBatchPipelineProps): void {
  for (const name of ["lifecycle", "forceClean"] as const) {
    checks.that(
      props[name] === undefined,
      "LOGS_BUCKET_PROPS",
      () =>
        `${name} must be left out beside bucket, got ${JSON.stringify(props[name])}; set it where the bucket is made`,
    );
  }
}

function bucketProps({ appId, forceClean, lifecycle, provider, region, tags }: CosBatchPipelineProps) {
  return { appId, forceClean, lifecycle, provider, region, tags };
}
