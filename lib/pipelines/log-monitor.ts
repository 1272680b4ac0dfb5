import type { clsAlarm } from "@cdktf/provider-tencentcloud";
import type { HandlerSettings } from "../../functions/settings";
import type { MonitorFile } from "../../monitor";
import { granteeProp, type IGrantee } from "../cam/grantee";
import { LogTopic, type ILogTopic } from "../cls/topic";
import { LogConstruct } from "../construct";
import { LogBucket, type ILogBucket } from "../cos/bucket";
import { alreadyChecked, Checks } from "../errors";
import { Annotations, isToken, TerraformStack, tfJson, type Construct } from "../framework";
import { asJson, definitionOf, definitionText, receiversOf, secretName, withoutPlaces } from "../monitor/definition";
import { grantPull, grantState, refuseVersioned, warnOfLifecycle } from "../monitor/grants";
import { placesOf, type FunctionPlace } from "../monitor/places";
import { MONITOR_PROPS, type LogMonitorProps } from "../monitor/props";
import { addRecordAlarm, ALERT_RECORD_INDEX } from "../monitor/record-alarm";
import { hasRoomForTwo, roomForTwo } from "../monitor/room";
import { checkSources, hasTopic, namedSources, refuseCircles, type NamedSource } from "../monitor/source";
import { keyPrefix, pathHash } from "../naming";
import { addFileAsset } from "../packaging/assets";
import { builtFile } from "../packaging/built-files";
import type { ZipContents } from "../packaging/zip";
import { checkRuleText } from "../processing/rule-text";
import { readArgument, readProps } from "../props/prop";
import { regionOf, requireSameRegion } from "../region";
import { ClsEventSource } from "../scf/cls-event-source";
import { FunctionCode } from "../scf/code";
import { checkEnvironment } from "../scf/environment";
import { LOG_TOPIC_PROP } from "../scf/failure-alarm";
import { LogFunction } from "../scf/function";
import { DEFAULT_MEMORY_MB } from "../scf/function-props";
import { networkTo } from "../scf/network";
import { TimerEventSource } from "../scf/timer-event-source";
import { claimName } from "../unique-names";

/** The shortest wait for a batch that CLS supports, in seconds: an alert should be sent within five. */
const WAIT_SECONDS = 3;

/** The largest number of records that CLS puts into a batch. It closes a batch earlier if 128 KB are full. */
const MAX_MESSAGES = 10_000;

/**
 * Alerts people within seconds about log records that match, in topics of any regions and without an index. In each
 * region CLS delivers the topics' records to a function, which evaluates `match`. The first match of a group is
 * reported immediately; further matches are counted and reported once a minute. The state of all alerts is in one
 * bucket, so that the first alert of each group is sent once, however many instances and regions see it.
 *
 * Terraform needs `node` and a key of the account in its environment to create the deliveries: see
 * {@link ClsEventSource}. The stack's folder contains the definition as a file, which `tencent-logs monitor check`,
 * `test` and `run` read.
 */
export class LogMonitor extends LogConstruct {
  /** Bucket that stores the state of alerts, below {@link statePrefix}. */
  readonly bucket: ILogBucket;
  /** Key prefix of the state in the bucket; ends with `/`. */
  readonly statePrefix: string;
  /** Topic that stores a record of each alert. */
  readonly records: ILogTopic;
  /**
   * Functions that records are delivered to, one for each provider of the topics that are pushed. The functions of
   * streams are not included.
   */
  readonly functions: readonly LogFunction[];
  /** Function that sums up the counts every minute. */
  readonly sweeper: LogFunction;
  /** Path of the definition, relative to the stack's folder. */
  readonly definitionPath: string;
  /** The alarm on the record topic, if `notice` is set: the underlying resource, `tencentcloud_cls_alarm`. */
  readonly recordAlarm?: clsAlarm.ClsAlarm;
  /**
   * The definition as JSON, including values that only the plan knows. Use it as the value of a `TerraformOutput`, and
   * save its text as the file for `tencent-logs monitor run`. It contains no secrets.
   */
  readonly definition: string;
  private readonly props: LogMonitorProps;
  private readonly sources: readonly NamedSource[];
  private readonly files: ZipContents;
  private readonly code: FunctionCode;

