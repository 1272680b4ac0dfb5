import type { IFunctionRole } from "../cam/grantee";
import type { ILogTopic } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct } from "../framework";
import { Traffic } from "../loops/traffic";
import { flag } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { ClsEventSource, DELIVERY_PROPS, type ClsDelivery, type DeliveryProps } from "../scf/cls-event-source";
import type { LogFunction } from "../scf/function";
import { checkPipeline, makeResources, PIPELINE_PROPS, settingsOf, type PipelineProps } from "./pipeline";

/** Props of a {@link ClsStreamPipeline}. */
export interface ClsStreamPipelineProps extends PipelineProps, DeliveryProps {
  /**
   * Bucket of quarantine notes; several pipelines may share one.
   * @default a private bucket of its own, emptied after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * Whether records are delivered. Disable a pipeline and apply before you remove its code: see {@link ClsEventSource}.
   * @default true
   */
  readonly enabled?: boolean;
}

export const STREAM_PROPS: PropTable<ClsStreamPipelineProps> = { ...DELIVERY_PROPS, ...PIPELINE_PROPS, enabled: flag };

/**
 * Within seconds CLS hands a topic's records to a function that parses and processes them. An event holds at most
 * 128 KB, compressed: see {@link DeliveryProps.maxWaitSeconds}. Delivery needs `node`, and a key of the account in the
 * environment of Terraform: see {@link ClsEventSource}.
 */
export class ClsStreamPipeline extends LogConstruct {
  /** The topic whose records are processed. */
  readonly topic: ILogTopic;
  /** The bucket that holds its quarantine. */
  readonly bucket: ILogBucket;
  /** The function that processes records. */
  readonly function: LogFunction;
  /** The role that the function runs as. */
  readonly role: IFunctionRole;
  /** The delivery by which CLS invokes the function. */
  readonly delivery: ClsDelivery;
  /** Key prefix of quarantine notes in the bucket; ends with `/`. */
  readonly quarantinePrefix: string;

  constructor(scope: Construct, id: string, given: ClsStreamPipelineProps) {
    super(scope, id);
    const props = this.check(given);
    const { enabled, maxMessages, maxWaitSeconds, ...rest } = props;
    const parts = makeResources(this, "cls-stream", rest);
    this.topic = props.topic;
    this.bucket = parts.bucket;
    this.quarantinePrefix = parts.quarantinePrefix;
    this.function = parts.function;
    this.role = this.function.role;

    const { bucketName } = this.bucket;
    const [target, prefix] = [this.function.node.path, this.quarantinePrefix];
    Traffic.of(this).deliveredObjects.addObjects({ target, prop: "quarantinePrefix", bucketName, prefix });
    this.delivery = new ClsEventSource(this.topic, { enabled, maxMessages, maxWaitSeconds }).bind(this.function);
    this.function.configure(settingsOf(this, parts, props));
  }

  private check(given: ClsStreamPipelineProps): ClsStreamPipelineProps {
    const checks = new Checks(this);
    const props = readProps(checks, STREAM_PROPS, given);
    checkPipeline(checks, props);
    checks.throwIfAny();
    return props;
  }
}
