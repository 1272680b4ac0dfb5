import type { HandlerSettings } from "../../functions/settings";
import type { MonitorFile } from "../../monitor";
import { granteeProp, type IGrantee } from "../cam/grantee";
import { LogTopic, type ILogTopic } from "../cls/topic";
import { LogConstruct } from "../construct";
import { LogBucket, type ILogBucket } from "../cos/bucket";
import { alreadyChecked, Checks } from "../errors";
import { isToken, resolved, type Construct, type TerraformProvider } from "../framework";
import { definitionOf, receiversOf, secretName, sourceNames, type NamedSource } from "../monitor/definition";
import { logTopicsOf, type LogTopics } from "../monitor/logs";
import { MONITOR_PROPS, type LogMonitorProps } from "../monitor/props";
import { grantPull, grantState, refuseVersioned } from "../monitor/grants";
import { keyPrefix } from "../naming";
import { addFileAsset } from "../packaging/assets";
import { builtFile } from "../packaging/built-files";
import type { ZipContents } from "../packaging/zip";
import { checkRuleText } from "../processing/rule-text";
import { readArgument, readProps } from "../props/prop";
import { regionOf, requireSameRegion } from "../region";
import { ClsEventSource } from "../scf/cls-event-source";
import { FunctionCode } from "../scf/code";
import { LogFunction } from "../scf/function";
import { DEFAULT_MEMORY_MB } from "../scf/function-props";
import { TimerEventSource } from "../scf/timer-event-source";
import { claimName } from "../unique-names";

/** The least that CLS waits for a batch, in seconds: an alert is to be out within five. */
const WAIT_SECONDS = 3;

/** The most records that CLS puts into a batch: it closes one sooner where 128 KB are full. */
const MAX_MESSAGES = 10_000;

/**
 * Tells people of the bad line within seconds, in topics of any regions, without an index: in each region CLS delivers the
 * topics' records to a function, which looks for what `match` says; the first match of a group is told at once, the rest is
 * counted and told each minute. What was told lies in one bucket, so that each group's first alert goes out once, however
 * many instances and regions saw it.
 *
 * Delivery needs `node`, and a key of the account in the environment of Terraform: see {@link ClsEventSource}. The stack's
 * folder has the definition as a file, which `tencent-logs monitor check`, `test` and `run` read.
 */
export class LogMonitor extends LogConstruct {
  /** Where it is kept what was told, below {@link statePrefix}. */
  readonly bucket: ILogBucket;
  /** Ends with `/`. */
  readonly statePrefix: string;
  /** Topic that keeps each alert. */
  readonly records: ILogTopic;
  /** Functions that records are delivered to, one for each provider of sources that are pushed. */
  readonly functions: readonly LogFunction[];
  /** Function that sums each minute. */
  readonly sweeper: LogFunction;
  /** Path of the definition, relative to the stack's folder. */
  readonly definitionPath: string;
  private readonly props: LogMonitorProps;
  private readonly sources: readonly NamedSource[];
  private readonly code: FunctionCode;
  private readonly logTopics: LogTopics;

