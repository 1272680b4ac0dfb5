import { appIdOf, ownerUinOf } from "../account";
import { granteePath, granteeProp, type IGrantee } from "../cam/grantee";
import { logsetProp, type ILogset } from "../cls/logset";
import { LogTopic, type ILogTopic } from "../cls/topic";
import { REGIONAL_PROPS, type RegionalProps } from "../common-props";
import { LogConstruct } from "../construct";
import { BUCKET_PROPS, LogBucket, bucketProp, type ILogBucket } from "../cos/bucket";
import { OBJECT_CREATED } from "../cos/event";
import { alreadyChecked, checkAtSynth, Checks, refuse } from "../errors";
import { Construct, Lazy, type IConstruct } from "../framework";
import { WATCH_PREFIX, watchFlagKey } from "../../functions/live/watch-flag";
import type { WrittenLiveSettings } from "../../functions/live/settings";
import { Traffic } from "../loops/traffic";
import { freeText, instance } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { regionOfMade, requireSameRegion } from "../region";
import type { ILogFunction } from "../scf/event-source";

/** Props of a {@link LiveLog}. */
export interface LiveLogProps extends RegionalProps {
  /**
   * Bucket for the flags, which are stored below `live/watch/`. It must be in the same region.
   * @default a new private bucket whose objects are deleted after a day, and together with the bucket
   */
  readonly bucket?: ILogBucket;
  /**
   * APPID of the account, ten digits.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /**
   * Name of the live topic, unique in its logset.
   * @default the construct's path and a short hash of it
   */
  readonly topicName?: string;
  /**
   * Logset of the live topic.
   * @default a new logset
   */
  readonly logset?: ILogset;
}

const PROPS: PropTable<LiveLogProps> = {
  ...REGIONAL_PROPS,
  bucket: bucketProp,
  appId: BUCKET_PROPS.appId,
  // The topic checks its name.
  topicName: freeText,
  logset: logsetProp,
};

/** A function whose log can be watched while it is written. */
interface WatchedFunction extends ILogFunction {
  /** Topic of SCF's own log of the function. */
  readonly ownLog: { readonly topicId: string; readonly logsetId?: string };
}

/**
 * Lets `tencent-logs tail` show the log of a region's functions while it is written. It creates a topic that stores
 * records for one day, and uses flags in a bucket that name the functions somebody watches. A function that nobody
 * watches sends nothing: while it is busy, it reads its flag at most every five seconds. Pass it to functions as
 * `liveLog`.
 */
export class LiveLog extends LogConstruct {
  /**
   * The live topic, which the reporters in functions write to. It must not be the input of a pipeline whose function
   * writes to it.
   */
  readonly topic: ILogTopic;
  /** Bucket that contains the flags. */
  readonly bucket: ILogBucket;
  /** Region of the functions that can use it. */
  readonly region: string;
  private readonly props: LiveLogProps;
  private readonly appId: string;
  private readonly watched: WatchedFunction[] = [];