  constructor(scope: Construct, id: string, given: LogMonitorProps) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, MONITOR_PROPS, given);
    this.props = props;
    checkTogether(checks, props);
    const places = placesOf(checks, props);
    // Without its topic, a source cannot be checked further.
    if (!props.sources.every(hasTopic)) checks.throwIfAny();
    const sources = namedSources(this, props.sources, props.provider);
    this.sources = sources;
    refuseCircles(checks, this, sources, props);

    this.statePrefix = props.statePrefix ?? keyPrefix("monitor", this);
    this.bucket = props.bucket ?? this.makeBucket();
    const { provider, region, tags } = props;
    const index = props.notice === undefined ? undefined : ALERT_RECORD_INDEX;
    this.records = props.records ?? new LogTopic(this, "Records", alreadyChecked({ provider, region, tags, index }));
    const state = { bucket: this.bucket.bucketName, region: this.bucket.region, prefix: this.statePrefix };
    const records = { topic: this.records.topicId, region: this.recordsRegion };
    const name = props.monitorName ?? id;
    const waitSeconds = longestWait(sources);
    const definition = definitionOf(checks, name, props, sources, { state, records, waitSeconds });
    checks.throwIfAny();
    const { file, warnings, written } = definition as NonNullable<typeof definition>;
    refuseVersioned(this, this.bucket);
    if (props.bucket) warnOfLifecycle(this, props.bucket, this.statePrefix);
    claimName(this, { prop: "statePrefix", name: this.statePrefix, within: "its bucket", whole: [state.bucket] });
    warnOfDefinition(this, sources, warnings);

    this.definition = tfJson(asJson(written));
    this.definitionPath = addFileAsset(this, "Definition", `${id}.monitor.json`, definitionText(this, written));
    this.files = this.filesOf(file);
    this.code = FunctionCode.prebuilt("monitor", this.files);
    this.functions = places.filter((place) => place.sources.length > 0).map((place) => this.makePushed(place));
    this.sweeper = this.makeFunction(this, "Sweeper", places[0], sources);
    new TimerEventSource({ cron: EACH_MINUTE, triggerName: "sweep" }).bind(this.sweeper);
    sources.forEach((source, index) => this.carry(name, source, index));
    const { notice } = props;
    if (notice !== undefined) this.recordAlarm = addRecordAlarm(this, name, notice, this.records, props);
  }

  /**
   * Grants what `tencent-logs monitor run` needs for the sources that are pulled, and nothing more: to read them with
   * consumer groups, to read and write the state, and to write to the record topic.
   *
   * @param grantee the role of a process; use `FunctionRole.fromRoleName` for an existing one
   */
  grantRun(grantee: IGrantee): void {
    readArgument(new Checks(this), "grantee", granteeProp, grantee);
    grantPull(
      this,
      this.sources.filter(({ form }) => form === "pull"),
      this.props,
      grantee,
    );
    grantState(this, { ...this.props, bucket: this.bucket, prefix: this.statePrefix }, grantee);
    this.records.grantWrite(grantee);
  }

  private get recordsRegion(): string {
    return this.records.region ?? regionOf(this, this.props);
  }

  /**
   * Sweeps remove claims and counts when they are over. Those that are open can be of any age, so they have no
   * lifecycle rule.
   */
  private makeBucket(): LogBucket {
    const { appId, forceClean = true, provider, region, tags } = this.props;
    const lifecycle = [{ prefix: `${this.statePrefix}quarantine/`, expirationDays: 90 }];
    return new LogBucket(this, "Bucket", alreadyChecked({ appId, forceClean, provider, region, tags, lifecycle }));
  }

  /** The function that the topics of a place are delivered to. */
  private makePushed(place: FunctionPlace): LogFunction {
    const { provider, stack } = place;
    const own = place.sources.map((index) => this.sources[index]);
    const alias = provider?.alias === undefined ? "" : `-${provider.alias}`;
    // In another stack, the path must be unique there.
    const made =
      stack === undefined
        ? this.makeFunction(this, `Function${alias}`, place, own)
        : this.makeFunction(stack, `${this.node.id}-${pathHash(this)}${alias}`, place, own);
    for (const { topic } of own) {
      requireSameRegion(this, "sources", made.region, "topic", topic.region);
      new ClsEventSource(topic, { maxWaitSeconds: WAIT_SECONDS, maxMessages: MAX_MESSAGES }).bind(made);
    }
    return made;
  }

  /** A function with the permissions that every function of a monitor needs. */
  private makeFunction(
    scope: Construct,
    id: string,
    { logTopic, logTopicProp, provider, vpc }: FunctionPlace,
    sources: readonly NamedSource[],
  ): LogFunction {
    const { environment, liveLog, memorySizeMb, reservedConcurrencyMb, tags, timeoutSeconds } = this.props;
    const publicNetwork = vpc && this.props.publicNetwork;
    const size = { memorySizeMb, reservedConcurrencyMb, timeoutSeconds };
    const alarm = this.props.alarm && { ...this.props.alarm, [LOG_TOPIC_PROP]: logTopicProp };
    const around = { alarm, environment, liveLog, logTopic, publicNetwork, vpc };
    const made = new LogFunction(scope, id, alreadyChecked({ code: this.code, provider, tags, ...size, ...around }));
    made.usePublicNetwork();
    requireSameRegion(this, logTopicProp, logTopic?.region ?? made.region, "function", made.region);
    this.grant(made);
    made.configure({ version: 1, region: made.region, ...this.placesFor(made, sources) });
    return made;
  }

  /** Makes the function of a stream evaluate the monitor too. */
  private carry(name: string, source: NamedSource, index: number): void {
    const { stream } = source;
    if (stream === undefined) return;
    const { "monitor.json": definition, ...others } = this.files;
    const file = `monitor-${name}.json`;
    stream.addMonitor({
      path: `sources[${index}].stream`,
      settings: { name, file, ...this.placesFor(stream.function, [source]) },
      files: { ...others, [file]: definition, "monitor.js": builtFile("parts/monitor.js") },
    });
    stream.function.usePublicNetwork();
    this.grant(stream.function);
  }

  private grant(made: LogFunction): void {
    grantState(this, { ...this.props, bucket: this.bucket, prefix: this.statePrefix }, made);
    this.records.grantWrite(made);
    for (const [{ props }, name] of receiversOf(this.props)) {
      made.addSecret(secretName(name, "url"), props.url);
      if (props.signatureKey !== undefined) made.addSecret(secretName(name, "signature"), props.signatureKey);
    }
  }

  /** The part of the definition that only the plan knows. */
  private placesFor(made: LogFunction, sources: readonly NamedSource[]): MonitorPlacesOf {
    const { bucket, records, statePrefix: prefix } = this;
    const reach = (region: string) => networkTo(made, { path: "vpc", given: undefined, region });
    const isOwn = TerraformStack.of(made) === TerraformStack.of(this);
    return {
      // The monitor's stack names no topic of a stack that refers to it: the sweeper learns the topic's id from the
      // state.
      sources: sources.map(({ name, topic, region, isFar }) => ({
        name,
        topicId: isFar && isOwn ? undefined : topic.topicId,
        region,
      })),
      state: { bucket: bucket.bucketName, region: bucket.region, prefix },
      records: {
        topicId: records.topicId,
        region: this.recordsRegion,
        network: reach(this.recordsRegion),
      },
      network: reach(bucket.region),
    };
  }

  /**
   * Files that are added to the zip: the definition without values that only the plan knows, and the rules with their
   * engine.
   */
  private filesOf(file: MonitorFile): ZipContents {
    const { rules } = this.props;
    const parts = rules === undefined ? [] : ["rules.js", ...rules.check([]).parts];
    return {
      "monitor.json": JSON.stringify(withoutPlaces(file)),
      ...Object.fromEntries(parts.map((name) => [name, builtFile(`parts/${name}`)])),
    };
  }
}