  constructor(scope: Construct, id: string, given: LogMonitorProps) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, MONITOR_PROPS, given);
    this.props = props;
    checkTogether(checks, props);
    this.logTopics = logTopicsOf(checks, props);
    const sources = this.sourcesOf(props);
    this.sources = sources;

    const { appId, forceClean = true, provider, region, tags } = props;
    this.bucket =
      props.bucket ?? new LogBucket(this, "Bucket", alreadyChecked({ appId, forceClean, provider, region, tags }));
    this.records = props.records ?? new LogTopic(this, "Records", alreadyChecked({ provider, region, tags }));
    this.statePrefix = props.statePrefix ?? keyPrefix("monitor", this);
    const state = { bucket: this.bucket.bucketName, region: this.bucket.region, prefix: this.statePrefix };
    const records = { topic: this.records.topicId, region: this.records.region ?? regionOf(this, props) };
    const definition = definitionOf(checks, props.monitorName ?? id, props, sources, { state, records });
    checks.throwIfAny();
    const { file, written } = definition as NonNullable<typeof definition>;
    refuseVersioned(this, this.bucket);
    claimName(this, { prop: "statePrefix", name: this.statePrefix, within: "its bucket", whole: [state.bucket] });

    this.definitionPath = addFileAsset(this, "Definition", `${id}.monitor.json`, definitionText(this, written));
    this.code = FunctionCode.prebuilt("monitor", this.filesOf(file));
    this.functions = this.makeFunctions(sources.filter(({ form }) => form !== "pull"));
    this.sweeper = this.makeFunction("Sweeper", provider, sources);
    new TimerEventSource({ cron: EACH_MINUTE, triggerName: "sweep" }).bind(this.sweeper);
  }

  /**
   * Allows what `tencent-logs monitor run` does with the sources that are pulled, and no more: to read them by consumer
   * groups, to read and write what was told, and to write to the record topic.
   *
   * @param grantee the role of a process: `FunctionRole.fromRoleName` for one that exists
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

  /** Sources with their names, and the regions of their topics. */
  private sourcesOf({ provider, sources }: LogMonitorProps): NamedSource[] {
    const names = sourceNames(sources);
    return sources.map((source, index) => {
      const region = source.topic.region ?? regionOf(this, { provider: source.provider ?? provider });
      return { ...source, name: names[index], region };
    });
  }

  /** One function for each provider: the topics of a region are delivered to the same. */
  private makeFunctions(sources: readonly NamedSource[]): LogFunction[] {
    const byProvider = new Map<TerraformProvider | undefined, NamedSource[]>();
    for (const source of sources) {
      const provider = source.provider ?? this.props.provider;
      byProvider.set(provider, [...(byProvider.get(provider) ?? []), source]);
    }
    return [...byProvider].map(([provider, own]) => {
      const made = this.makeFunction(
        `Function${provider?.alias === undefined ? "" : `-${provider.alias}`}`,
        provider,
        own,
      );
      for (const { topic } of own) {
        requireSameRegion(this, "sources", made.region, "topic", topic.region);
        new ClsEventSource(topic, { maxWaitSeconds: WAIT_SECONDS, maxMessages: MAX_MESSAGES }).bind(made);
      }
      return made;
    });
  }

  /** A function that may do what any of a monitor's does. */
  private makeFunction(
    id: string,
    provider: TerraformProvider | undefined,
    sources: readonly NamedSource[],
  ): LogFunction {
    const { alarm, memorySizeMb, reservedConcurrencyMb, tags, timeoutSeconds } = this.props;
    const logTopic = this.logTopics.get(provider);
    const size = { memorySizeMb, reservedConcurrencyMb, timeoutSeconds };
    const made = new LogFunction(
      this,
      id,
      alreadyChecked({ code: this.code, provider, tags, alarm, logTopic, ...size }),
    );
    requireSameRegion(this, "logTopic", logTopic?.region ?? made.region, "function", made.region);
    grantState(this, { ...this.props, bucket: this.bucket, prefix: this.statePrefix }, made);
    this.records.grantWrite(made);
    for (const [{ props }, name] of receiversOf(this.props)) {
      made.addSecret(secretName(name, "url"), props.url);
      if (props.signatureKey !== undefined) made.addSecret(secretName(name, "signature"), props.signatureKey);
    }
    made.configure(this.settingsOf(made, sources));
    return made;
  }

  private settingsOf(made: LogFunction, sources: readonly NamedSource[]): HandlerSettings<"monitor"> {
    const { bucket, records, statePrefix: prefix } = this;
    return {
      version: 1,
      region: made.region,
      sources: sources.map(({ name, topic, region }) => ({ name, topicId: topic.topicId, region })),
      state: { bucket: bucket.bucketName, region: bucket.region, prefix },
      records: { topicId: records.topicId, region: records.region ?? regionOf(this, this.props) },
    };
  }

  /** What stands beside the handler: the definition without what only the plan knows, and the rules with their engine. */
  private filesOf(file: MonitorFile): ZipContents {
    const { rules } = this.props;
    const parts = rules === undefined ? [] : ["rules.js", ...rules.check([]).parts];
    return {
      "monitor.json": JSON.stringify(withoutPlaces(file)),
      ...Object.fromEntries(parts.map((name) => [name, builtFile(`parts/${name}`)])),
    };
  }
}

/** SCF's timers know seconds first. */
const EACH_MINUTE = "0 * * * * * *";

/** Checks what props say together, but for what the definition says. */
function checkTogether(checks: Checks, props: LogMonitorProps): void {
  const { bucket, forceClean, memorySizeMb = DEFAULT_MEMORY_MB, reservedConcurrencyMb: reserved, rules } = props;
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
    .that(
      reserved === undefined || isToken(reserved) || isToken(memorySizeMb) || reserved >= 2 * memorySizeMb,
      "LOGS_MONITOR_CONCURRENCY",
      () =>
        `reservedConcurrencyMb must be that of two instances at least, ${2 * memorySizeMb}, got ${reserved}; where one is at ` +
        `work and there is no room for another, SCF answers 432 and a record waits a minute and more: leave it out`,
    );
  const memory = { min: isToken(memorySizeMb) ? 128 : memorySizeMb, max: 128_000, step: 128, unit: "MB" };
  checks.integer("reservedConcurrencyMb", reserved, memory, "LOGS_CONCURRENCY");
}

/** The file without what the settings hold, so that the code is the same in all regions. */
function withoutPlaces({ sources, ...file }: MonitorFile): MonitorFile {
  const entries = Object.entries(sources).map(([name, { form, labels }]) => [
    name,
    { form, labels, topic: "", region: "" },
  ]);
  return { ...file, sources: Object.fromEntries(entries), state: { type: "memory" }, records: undefined };
}

/** The definition as a file: what only the plan knows is a reference in it, and patterns are texts. */
function definitionText(scope: Construct, written: object): Uint8Array {
  const asText = (value: unknown): unknown => {
    if (value instanceof RegExp) return { pattern: value.source, flags: value.flags };
    if (isToken(value)) return resolved(scope, value);
    if (Array.isArray(value)) return value.map(asText);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asText(member)]));
  };
  return Buffer.from(`${JSON.stringify(asText(written), null, 2)}\n`);
}
