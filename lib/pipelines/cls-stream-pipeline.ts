import type { HandlerSettings } from "../../functions/settings";
import type { IFunctionRole } from "../cam/grantee";
import type { ILogTopic } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, isToken } from "../framework";
import { Traffic } from "../loops/traffic";
import { hasRoomForTwo, MONITOR_TIMEOUT_SECONDS, roomForTwo } from "../monitor/room";
import type { ZipContents } from "../packaging/zip";
import { flag } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import {
  ClsEventSource,
  DEFAULT_WAIT_SECONDS,
  DELIVERY_PROPS,
  type ClsDelivery,
  type DeliveryProps,
} from "../scf/cls-event-source";
import { FunctionCode } from "../scf/code";
import type { LogFunction } from "../scf/function";
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS } from "../scf/function-props";
import { makeCatchUp } from "./catch-up";
import { checkPipeline, makeResources, PIPELINE_PROPS, settingsOf, type PipelineProps } from "./pipeline";

/** Props of a {@link ClsStreamPipeline}. */
export interface ClsStreamPipelineProps extends PipelineProps, DeliveryProps {
  /**
   * Bucket for quarantine notes. Several pipelines can share one.
   * @default a new private bucket whose objects are deleted after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * Whether records are delivered. Before you remove a pipeline from the code, disable it and apply: see
   * {@link ClsEventSource}.
   * @default true
   */
  readonly enabled?: boolean;
}

export const STREAM_PROPS: PropTable<ClsStreamPipelineProps> = { ...DELIVERY_PROPS, ...PIPELINE_PROPS, enabled: flag };

/** A monitor that runs in the function of a stream pipeline. */
export interface StreamMonitor {
  readonly settings: CarriedMonitor;
  /** Files that the monitor adds to the zip. */
  readonly files: ZipContents;
  /** The pipeline as the monitor's props name it: `sources[0].stream`. */
  readonly path: string;
}

type CarriedMonitor = NonNullable<HandlerSettings<"cls-stream">["monitors"]>[number];

/**
 * Processes a topic's records within seconds: CLS delivers them to a function, which parses, processes and sends them
 * on. An event holds at most 128 KB, compressed: see {@link DeliveryProps.maxWaitSeconds}.
 *
 * Terraform needs `node` and a key of the account in its environment to create the delivery: see
 * {@link ClsEventSource}.
 */
export class ClsStreamPipeline extends LogConstruct {
  /** Topic whose records are processed. */
  readonly topic: ILogTopic;
  /** Bucket that contains the quarantine. */
  readonly bucket: ILogBucket;
  /** Function that processes the records. */
  readonly function: LogFunction;
  /** Role that the function runs as. */
  readonly role: IFunctionRole;
  /** Names of the outputs. */
  readonly outputNames: readonly string[];
  /** Delivery through which CLS invokes the function. */
  readonly delivery: ClsDelivery;
  /** Key prefix of quarantine notes in the bucket; ends with `/`. */
  readonly quarantinePrefix: string;
  /** Maximum seconds until CLS delivers a record. */
  readonly maxWaitSeconds: number;
  private readonly props: ClsStreamPipelineProps;
  private files: ZipContents;
  private settings: HandlerSettings<"cls-stream">;

  constructor(scope: Construct, id: string, given: ClsStreamPipelineProps) {
    super(scope, id);
    const props = this.check(given);
    const { enabled, maxMessages, maxWaitSeconds, topic, ...rest } = props;
    const parts = makeResources(this, "cls-stream", rest);
    this.topic = topic;
    this.outputNames = Object.keys(props.outputs ?? {});
    this.bucket = parts.bucket;
    this.quarantinePrefix = parts.quarantinePrefix;
    this.function = parts.function;
    this.role = this.function.role;

    const { bucketName } = this.bucket;
    const [target, prefix] = [this.function.node.path, this.quarantinePrefix];
    Traffic.of(this).deliveredObjects.addObjects({ target, prop: "quarantinePrefix", bucketName, prefix });
    this.delivery = new ClsEventSource(this.topic, { enabled, maxMessages, maxWaitSeconds }).bind(this.function);
    this.maxWaitSeconds = maxWaitSeconds ?? DEFAULT_WAIT_SECONDS;
    this.props = props;
    this.files = parts.files;
    this.settings = { ...settingsOf(this, parts, props), catchUp: this.makeCatchUp(props) };
    this.function.configure(this.settings);
  }

  /**
   * Adds a monitor that checks each batch, in addition to the outputs. `LogMonitor` calls this for each of its sources
   * that is a `stream`, and grants the permissions that it needs.
   */
  addMonitor({ files, settings, path }: StreamMonitor): void {
    const { monitors = [] } = this.settings;
    this.checkMonitor(settings.name, path);
    this.files = { ...this.files, ...files };
    this.settings = { ...this.settings, monitors: [...monitors, settings] };
    this.function.rebuild(FunctionCode.prebuilt("cls-stream", this.files), this.settings);
  }

  private makeCatchUp({ appId, catchUp }: ClsStreamPipelineProps) {
    const { bucket, quarantinePrefix } = this;
    return catchUp && makeCatchUp({ scope: this, target: this.function, bucket, quarantinePrefix, appId }, catchUp);
  }

  private checkMonitor(name: string, path: string): void {
    const { monitors = [] } = this.settings;
    const { memorySizeMb = DEFAULT_MEMORY_MB, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = this.props;
    const { reservedConcurrencyMb: reserved } = this.props;
    new Checks(this)
      .that(
        monitors.every((other) => other.name !== name),
        "LOGS_MONITOR",
        () => `monitorName must be another than that of the other monitors of ${path}, got "${name}" again; rename one`,
      )
      .that(
        isToken(timeoutSeconds) || timeoutSeconds >= MONITOR_TIMEOUT_SECONDS,
        "LOGS_MONITOR",
        () =>
          `timeoutSeconds must be at least ${MONITOR_TIMEOUT_SECONDS} in a pipeline that a monitor watches, got ` +
          `${timeoutSeconds}; a receiver that is away takes 30 seconds`,
      )
      .that(hasRoomForTwo(reserved, memorySizeMb), "LOGS_MONITOR_CONCURRENCY", () => roomForTwo(reserved, memorySizeMb))
      .throwIfAny();
  }

  private check(given: ClsStreamPipelineProps): ClsStreamPipelineProps {
    const checks = new Checks(this);
    const props = readProps(checks, STREAM_PROPS, given);
    checkPipeline(checks, props);
    checks.throwIfAny();
    return props;
  }
}