  constructor(scope: Construct, id: string, given: LiveLogProps = {}) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checks.throwIfAny();
    const { logset, provider, tags, topicName } = props;
    this.props = props;
    this.region = regionOfMade(this, props);
    this.appId = appIdOf(this, props);
    this.topic = new LogTopic(this, "Topic", {
      topicName,
      logset,
      retentionDays: 1,
      // The fields for searches by function or request. CLS cannot search a topic without an index.
      index: { fullText: false, caseSensitive: true, fields: INDEXED },
      provider,
      tags,
    });
    this.bucket = props.bucket ?? this.makeBucket();
    requireSameRegion(this, "bucket", this.bucket.region, "live topic", this.region);
  }

  /**
   * Grants what `tencent-logs tail` needs for the functions with this live log, and nothing more: to read their
   * configuration with its variables, to read this topic and the topics of their own logs, and to read and write their
   * flags. Listing functions, which finds functions by the start of their names, is granted for all functions, because
   * CAM cannot restrict it.
   *
   * @param grantee the role of a person or of a CI run; use `FunctionRole.fromRoleName` for an existing one
   */
  grantTail(grantee: IGrantee): void {
    readArgument(new Checks(this), "grantee", granteeProp, grantee);
    const { bucketName, node } = this.bucket;
    const to = { bucketName, event: OBJECT_CREATED, prefix: WATCH_PREFIX };
    Traffic.of(this).addWrite({ scope: node.path, writer: granteePath(grantee), to });
    const topics = (): string[] => [this.topic.topicId, ...this.watched.map(({ ownLog }) => ownLog.topicId)];
    const logsets = (): string[] =>
      [this.topic.logsetId, ...this.watched.map(({ ownLog }) => ownLog.logsetId)].filter((id) => id !== undefined);
    const topicNames = (): string[] => topics().map((id) => this.resource("cls", `topic/${id}`));
    const logsetNames = (): string[] => logsets().map((id) => this.resource("cls", `logset/${id}`));
    const allow = (action: readonly string[], resource: readonly string[]) => grantee.addToPolicy({ action, resource });

    allow(
      ["scf:GetFunction"],
      this.whenComplete(() => this.watched.map((each) => this.functionName(each))),
    );
    allow(["scf:ListFunctions"], ["*"]);
    allow(["cls:pullLogs", "cls:DescribePartitions"], this.whenComplete(topicNames));
    // A search also names the topics' logsets.
    allow(
      ["cls:SearchLog"],
      this.whenComplete(() => [...logsetNames(), ...topicNames()]),
    );
    allow(
      ["name/cos:GetObject", "name/cos:PutObject"],
      this.whenComplete(() => this.watched.map((each) => this.flagName(each))),
    );
    checkAtSynth(this, (checks) =>
      checks.that(
        this.watched.length > 0,
        "LOGS_LIVE_UNUSED",
        () => "grantTail must be for functions, got none with this live log; give it to a function as liveLog",
      ),
    );
  }

  /** Settings of the reporter. {@link LogFunction} calls this for its prop `liveLog`. */
  settings(own: Pick<WrittenLiveSettings, "handler" | "network">): WrittenLiveSettings {
    const { bucket, region, topic } = this;
    return { topic: topic.topicId, bucket: bucket.bucketName, region, ...own };
  }

  /**
   * Grants a function permission to write to the live topic and to read its own flag, and registers it as one that can
   * be watched.
   */
  watch(target: WatchedFunction): void {
    requireSameRegion(target, "liveLog", this.region, "function", target.region);
    this.topic.grantWrite(target);
    target.addToPolicy({ action: ["name/cos:GetObject"], resource: [this.flagName(target)] });
    this.watched.push(target);
  }

  private makeBucket(): LogBucket {
    const { appId, provider, region, tags } = this.props;
    const lifecycle = [{ expirationDays: 1 }];
    return new LogBucket(
      this,
      "Bucket",
      alreadyChecked({ appId, lifecycle, forceClean: true, provider, region, tags }),
    );
  }

  /** A list that is complete when the stack is synthesized, because functions can be added after the grant. */
  private whenComplete(produce: () => string[]): string[] {
    return Lazy.listValue({ produce: () => [...new Set(produce())] });
  }

  private functionName({ functionName, namespace }: WatchedFunction): string {
    return this.resource("scf", `namespace/${namespace}/function/${functionName}`);
  }

  private flagName({ functionName, namespace }: WatchedFunction): string {
    const { bucketName, region } = this.bucket;
    return `qcs::cos:${region}:uid/${this.appId}:${bucketName}/${watchFlagKey({ namespace, function: functionName })}`;
  }

  private resource(service: "cls" | "scf", name: string): string {
    return `qcs::${service}:${this.region}:uin/${ownerUinOf(this, this.props)}:${name}`;
  }
}

const INDEXED = {
  function: { type: "text", sql: false },
  namespace: { type: "text", sql: false },
  request_id: { type: "text", sql: false },
} as const;

/** The prop `liveLog` of functions. */
export const liveLogProp = instance<LiveLog>("a LiveLog", 'make one for the region: new LiveLog(stack, "Live")', {
  others: ["topic", "bucket", "settings", "watch"],
});

/** Refuses a live topic as `logTopic`: what reporters write there is not SCF's log. */
export function refuseLiveTopic(target: Pick<WatchedFunction, "logTopic"> & IConstruct): void {
  const { logTopic } = target;
  if (!Construct.isConstruct(logTopic) || !(logTopic.node.scope instanceof LiveLog)) return;
  refuse(
    target,
    "LOGS_LIVE_TOPIC",
    "logTopic must not be the topic of a LiveLog, got one; what reporters write there is no log of SCF's, " +
      "give the function another topic",
  );
}
