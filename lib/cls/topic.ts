import { clsTopic } from "@cdktf/provider-tencentcloud";
import { ownerUinOf } from "../account";
import { granteePath, granteeProp, type IGrantee } from "../cam/grantee";
import { REGIONAL_PROPS, type CommonProps, type RegionalProps } from "../common-props";
import { LogConstruct } from "../construct";
import { alreadyChecked, Checks, refuse } from "../errors";
import { Construct, isToken, replaceWhenChanges, tfTags, tfText, type IConstruct } from "../framework";
import { Traffic } from "../loops/traffic";
import { physicalName } from "../naming";
import { falseOr, freeText, identifier, instance, integer, nested, oneOf, required, textThat } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { regionOf, regionOfMade } from "../region";
import { applyRemovalPolicy, removalPolicyProp, type RemovalProps } from "../removal";
import { claimName } from "../unique-names";
import { Logset, logsetProp, type ILogset } from "./logset";
import { INDEX_PROPS, TopicIndex, type TopicIndexProps } from "./topic-index";

/** A log topic, where records of one kind are stored, searched and shipped from. */
export interface ILogTopic {
  /** Id of the topic, assigned by CLS. */
  readonly topicId: string;
  /** Id of the topic's logset; undefined only for a topic imported without it. */
  readonly logsetId?: string;
  /** Region of the topic; undefined if it is the provider's region. */
  readonly region?: string;
  /** The underlying resource; undefined for an imported topic. */
  readonly resource?: clsTopic.ClsTopic;
  /** The topic's index, if it was created together with the topic. */
  readonly index?: TopicIndex;
  /** Grants permission to write records to the topic. */
  grantWrite(grantee: IGrantee): void;
  /** Grants permission to search the topic. */
  grantRead(grantee: IGrantee): void;
}

/** Attributes of an existing topic. */
export interface LogTopicAttributes {
  /** Id of the topic. */
  readonly topicId: string;
  /** Id of the topic's logset. Required if a function searches the topic, or writes its own log to it. @default none */
  readonly logsetId?: string;
  /**
   * Region of the topic.
   * @default the region of the provider that creates the resources that use the topic
   */
  readonly region?: string;
}

/** Props of a {@link LogTopic}. */
export interface LogTopicProps extends RegionalProps, RemovalProps {
  /**
   * Name of the topic, unique in its logset; without `|`, and not one of the names that CLS reserves.
   * @default the construct's path and a short hash of it
   */
  readonly topicName?: string;
  /**
   * Logset of the topic.
   * @default a new logset
   */
  readonly logset?: ILogset;
  /**
   * Days that records are stored: 1 to 3600 (7 to 3600 in cold storage), or 3640 for permanent storage.
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * Storage class. `cold` costs less and is slower to search. A change replaces the topic.
   * @default "hot"
   */
  readonly storageType?: "hot" | "cold";
  /**
   * Days after which records move to cold storage: at least 7, and fewer than `retentionDays`. Only for hot storage.
   * @default never
   */
  readonly hotPeriodDays?: number;
  /**
   * Initial number of partitions, 1 to 10. A change replaces the topic.
   * @default 1
   */
  readonly partitionCount?: number;
  /**
   * Maximum number of partitions that CLS can split up to as traffic grows, 1 to 50. 1 turns off splitting.
   * @default 50
   */
  readonly maxSplitPartitions?: number;
  /**
   * Description of the topic, shown in the console.
   * @default none
   */
  readonly description?: string;
  /**
   * How records are indexed for search. Use `false` for a topic that is only shipped.
   * @default full text
   */
  readonly index?: TopicIndexProps | false;
}

/** Names that CLS reserves for its own topics. Fact: docs/design/facts/provider.md#topic. */
const RESERVED_NAMES =
  /^(?!(cls_service_log|loglistener_status|loglistener_alarm|loglistener_business|cls_service_metric)$)[^|]+$/;

/** The number of days that means permanent storage. */
const FOREVER = 3640;

