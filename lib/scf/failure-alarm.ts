import { clsAlarm, clsAlarmNotice } from "@cdktf/provider-tencentcloud";
import { QUARANTINED } from "../../functions/settings";
import { requireIndex } from "../cls/searched-index";
import { logsetIdOf, LogTopic, type ILogTopic } from "../cls/topic";
import type { TopicIndexProps } from "../cls/topic-index";
import { COMMON_PROPS, type CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks, refuse } from "../errors";
import { Annotations, Construct, tfTags, tfText } from "../framework";
import { physicalName } from "../naming";
import { flag, identifier, integer, knownAtSynth, numbers, secret } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import type { IDeliveryAlarm, ILogFunction } from "./event-source";

/** Who is notified when a function fails, or leaves something in quarantine. Set at least one of these. */
export interface FailureAlarmProps {
  /**
   * Id of an existing CLS alarm notice.
   * @default none
   */
  readonly notice?: string;
  /**
   * UINs of the account's users who receive an e-mail.
   * @default none
   */
  readonly email?: readonly number[];
  /**
   * Address that CLS calls. It is a secret: pass a value that only the plan knows. A literal is refused.
   * @default none
   */
  readonly webhook?: string;
}

/** Options of {@link FailureAlarm} that the function sets. */
interface FailureAlarmOptions {
  /**
   * Whether the handler is one of ours, which leaves notes about what it cannot deliver.
   * @default false
   */
  readonly leavesNotes?: boolean;
}

/**
 * Set together with the prop `alarm` of a function that a construct creates: the prop that set `logTopic`, as the user
 * wrote it.
 */
export const LOG_TOPIC_PROP = Symbol("the prop that named logTopic");

/** The name by which errors refer to the topic. */
interface Named {
  readonly [LOG_TOPIC_PROP]?: string;
}

/** The prop `alarm` of functions. */
export const ALARM_PROPS: PropTable<FailureAlarmProps> = {
  notice: identifier,
  email: numbers(integer({ min: 1, max: Number.MAX_SAFE_INTEGER }, "LOGS_ALARM_EMAIL")),
  webhook: secret,
};

type Props = FailureAlarmProps & FailureAlarmOptions & CommonProps;

const PROPS: PropTable<Props> = { ...COMMON_PROPS, ...ALARM_PROPS, leavesNotes: knownAtSynth(flag) };

/** The parts of one alarm. */
interface Watch {
  readonly name: string;
  readonly target: ILogFunction;
  readonly topic: ILogTopic;
  readonly counted: keyof typeof SEARCHES;
}

/** What alarms differ in. */
type Searched = Pick<clsAlarm.ClsAlarmConfig, "name" | "alarmTargets" | "condition" | "triggerCount" | "count">;

/** Index for a topic that functions log to. Alarms, and searches by function, need these fields. */
export const FUNCTION_LOG_INDEX: TopicIndexProps = {
  fields: {
    SCF_FunctionName: { type: "text" },
    SCF_RequestId: { type: "text" },
    SCF_StatusCode: { type: "long" },
    SCF_Duration: { type: "double" },
    SCF_RetryNum: { type: "long" },
    SCF_Message: { type: "text" },
  },
};

/** Minutes between two searches of the log, and minutes of silence after an alarm. */
const LOOK_MINUTES = 5;
const SILENCE_MINUTES = 15;

/** The searches of the alarms in a function's log, in CQL, by the name of their count. */
const SEARCHES = {
  failures: { query: "SCF_StatusCode:>=400", field: "SCF_StatusCode" },
  // Our handlers begin a line with this word for each object, event or batch that they leave in quarantine.
  quarantined: { query: `SCF_Message:${QUARANTINED}`, field: "SCF_Message" },
} as const;

/**
 * Minutes that CLS has to deliver a log before the delivery counts as stopped, and minutes of the topic's logs that are
 * searched. CLS waits at most five minutes; the rest is for SCF's queue and for the arrival of the function's own log.
 */
