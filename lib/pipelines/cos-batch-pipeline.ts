import type { IFunctionRole } from "../cam/grantee";
import { CosShipper, checkShipping, type ShippingProps } from "../cls/cos-shipper";
import { claimPrefix } from "../claimed-prefixes";
import type { ILogTopic } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import { Checks } from "../errors";
import { Construct } from "../framework";
import { Traffic } from "../loops/traffic";
import { keyPrefix } from "../naming";
import { CosEventSource, type CosTrigger } from "../scf/cos-event-source";
import { invokedFunction } from "../scf/event-source";
import type { LogFunction } from "../scf/function";
import { checkContent, LogContent, warnOfContent } from "../processing/content";
import { checkPipeline, makeParts, settingsOf, type PipelineProps } from "./pipeline";

export interface CosBatchPipelineProps extends PipelineProps {
  /**
   * Bucket that the topic is shipped to; several pipelines may share one.
   * @default a private bucket of its own, emptied after 90 days
   */
  readonly bucket?: ILogBucket;
  /** @default see ShippingProps */
  readonly shipping?: ShippingProps;
  /**
   * What the lines of files hold. The pipeline's own shipper writes JSON lines, whatever is said here: set it where
   * something else writes files below the shipper's prefix, and the topic stays empty, else its records are misread.
   * @default LogContent.jsonLines()
   */
  readonly content?: LogContent;
  /**
   * How many times its size a gzip file may unpack to, 10 to 1032; one that unpacks to more than 64 MiB and beyond this is
   * left to a note.
   * @default 400
   */
  readonly maxUnpackRatio?: number;
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
    const { shipping = {}, content, maxUnpackRatio, ...rest } = props;
    const parts = makeParts(this, "cos-batch", rest);
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
    this.trigger = new CosEventSource(this.bucket, { prefix, suffix: compressed ? ".gz" : undefined }).bind(
      this.function,
    );
    this.shipper = new CosShipper(this, "Shipper", {
      ...shipping,
      prefix,
      topic: this.topic,
      bucket: this.bucket,
      provider: props.provider,
      // A file that is shipped before the trigger exists would never be processed.
      dependsOn: [this.trigger.resource],
    });
    const { topicId } = this.topic;
    Traffic.of(this).addRead({ scope: this.node.path, target: invokedFunction(this.function), from: { topicId } });
    const settings = settingsOf(this, parts, props);
    this.function.configure({ ...settings, content: content?.settings, maxUnpackRatio });
  }

  private check(props: CosBatchPipelineProps): void {
    const checks = new Checks(this);
    checkShipping(checks, "shipping.", props.shipping ?? {});
    checkPipeline(checks, props);
    if (props.content !== undefined) checkContent(checks, props.content);
    checks.integer("maxUnpackRatio", props.maxUnpackRatio, { min: 10, max: 1032 }, "LOGS_UNPACK_RATIO");
    checks.throwIfAny();
  }
}
