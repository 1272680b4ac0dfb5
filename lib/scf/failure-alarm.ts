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

/** Who is told that a function fails, or leaves something to quarantine; at least one of them. */
export interface FailureAlarmProps {
  /**
   * Id of a CLS alarm notice that exists already.
   * @default none
   */
  readonly notice?: string;
  /**
   * UINs of the account's users who get an e-mail.
   * @default none
   */
  readonly email?: readonly number[];
  /**
   * Address that CLS calls; a secret, so only a value that the plan knows and the code does not is taken.
   * @default none
   */
  readonly webhook?: string;
}

/** What {@link FailureAlarm} is told of the function. */
interface FailureAlarmOptions {
  /**
   * Whether its handler is one of ours, which leaves notes of what it cannot deliver.
   * @default false
   */
  readonly leavesNotes?: boolean;
}

/** Beside the prop `alarm` of a function that a construct makes: what named its `logTopic`, as the user wrote it. */
export const LOG_TOPIC_PROP = Symbol("the prop that named logTopic");

/** What errors name the topic by. */
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

/** What one alarm is made of. */
interface Watch {
  readonly name: string;
  readonly target: ILogFunction;
  readonly topic: ILogTopic;
  readonly counted: keyof typeof SEARCHES;
}

/** What alarms differ in. */
type Searched = Pick<clsAlarm.ClsAlarmConfig, "name" | "alarmTargets" | "condition" | "triggerCount" | "count">;

/** Index of a topic that functions log to: alarms, and searches by function, need these fields. */
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

/** Minutes between two looks at the log, and of silence after an alarm. */
const LOOK_MINUTES = 5;
const SILENCE_MINUTES = 15;

/** What the alarms look for in a function's log, in CQL, by the name of its count. */
const SEARCHES = {
  failures: { query: "SCF_StatusCode:>=400", field: "SCF_StatusCode" },
  // Our handlers begin a line with this word for each object, event or batch that they leave to quarantine.
  quarantined: { query: `SCF_Message:${QUARANTINED}`, field: "SCF_Message" },
} as const;

/**
 * Minutes that CLS has to deliver a log before its delivery counts as stopped, and how long logs of the topic are looked at.
 * CLS waits five at most; the rest is for SCF's queue and for the function's own log to arrive.
 */
const DELIVERED_MINUTES = 10;
const HEARD_MINUTES = 20;

/**
 * Looks at a function's own log every five minutes, and tells of invocations that failed (`tencentcloud_cls_alarm`,
 * `tencentcloud_cls_alarm_notice`). A pipeline's function succeeds where it leaves an object, an event or a batch to
 * quarantine, so a second alarm tells of that. Each topic that is delivered to the function has an alarm of its own, on a
 * delivery that has stopped. The function's topic needs the index {@link FUNCTION_LOG_INDEX}, the delivered one any index.
 */
export class FailureAlarm extends LogConstruct implements IDeliveryAlarm {
  /** The alarm on failed invocations. */
  readonly resource: clsAlarm.ClsAlarm;
  /** The alarm on what was left to quarantine, where the function is a pipeline's. */
  readonly quarantine?: clsAlarm.ClsAlarm;
  /** Who is told: the plain resource, `tencentcloud_cls_alarm_notice`. */
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
    // An alarm of its own: an index of before it knows no SCF_Message, and failures must be told none the less.
    if (props.leavesNotes) {
      this.quarantine = this.makeAlarm("Quarantine", { ...watch, name: `${name}-quarantine`, counted: "quarantined" });
    }
  }

  /**
   * Tells where a topic has logs and the function has written none for as long: CLS pauses a delivery for good once SCF
   * answers that it may not invoke the function, or that there is none. Twice in a row, since a log may come late.
   * Fact: docs/design/facts/runtime.md#cls-delivery.
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
      // What a search without SQL finds. Fact: docs/design/facts/runtime.md#alarms.
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
    // What the API would fill in is explicit, so that a second plan is empty.
    // Fact: docs/design/facts/provider.md#alarm-notice.
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

/** Checks that somebody is told. */
export function checkAlarm(checks: Checks, { email = [], notice, webhook }: FailureAlarmProps): void {
  checks.that(
    notice !== undefined || email.length > 0 || webhook !== undefined,
    "LOGS_ALARM_RECEIVER",
    () => "alarm must tell somebody, got no receiver; set notice, email or webhook",
  );
}

/** Requires that fields of a function's log can be searched. @param names of fields, as {@link FUNCTION_LOG_INDEX} has them */
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