const DELIVERED_MINUTES = 10;
const HEARD_MINUTES = 20;

/**
 * Searches a function's own log every five minutes and reports failed invocations (`tencentcloud_cls_alarm`,
 * `tencentcloud_cls_alarm_notice`). An invocation of a pipeline's function succeeds even if it leaves an object, an
 * event or a batch in quarantine, so a second alarm reports these. A further alarm for each topic that is delivered to
 * the function reports a delivery that has stopped.
 *
 * The function's topic needs the index {@link FUNCTION_LOG_INDEX}; a delivered topic needs any index.
 */
export class FailureAlarm extends LogConstruct implements IDeliveryAlarm {
  /** Alarm on failed invocations. */
  readonly resource: clsAlarm.ClsAlarm;
  /** Alarm on quarantined objects, events and batches, if the function is a pipeline's. */
  readonly quarantine?: clsAlarm.ClsAlarm;
  /** The notice that names the receivers: the underlying resource, `tencentcloud_cls_alarm_notice`. */
  readonly notice?: clsAlarmNotice.ClsAlarmNotice;

  private readonly topic: ILogTopic;
  private readonly logTopicProp: string;
  private readonly props: Props;

  constructor(
    private readonly target: ILogFunction,
    id: string,
    given: FailureAlarmProps & FailureAlarmOptions & CommonProps,
  ) {
    super(target, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checkAlarm(checks, props);
    checks.throwIfAny();
    this.props = props;
    this.logTopicProp = (given as Named)[LOG_TOPIC_PROP] ?? "logTopic";
    const topic = this.topicOf(target);
    this.topic = topic;
    const counts = props.leavesNotes ? (["failures", "quarantined"] as const) : (["failures"] as const);
    const names = ["SCF_FunctionName", ...counts.map((count) => SEARCHES[count].field)];
    requireLogIndex(this, topic, { prop: this.logTopicProp, names, searcher: "the alarm" });
    this.notice = this.makeNotice(props);
    const name = physicalName(this, { maxLength: 240 });
    const watch = { target, topic };
    this.resource = this.makeAlarm("Resource", { ...watch, name, counted: "failures" });
    // A separate alarm: an older index does not contain SCF_Message, and failures must be reported nevertheless.
    if (props.leavesNotes) {
      this.quarantine = this.makeAlarm("Quarantine", { ...watch, name: `${name}-quarantine`, counted: "quarantined" });
    }
  }

  /**
   * Adds an alarm that is raised if a topic has logs and the function has written none for the same time. CLS pauses a
   * delivery permanently once SCF answers that it is not allowed to invoke the function, or that the function does not
   * exist. The condition must be true twice in a row, because a log can arrive late. Fact:
   * docs/design/facts/runtime.md#cls-delivery.
   */
  watchDelivery(scope: Construct, topic: ILogTopic, count?: number): void {
    const missing = whyUnwatched(topic);
    if (missing !== undefined) {
      Annotations.of(scope).addWarning(
        `alarm must search the topic to tell of a delivery that has stopped; ${missing}`,
      );
      return;
    }
    const { functionName } = this.target;
    const search = { startTimeOffset: -HEARD_MINUTES, syntaxRule: 1 };
    this.addAlarm(scope, "Alarm", {
      name: physicalName(scope, { maxLength: 255 }),
      alarmTargets: [
        {
          ...search,
          topicId: topic.topicId,
          logsetId: logsetIdOf(scope, "topic", topic),
          query: "*",
          number: 1,
          endTimeOffset: -DELIVERED_MINUTES,
        },
        {
          ...search,
          topicId: this.topic.topicId,
          logsetId: logsetIdOf(scope, this.logTopicProp, this.topic),
          query: `SCF_FunctionName:"${functionName}"`,
          number: 2,
          endTimeOffset: 0,
        },
      ],
      // The result of a search without SQL. Fact: docs/design/facts/runtime.md#alarms.
      condition: "$1.__QUERYCOUNT__ > 0 && $2.__QUERYCOUNT__ == 0",
      triggerCount: 2,
      count,
    });
  }

  private topicOf({ logTopic }: ILogFunction): ILogTopic {
    if (logTopic !== undefined) return logTopic;
    return refuse(
      this,
      "LOGS_ALARM_TOPIC",
      "alarm must have a log to look at, got no logTopic; give the function a logTopic with FUNCTION_LOG_INDEX",
    );
  }

  private makeAlarm(id: string, { counted, name, target, topic }: Watch): clsAlarm.ClsAlarm {
    return this.addAlarm(this, id, {
      name,
      alarmTargets: [
        {
          topicId: topic.topicId,
          logsetId: logsetIdOf(this, this.logTopicProp, topic),
          query: `SCF_FunctionName:"${target.functionName}" AND ${SEARCHES[counted].query} | SELECT count(*) AS ${counted}`,
          number: 1,
          startTimeOffset: -LOOK_MINUTES,
          endTimeOffset: 0,
          syntaxRule: 1,
        },
      ],
      condition: `$1.${counted} > 0`,
      triggerCount: 1,
    });
  }

  private addAlarm(scope: Construct, id: string, alarm: Searched): clsAlarm.ClsAlarm {
    const { props } = this;
    return new clsAlarm.ClsAlarm(scope, id, {
      ...alarm,
      monitorTime: { type: "Period", time: LOOK_MINUTES },
      alarmLevel: 0,
      alarmPeriod: SILENCE_MINUTES,
      alarmNoticeIds: [props.notice, this.notice?.id].filter((notice) => notice !== undefined),
      status: true,
      tags: tfTags(props.tags),
      provider: props.provider,
    });
  }

  private makeNotice(props: FailureAlarmProps & CommonProps): clsAlarmNotice.ClsAlarmNotice | undefined {
    const { email = [], webhook } = props;
    if (email.length === 0 && webhook === undefined) return undefined;
    // Values that the API would fill in are explicit, so that a second plan is empty. Fact:
    // docs/design/facts/provider.md#alarm-notice.
    return new clsAlarmNotice.ClsAlarmNotice(this, "Notice", {
      name: physicalName(this, { maxLength: 255 }),
      type: "Trigger",
      noticeReceivers:
        email.length === 0
          ? undefined
          : [
              {
                receiverType: "Uin",
                receiverIds: [...email],
                receiverChannels: ["Email"],
                noticeContentId: "Default-en",
                startTime: "00:00:00",
                endTime: "23:59:59",
              },
            ],
      webCallbacks:
        webhook === undefined
          ? undefined
          : [{ callbackType: "Http", url: tfText(webhook), method: "POST", noticeContentId: "Default-en" }],
      tags: tfTags(props.tags),
      provider: props.provider,
    });
  }
}

/** Checks that there is a receiver. */
export function checkAlarm(checks: Checks, { email = [], notice, webhook }: FailureAlarmProps): void {
  checks.that(
    notice !== undefined || email.length > 0 || webhook !== undefined,
    "LOGS_ALARM_RECEIVER",
    () => "alarm must tell somebody, got no receiver; set notice, email or webhook",
  );
}

/**
 * Requires that fields of a function's log can be searched. @param names names of fields in {@link FUNCTION_LOG_INDEX}
 */
export function requireLogIndex(
  scope: Construct,
  topic: ILogTopic,
  { names, ...by }: { readonly names: readonly string[]; readonly prop: string; readonly searcher: string },
): void {
  const fields = Object.fromEntries(names.map((name) => [name, FUNCTION_LOG_INDEX.fields![name]]));
  requireIndex(scope, topic, { ...by, fields, remedy: "FUNCTION_LOG_INDEX" });
}

/** Why an alarm cannot search a topic, with the remedy. */
function whyUnwatched(topic: ILogTopic): string | undefined {
  if (topic instanceof LogTopic && topic.index === undefined) return "give the topic an index, which it has none of";
  return topic.logsetId === undefined ? "pass logsetId to LogTopic.fromTopicAttributes" : undefined;
}
