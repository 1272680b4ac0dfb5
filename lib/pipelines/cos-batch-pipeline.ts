import type { IFunctionRole } from "../cam/grantee";
import { CosShipper, SHIPPING_PROPS, type ShippingProps } from "../cls/cos-shipper";
import { claimPrefix } from "../claimed-prefixes";
import type { ILogTopic } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import { LogConstruct } from "../construct";
import { alreadyChecked, Checks } from "../errors";
import { Construct } from "../framework";
import { Traffic } from "../loops/traffic";
import { keyPrefix } from "../naming";
import { CosEventSource, type CosTrigger } from "../scf/cos-event-source";
import { invokedFunction } from "../scf/event-source";
import type { LogFunction } from "../scf/function";
import { checkContent, contentProp, warnOfContent, type LogContent } from "../processing/content";
import { integer, listOf, nested, oneOf } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { BATCH_CATCH_UP_PROPS, makeCatchUp, type BatchCatchUpProps, type SweptPlace } from "./catch-up";
import { checkPipeline, makeResources, PIPELINE_PROPS, settingsOf, type PipelineProps } from "./pipeline";

/** Props of a {@link CosBatchPipeline}. */
export interface CosBatchPipelineProps extends PipelineProps {
  /**
   * Bucket that the topic is shipped to; several pipelines may share one.
   * @default a private bucket of its own, emptied after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * How the topic is shipped to the bucket.
   * @default see ShippingProps
   */
  readonly shipping?: ShippingProps;
  /**
   * What the lines of files hold. The pipeline's own shipper writes JSON lines, whatever is said here: set it where
   * something else writes files below the shipper's prefix, and the topic stays empty, else its records are misread.
   * @default LogContent.jsonLines()
   */
  readonly content?: LogContent;
  /**
   * Compressions of files that are read besides gzip and snappy; each puts a library of a few KB beside the handler.
   * @default none
   */
  readonly compressions?: readonly "zstd"[];
  /**
   * How many times its size a gzip or zstd file may unpack to, 10 to 1032; one that unpacks to more than 64 MiB and beyond this is
   * left to a note.
   * @default 400
   */
  readonly maxUnpackRatio?: number;
  /**
   * Has the function also come by a timer: it goes on with objects that are too large for one invocation, tries again what
   * waits in quarantine, and reads objects whose event never came. It costs an invocation each time.
   * @default no timer
   */
  readonly catchUp?: BatchCatchUpProps;
}

const PROPS: PropTable<CosBatchPipelineProps> = {
  shipping: nested(SHIPPING_PROPS),
  ...PIPELINE_PROPS,
  content: contentProp,
  compressions: listOf(oneOf(["zstd"], "gzip and snappy need no word, the others are not read", "LOGS_COMPRESSIONS")),
  maxUnpackRatio: integer({ min: 10, max: 1032 }, "LOGS_UNPACK_RATIO"),
  catchUp: nested(BATCH_CATCH_UP_PROPS),
};

/**
 * Every few minutes CLS ships a topic's records to COS as a file; each file invokes a function that streams, parses and
 * processes it. Needs the account's roles for CLS and SCF (`LogAccountRoles`).
 */
export class CosBatchPipeline extends LogConstruct {
  /** The topic whose records are processed. */
  readonly topic: ILogTopic;
  /** The bucket that files are shipped to, and that holds the quarantine. */
  readonly bucket: ILogBucket;
  /** The function that processes files. */
  readonly function: LogFunction;
  /** The role that the function runs as. */
  readonly role: IFunctionRole;
  /** The COS trigger that invokes the function. */
  readonly trigger: CosTrigger;
  /** What ships the topic to the bucket. */
  readonly shipper: CosShipper;
  /** Key prefix of quarantine notes in the bucket; ends with `/`. */
  readonly quarantinePrefix: string;

  constructor(scope: Construct, id: string, given: CosBatchPipelineProps) {
    super(scope, id);
    const props = this.check(given);
    const { shipping = {}, compressions = [], content, maxUnpackRatio, ...rest } = props;
    const unpackers = compressions.map((name) => `in-${name}.js`);
    const parts = makeResources(this, "cos-batch", rest, unpackers);
    this.topic = props.topic;
    this.bucket = parts.bucket;
    this.quarantinePrefix = parts.quarantinePrefix;
    this.function = parts.function;
    this.role = this.function.role;
    const prefix = claimPrefix(this, {
      prop: "shipping.prefix",
      bucketName: this.bucket.bucketName,
      given: shipping.prefix,
      fallback: keyPrefix("cls", this),
    });
    if (content !== undefined) warnOfContent(this, content);

    const compressed = (shipping.compression ?? "gzip") === "gzip";
    const suffix = compressed ? ".gz" : undefined;
    this.trigger = new CosEventSource(this.bucket, { prefix, suffix }).bind(this.function);
    this.shipper = new CosShipper(
      this,
      "Shipper",
      alreadyChecked({
        ...shipping,
        prefix,
        topic: this.topic,
        bucket: this.bucket,
        provider: props.provider,
        // A file that is shipped before the trigger exists would never be processed.
        dependsOn: [this.trigger.resource],
      }),
    );
    const { topicId } = this.topic;
    Traffic.of(this).addRead({ scope: this.node.path, target: invokedFunction(this.function), from: { topicId } });
    const settings = settingsOf(this, parts, props);
    this.function.configure({
      ...settings,
      catchUp: props.catchUp && this.makeCatchUp(props.catchUp, { prefix, suffix }, props.appId),
      content: content?.settings,
      ...(compressions.length > 0 && { compressions }),
      maxUnpackRatio,
    });
  }

  private makeCatchUp(given: BatchCatchUpProps, place: Omit<SweptPlace, "bucket">, appId: string | undefined) {
    const { bucket, quarantinePrefix } = this;
    return makeCatchUp({ scope: this, target: this.function, bucket, quarantinePrefix, appId }, given, [
      { bucket, ...place },
    ]);
  }

  private check(given: CosBatchPipelineProps): CosBatchPipelineProps {
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checkPipeline(checks, props);
    if (props.content !== undefined) checkContent(checks, props.content);
    checks.throwIfAny();
    return props;
  }
}
