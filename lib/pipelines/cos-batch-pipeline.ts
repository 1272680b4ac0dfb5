import type { HandlerSettings } from "../../functions/settings";
import type { IFunctionRole } from "../cam/grantee";
import { CosShipper, SHIPPING_PROPS, type ShippingProps } from "../cls/cos-shipper";
import { claimPrefix } from "../claimed-prefixes";
import { topicProp, type ILogTopic } from "../cls/topic";
import type { ILogBucket } from "../cos/bucket";
import { LogConstruct } from "../construct";
import { alreadyChecked, Checks, refuse } from "../errors";
import { Annotations, Construct } from "../framework";
import { Traffic } from "../loops/traffic";
import { keyPrefix } from "../naming";
import { bindCosTrigger, CosEventSource, type CosTrigger } from "../scf/cos-event-source";
import { invokedFunction } from "../scf/event-source";
import type { LogFunction } from "../scf/function";
import { checkContent, contentProp, warnOfContent, type LogContent } from "../processing/content";
import { integer, listOf, nested, oneOf } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import {
  bucketOf,
  checkCosSource,
  commonStart,
  cosSourceProp,
  prefixesOf,
  type CosSource,
  type CosSourceProps,
} from "./cos-source";
import { checkPipeline, makeResources, PROCESSING_PROPS, settingsOf, type ProcessingProps } from "./pipeline";
import { BATCH_CATCH_UP_PROPS, makeCatchUp, type BatchCatchUpProps } from "./catch-up";

/** Props of a {@link CosBatchPipeline}. Set either `topic` or `source`. */
export interface CosBatchPipelineProps extends ProcessingProps {
  /**
   * Topic whose records are shipped to the bucket and processed. Set either this or `source`.
   * @default none, if `source` is set
   */
  readonly topic?: ILogTopic;
  /**
   * Objects that are written to a bucket by something else, such as access logs of COS or CDN. No topic and no shipper
   * are created. Existing objects are not read: see docs/inputs/cos.md. Set either this or `topic`.
   * @default none, if `topic` is set
   */
  readonly source?: CosSourceProps;
  /**
   * Bucket that the topic is shipped to, or that contains the source's objects unless the source names another bucket.
   * It also contains the quarantine. Several pipelines can share one.
   * @default the source's bucket, else a new private bucket whose objects are deleted after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * How the topic is shipped to the bucket; only with `topic`.
   * @default see ShippingProps
   */
  readonly shipping?: ShippingProps;
  /**
   * Format of the objects. The pipeline's own shipper always writes JSON lines. With `topic`, set this only if
   * something else writes files below the shipper's prefix and the topic stays empty; otherwise its records are
   * misread.
   * @default LogContent.jsonLines()
   */
  readonly content?: LogContent;
  /**
   * Compressions of files to read, in addition to gzip and snappy. Each adds a library of a few KB to the function.
   * @default none
   */
  readonly compressions?: readonly "zstd"[];
  /**
   * Maximum ratio between the unpacked and the packed size of a gzip or zstd file, 10 to 1032. A file that exceeds it
   * and unpacks to more than 64 MiB is not read, and leaves a note in quarantine.
   * @default 400
   */
  readonly maxUnpackRatio?: number;
  /**
   * Also invokes the function by a timer. It continues with objects that are too large for one invocation, retries what
   * is in quarantine, and reads objects whose event was lost. Each run costs one invocation.
   * @default no timer
   */
  readonly catchUp?: BatchCatchUpProps;
}

const PROPS: PropTable<CosBatchPipelineProps> = {
  topic: topicProp,
  source: cosSourceProp,
  shipping: nested(SHIPPING_PROPS),
  ...PROCESSING_PROPS,
  content: contentProp,
  compressions: listOf(oneOf(["zstd"], "gzip and snappy need no word, the others are not read", "LOGS_COMPRESSIONS")),
  maxUnpackRatio: integer({ min: 10, max: 1032 }, "LOGS_UNPACK_RATIO"),
  catchUp: nested(BATCH_CATCH_UP_PROPS),
};

/**
 * Processes a topic's records in files: every few minutes CLS ships them to COS, and each file invokes a function that
 * streams, parses and processes it. With a `source` instead of a topic, every object that is written below a prefix of
 * a bucket invokes the function.
 *
 * Requires the account's roles for CLS and SCF (`LogAccountRoles`); with a source, only the role for SCF.
 */
export class CosBatchPipeline extends LogConstruct {
  /** Objects that the pipeline reads, if it has a source and not a topic. */
  readonly source?: CosSource;
  /** Bucket that contains the quarantine, and that files are shipped to. */
  readonly bucket: ILogBucket;
  /** Function that processes the files. */
  readonly function: LogFunction;
  /** Role that the function runs as. */
  readonly role: IFunctionRole;
  /** Names of the outputs. */
  readonly outputNames: readonly string[];
  /** COS trigger that invokes the function. */
  readonly trigger: CosTrigger;
  /** Key prefix of quarantine notes in the bucket; ends with `/`. */
  readonly quarantinePrefix: string;
  private readonly shipped?: { readonly topic: ILogTopic; readonly shipper: CosShipper };