const PROPS: PropTable<LogTopicProps> = {
  ...REGIONAL_PROPS,
  topicName: textThat(
    RESERVED_NAMES,
    "must have no | and not be a name that CLS keeps for itself",
    "choose another name",
    "LOGS_TOPIC_NAME",
  ),
  logset: logsetProp,
  retentionDays: integer({ min: 1, max: 3600, also: [FOREVER], unit: "days" }, "LOGS_RETENTION"),
  storageType: oneOf(["hot", "cold"], "leave it out for hot", "LOGS_STORAGE_TYPE"),
  hotPeriodDays: integer({ min: 7, max: 3599, unit: "days" }, "LOGS_HOT_PERIOD"),
  partitionCount: integer({ min: 1, max: 10 }, "LOGS_PARTITIONS"),
  maxSplitPartitions: integer({ min: 1, max: 50 }, "LOGS_PARTITIONS"),
  description: freeText,
  index: falseOr(nested(INDEX_PROPS)),
  removalPolicy: removalPolicyProp,
};

const ATTRIBUTES: PropTable<LogTopicAttributes> = {
  topicId: required(identifier),
  logsetId: identifier,
  region: identifier,
};

/** A prop that is a topic. */
export const topicProp = instance<ILogTopic>(
  "a topic",
  "make a LogTopic, or LogTopic.fromTopicAttributes for one that exists",
  { texts: ["topicId"], others: ["grantWrite", "grantRead"] },
);

/** A CLS log topic with its index (`tencentcloud_cls_topic`, `tencentcloud_cls_index`). */
export class LogTopic extends LogConstruct implements ILogTopic {
  /** Imports an existing topic. */
  static fromTopicAttributes(attributes: LogTopicAttributes): ILogTopic {
    const checks = new Checks("LogTopic.fromTopicAttributes");
    const known = readProps(checks, ATTRIBUTES, attributes);
    checks.throwIfAny();
    return new ImportedTopic(known);
  }

  /** Logset of the topic. */
  readonly logset: ILogset;
  /** The underlying resource, `tencentcloud_cls_topic`. */
  readonly resource: clsTopic.ClsTopic;
  readonly index?: TopicIndex;
  /** Id of the topic, assigned by CLS. */
  readonly topicId: string;
  readonly logsetId: string;
  /** Region of the topic. */
  readonly region: string;

  private readonly props: LogTopicProps;

  constructor(scope: Construct, id: string, given: LogTopicProps = {}) {
    super(scope, id);
    const props = this.check(given);
    const { provider, removalPolicy, tags } = props;
    this.props = props;
    this.region = regionOfMade(this, props);
    this.logset = props.logset ?? new Logset(this, "Logset", alreadyChecked({ provider, removalPolicy, tags }));
    this.logsetId = this.logset.logsetId;
    this.resource = this.makeTopic(props);
    this.topicId = this.resource.id;
    if (props.index !== false) {
      this.index = new TopicIndex(this, "Index", alreadyChecked({ provider, ...props.index, topicId: this.topicId }));
    }
  }

  grantWrite(grantee: IGrantee): void {
    readArgument(new Checks(this), "grantee", granteeProp, grantee);
    grantTopicWrite(this, this, this.props, grantee);
  }

  grantRead(grantee: IGrantee): void {
    readArgument(new Checks(this), "grantee", granteeProp, grantee);
    grantTopicRead(this, this, this.props, grantee);
  }

  private check(given: LogTopicProps): LogTopicProps {
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    const { retentionDays = DEFAULT_RETENTION_DAYS, hotPeriodDays, storageType = "hot" } = props;
    if (storageType === "cold" && retentionDays < COLD_DAYS.min && retentionDays >= 1) {
      checks.integer("retentionDays", retentionDays, COLD_DAYS, "LOGS_RETENTION");
    }
    checks
      .that(
        hotPeriodDays === undefined ||
          isToken(retentionDays) ||
          isToken(hotPeriodDays) ||
          hotPeriodDays < retentionDays,
        "LOGS_HOT_PERIOD",
        () =>
          `hotPeriodDays must be fewer than retentionDays (${retentionDays}), got ${hotPeriodDays}; keep records longer, or move them sooner`,
      )
      .that(
        hotPeriodDays === undefined || storageType !== "cold",
        "LOGS_HOT_PERIOD",
        () => `hotPeriodDays must be left out for cold storage, got ${hotPeriodDays}; it is for hot storage`,
      )
      .throwIfAny();
    return props;
  }