/** Settings of the places of a monitor, without the version and the region. */
type MonitorPlacesOf = Omit<HandlerSettings<"monitor">, "version" | "region">;

/** SCF's timer expressions begin with seconds. */
const EACH_MINUTE = "0 * * * * * *";

/** Checks props together, except those of the definition. */
function checkTogether(checks: Checks, props: LogMonitorProps): void {
  const { bucket, forceClean, memorySizeMb = DEFAULT_MEMORY_MB, reservedConcurrencyMb: reserved, rules } = props;
  const { environment = {}, publicNetwork, sources, vpc } = props;
  checkSources(checks, sources);
  checkEnvironment(checks, { environment, secrets: {} });
  checkRuleText(checks, { rules });
  checks
    .that(
      rules === undefined || (rules.options.regexEngine ?? "linear") === "linear",
      "LOGS_MONITOR",
      () => 'rules must run with the regexEngine "linear" in a monitor, got "backtracking"; rewrite the pattern',
    )
    .that(
      rules?.options.onError === undefined || rules.options.onError === "drop",
      "LOGS_MONITOR",
      () => 'rules must have no onError in a monitor, got "keep"; leave it out, a record that fails is counted',
    )
    .that(
      forceClean === undefined || bucket === undefined,
      "LOGS_BUCKET_PROPS",
      () => `forceClean must be left out beside bucket, got ${String(forceClean)}; set it where the bucket is made`,
    )
    .that(hasRoomForTwo(reserved, memorySizeMb), "LOGS_MONITOR_CONCURRENCY", () => roomForTwo(reserved, memorySizeMb))
    .that(
      publicNetwork !== false || vpc !== undefined || sources.some((source) => source.vpc !== undefined),
      "LOGS_FUNCTION_NETWORK",
      () => "publicNetwork must be left on without vpc, got false; SCF would turn it on again",
    );
  const memory = { min: isToken(memorySizeMb) ? 128 : memorySizeMb, max: 128_000, step: 128, unit: "MB" };
  checks.integer("reservedConcurrencyMb", reserved, memory, "LOGS_CONCURRENCY");
}

/** Maximum seconds until a record is evaluated. */
function longestWait(sources: readonly NamedSource[]): number {
  const waits = sources.map(({ stream }) => stream?.maxWaitSeconds ?? WAIT_SECONDS);
  return Math.max(...waits.map((seconds) => (isToken(seconds) ? WAIT_SECONDS : seconds)));
}

/** Wait of a stream, in seconds, above which its alerts are no longer prompt. */
const PROMPT_SECONDS = 10;

/** Warns about definitions that are allowed but hardly intended. */
function warnOfDefinition(scope: Construct, sources: readonly NamedSource[], warnings: readonly string[]): void {
  for (const warning of warnings) Annotations.of(scope).addWarning(warning);
  sources.forEach(({ stream }, index) => {
    const wait = stream?.maxWaitSeconds ?? 0;
    if (isToken(wait) || wait <= PROMPT_SECONDS) return;
    Annotations.of(scope).addWarning(
      `sources[${index}].stream waits up to ${wait} s for a batch, and so does an alert; set maxWaitSeconds of the pipeline ` +
        `to ${WAIT_SECONDS} where seconds count`,
    );
  });
}