  constructor(scope: Construct, id: string, given: CosBatchPipelineProps) {
    super(scope, id);
    const props = this.check(given);
    const { topic, source, shipping = {}, compressions = [], content, maxUnpackRatio, ...rest } = props;
    const sourceBucket = source && bucketOf(this, source, props);
    const unpackers = compressions.map((name) => `in-${name}.js`);
    const parts = makeResources(this, "cos-batch", { ...rest, bucket: props.bucket ?? sourceBucket }, unpackers);
    this.outputNames = Object.keys(props.outputs ?? {});
    this.bucket = parts.bucket;
    this.quarantinePrefix = parts.quarantinePrefix;
    this.function = parts.function;
    this.role = this.function.role;
    let read: CosSource;
    if (topic !== undefined) {
      if (content !== undefined) warnOfContent(this, content);
      const shipped = this.ship(topic, shipping, props);
      this.trigger = shipped.trigger;
      this.shipped = shipped;
      read = shipped.read;
    } else {
      const { suffix } = source ?? {};
      read = this.source = { bucket: sourceBucket ?? this.bucket, prefixes: prefixesOf(source ?? {}), suffix };
      this.trigger = this.read(this.source);
    }
    const settings = settingsOf(this, parts, props);
    const prefixes = this.source?.prefixes ?? [];
    warnOfIdleInvocations(this, this.source, settings);
    this.function.configure({
      ...settings,
      ...(prefixes.length > 1 && { prefixes }),
      catchUp: props.catchUp && this.makeCatchUp(props.catchUp, read, props.appId),
      content: content?.settings,
      ...(compressions.length > 0 && { compressions }),
      maxUnpackRatio,
    });
  }

  /** Topic whose records are processed. @throws LogsError if the pipeline has a source */
  get topic(): ILogTopic {
    return this.ofTopic("topic").topic;
  }

  /** Shipper that ships the topic to the bucket. @throws LogsError if the pipeline has a source */
  get shipper(): CosShipper {
    return this.ofTopic("shipper").shipper;
  }

  private ofTopic(name: string) {
    if (this.shipped !== undefined) return this.shipped;
    return refuse(
      this,
      "LOGS_SOURCE",
      `${name} must be asked of a pipeline with a topic, got one with a source; use source, bucket or trigger`,
    );
  }

  /** Ships the topic below a prefix, and invokes the function for the shipped files. */
  private ship(topic: ILogTopic, shipping: ShippingProps, { provider }: CosBatchPipelineProps) {
    const prefix = claimPrefix(this, {
      prop: "shipping.prefix",
      bucketName: this.bucket.bucketName,
      given: shipping.prefix,
      fallback: keyPrefix("cls", this),
    });
    const compressed = (shipping.compression ?? "gzip") === "gzip";
    const suffix = compressed ? ".gz" : undefined;
    const trigger = new CosEventSource(this.bucket, { prefix, suffix }).bind(this.function);
    const shipper = new CosShipper(
      this,
      "Shipper",
      alreadyChecked({
        ...shipping,
        prefix,
        topic,
        bucket: this.bucket,
        provider,
        // A file that is shipped before the trigger exists would never be processed.
        dependsOn: [trigger.resource],
      }),
    );
    const { topicId } = topic;
    Traffic.of(this).addRead({ scope: this.node.path, target: invokedFunction(this.function), from: { topicId } });
    return { topic, shipper, trigger, read: { bucket: this.bucket, prefixes: [prefix], suffix } };
  }

  /** Invokes the function for objects that something else writes. */
  private read({ bucket, prefixes, suffix }: CosSource): CosTrigger {
    return bindCosTrigger(bucket, { prefix: commonStart(prefixes), suffix }, this.function, prefixes);
  }

  private makeCatchUp(given: BatchCatchUpProps, { bucket, prefixes, suffix }: CosSource, appId: string | undefined) {
    const reach = {
      scope: this,
      target: this.function,
      bucket: this.bucket,
      quarantinePrefix: this.quarantinePrefix,
      appId,
    };
    return makeCatchUp(
      reach,
      given,
      prefixes.map((prefix) => ({ bucket, prefix, suffix })),
    );
  }

  private check(given: CosBatchPipelineProps): CosBatchPipelineProps {
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checkPipeline(checks, props, (props.bucket ?? props.source?.bucket) !== undefined);
    checkWayIn(checks, props);
    if (props.content !== undefined) checkContent(checks, props.content);
    checks.throwIfAny();
    return props;
  }
}

/** Records come from exactly one place. */
function checkWayIn(checks: Checks, { shipping, source, topic }: CosBatchPipelineProps): void {
  checks
    .that(
      topic !== undefined || source !== undefined,
      "LOGS_PROP_MISSING",
      () =>
        "topic or source must be given, got neither; say whose records are processed, or which objects of a bucket are read",
    )
    .that(
      topic === undefined || source === undefined,
      "LOGS_SOURCE",
      () =>
        "topic and source must not be given both, got both; leave out source to have the topic shipped and read, " +
        "or topic to read what something else writes",
    )
    .that(
      shipping === undefined || source === undefined,
      "LOGS_SOURCE",
      () =>
        "shipping must be left out beside source, got it; nothing is shipped there, say which objects are read in source",
    );
  if (source !== undefined) checkCosSource(checks, source);
}

/**
 * If prefixes have little in common, COS also sends events for objects that the function itself writes. The function
 * ignores them, so there is no loop, but each costs an invocation.
 */
function warnOfIdleInvocations(
  scope: CosBatchPipeline,
  source: CosSource | undefined,
  { outputs = {}, quarantine }: HandlerSettings<"cls-stream">,
): void {
  if (source === undefined || source.prefixes.length === 1) return;
  const start = commonStart(source.prefixes);
  const written = [quarantine, ...Object.values(outputs).filter((output) => output.type === "cos")];
  const told = written.find(({ bucket, prefix }) => bucket === source.bucket.bucketName && prefix.startsWith(start));
  if (told === undefined) return;
  Annotations.of(scope).addWarning(
    `source.prefixes have only ${JSON.stringify(start)} in common, so that each object below ${told.prefix} invokes the ` +
      `function too, which leaves it alone; give the prefixes a folder of their own, or keep that in another bucket`,
  );
}