  private makeTopic(props: LogTopicProps): clsTopic.ClsTopic {
    const { maxSplitPartitions = 50, partitionCount = 1, storageType = "hot" } = props;
    const name = props.topicName ?? physicalName(this, { maxLength: 255 });
    claimName(this, { prop: "topicName", name, within: "its logset", whole: [this.logsetId] });
    const topic = new clsTopic.ClsTopic(this, "Resource", {
      logsetId: this.logsetId,
      topicName: tfText(name),
      period: props.retentionDays ?? DEFAULT_RETENTION_DAYS,
      hotPeriod: props.hotPeriodDays,
      storageType,
      partitionCount,
      autoSplit: isToken(maxSplitPartitions) || maxSplitPartitions > 1,
      maxSplitPartitions,
      describes: props.description === undefined ? undefined : tfText(props.description),
      tags: tfTags(props.tags),
      provider: props.provider,
    });
    // The provider ignores a change of the logset and refuses changes of the others. Fact:
    // docs/design/facts/provider.md#topic.
    applyRemovalPolicy(topic, props.removalPolicy);
    replaceWhenChanges(topic, { logsetId: this.logsetId, partitionCount, storageType });
    return topic;
  }
}

const DEFAULT_RETENTION_DAYS = 30;
const COLD_DAYS = { min: 7, max: 3600, also: [FOREVER], unit: "days" };

class ImportedTopic implements ILogTopic {
  readonly topicId: string;
  readonly logsetId?: string;
  readonly region?: string;

  constructor({ topicId, logsetId, region }: LogTopicAttributes) {
    this.topicId = topicId;
    this.logsetId = logsetId;
    this.region = region;
  }

  grantWrite(grantee: IGrantee): void {
    readArgument(new Checks("LogTopic.grantWrite"), "grantee", granteeProp, grantee);
    grantTopicWrite(grantee.role, this, grantee.role, grantee);
  }

  grantRead(grantee: IGrantee): void {
    readArgument(new Checks("LogTopic.grantRead"), "grantee", granteeProp, grantee);
    grantTopicRead(grantee.role, this, grantee.role, grantee);
  }
}

/** The provider determines the region and account that a policy names. */
type WithProvider = Pick<CommonProps, "provider">;

function grantTopicWrite(scope: IConstruct, topic: ILogTopic, props: WithProvider, grantee: IGrantee): void {
  const { topicId } = topic;
  Traffic.of(scope).addWrite({ scope: grantee.role.node.path, writer: granteePath(grantee), to: { topicId } });
  const resource = [resourceName(scope, topic, props, `topic/${topicId}`)];
  grantee.addToPolicy({ action: ["cls:pushLog"], resource });
}

function grantTopicRead(scope: IConstruct, topic: ILogTopic, props: WithProvider, grantee: IGrantee): void {
  // A search also names the topic's logset.
  const names = [`logset/${logsetIdOf(scope, "topic", topic)}`, `topic/${topic.topicId}`];
  const resource = names.map((name) => resourceName(scope, topic, props, name));
  grantee.addToPolicy({ action: ["cls:SearchLog"], resource });
}

function resourceName(scope: IConstruct, topic: ILogTopic, props: WithProvider, name: string): string {
  return `qcs::cls:${topic.region ?? regionOf(scope, props)}:uin/${ownerUinOf(scope, props)}:${name}`;
}

/** Returns the logset of a topic, or throws an error with the remedy if it is not known. */
export function logsetIdOf(scope: IConstruct, path: string, topic: ILogTopic): string {
  if (topic.logsetId !== undefined) return topic.logsetId;
  return refuse(
    scope,
    "LOGS_LOGSET_MISSING",
    `${path}.logsetId must be known here, got nothing; pass logsetId to LogTopic.fromTopicAttributes`,
  );
}
