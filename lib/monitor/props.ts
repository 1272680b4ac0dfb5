import type { ILogTopic } from "../cls/topic";
import { topicProp } from "../cls/topic";
import type { RegionalProps } from "../common-props";
import { BUCKET_PROPS, bucketProp, type ILogBucket } from "../cos/bucket";
import {
  flag,
  freeText,
  identifier,
  integer,
  listOf,
  nested,
  number,
  policyPrefix,
  required,
  textThat,
} from "../props/kinds";
import type { OptionalProp, PropTable } from "../props/prop";
import { rulesProp, type LogRules } from "../rules/log-rules";
import { ALARM_PROPS, type FailureAlarmProps } from "../scf/failure-alarm";
import { RUNTIME_PROPS, type FunctionRuntimeProps } from "../scf/function-props";
import { ofDefinition } from "./of-definition";
import { receiverProp, type AlertReceiver } from "./receiver";
import { MONITOR_TIMEOUT_SECONDS } from "./room";
import { NAME, SOURCE, type MonitorSource } from "./source";

/**
 * A regular expression, as a string, as a string with the flags `i` and `u`, or as a `RegExp`. Look-around and
 * back-references are refused.
 */
export type MonitorPattern = string | RegExp | { readonly pattern: string; readonly flags?: string };

/**
 * Condition that a record must meet. All given fields must match a pattern (`status: "^5\\d\\d$"`) or a comparison
 * (`request_time: ">= 3"`, `status: 503`). The keywords `any`, `all` and `not` combine conditions, `text` matches any
 * field, and `fields` is for fields whose names are keywords.
 */
export type MonitorMatch = {
  readonly any?: readonly MonitorMatch[];
  readonly all?: readonly MonitorMatch[];
  readonly not?: MonitorMatch;
  readonly text?: MonitorPattern;
  readonly fields?: Readonly<Record<string, MonitorPattern | number>>;
} & { readonly [field: string]: unknown };

/** Additional receivers for certain alerts. */
export interface MonitorRoute {
  /** Who is notified. */
  readonly to: AlertReceiver | readonly AlertReceiver[];
  /**
   * Sends only alerts with all of these labels: those of the monitor and the source, `source` and `region`.
   * @default every alert
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Receiver that is notified if one of `to` has failed for 30 seconds.
   * @default none
   */
  readonly fallback?: AlertReceiver;
}

/** Who is notified of a monitor's alerts. */
export interface MonitorAlert {
  /**
   * Receivers of every alert.
   * @default those of `also`; each source must then match at least one of them
   */
  readonly to?: AlertReceiver | readonly AlertReceiver[];
  /**
   * Severity, shown in messages.
   * @default "warning"
   */
  readonly severity?: "info" | "warning" | "critical";
  /**
   * Additional receivers for some of the alerts.
   * @default none
   */
  readonly also?: readonly MonitorRoute[];
  /**
   * Receiver that is notified if one of `to` has failed for 30 seconds.
   * @default none
   */
  readonly fallback?: AlertReceiver;
}

/**
 * What a monitor looks for, and whom it notifies. The props correspond to a hand-written definition: see
 * docs/monitor-definition.md.
 */
export interface LogMonitorProps extends RegionalProps {
  /** Topics to watch, and streams whose functions watch their own topic, in any regions. */
  readonly sources: readonly MonitorSource[];
  /**
   * Name of the monitor in alerts.
   * @default the construct's id
   */
  readonly monitorName?: string;
  /**
   * Condition that a record must meet. Set either this or `rules`, or neither if only `missing` is needed.
   * @default none
   */
  readonly match?: MonitorMatch;
  /**
   * A rule text. A record that the rules keep is a match, in the form that the rules give it.
   * @default none
   */
  readonly rules?: LogRules;
  /**
   * Fields whose values define the groups.
   * @default all matches are one group
   */
  readonly group?: readonly string[];
  /**
   * Time without a match after which a group is closed: `90s`, `10m`, `1h30m`; 4 seconds to 30 days.
   * @default "10m"
   */
  readonly window?: string;
  /**
   * Maximum number of open groups, 1 to 10000. All further matches are in one group.
   * @default 1000
   */
  readonly maxGroups?: number;
  /**
   * Alerts only if a group has this number of records within this time, by the records' own time.
   * @default alerts at the first match
   */
  readonly threshold?: { readonly count: number; readonly within: string };
  /**
   * Alerts if a source has no records at all for this time, 2 minutes to 30 days.
   * @default never
   */
  readonly missing?: { readonly for: string };
  /** Who is notified. */
  readonly alert: MonitorAlert;
  /**
   * Labels of the alerts, which routes select by.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Quiet hours, in which only `critical` alerts are sent: days (`mon` to `sun`, by default all), times (`22:00`) and a
   * time zone.
   * @default none
   */
  readonly quiet?: readonly {
    readonly days?: readonly string[];
    readonly from: string;
    readonly to: string;
    readonly zone: string;
  }[];
  /**
   * Groups that are muted until a time: `2026-12-24T08:00:00+08:00`, or without the offset and with `zone`.
   * @default none
   */
  readonly mute?: readonly {
    readonly group?: Readonly<Record<string, string>>;
    readonly until: string;
    readonly zone?: string;
  }[];
  /**
   * What an alert shows of a record: `fields` in their order, `around` (1 to 10 records before it), and `redact`
   * (fields to mask).
   * @default all fields
   */
  readonly sample?: {
    readonly fields?: readonly string[];
    readonly around?: number;
    readonly redact?: readonly string[];
  };
  /**
   * How alerts are displayed: the `zone` of times (default Asia/Shanghai), and the host of the `console` that alerts
   * link to (default console.tencentcloud.com).
   * @default see above
   */
  readonly display?: { readonly zone?: string; readonly console?: string };
  /**
   * Sends a heartbeat to a receiver while all sources are read, every 1 minute to 1 day. Use it with a service that
   * notifies you when heartbeats stop.
   * @default none
   */
  readonly heartbeat?: { readonly to: AlertReceiver; readonly every: string };
  /**
   * Topic that stores each alert with the receivers' answers. It must not be one of the sources.
   * @default a new topic
   */
  readonly records?: ILogTopic;
  /**
   * Id of a CLS alarm notice that is also notified of each new alert, about a minute later, for phone calls and SMS. It
   * is called by an alarm on the record topic. A topic set by `records` needs the index {@link ALERT_RECORD_INDEX} and
   * must be in the monitor's region.
   * @default no notice
   */
  readonly notice?: string;
  /**
   * Bucket for the state of alerts, in any region. Versioning must never have been enabled on it.
   * @default a new private bucket in the region of the monitor's provider, whose quarantine is deleted after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * Key prefix of the state in the bucket, up to 200 characters. It must end with `/`, and not begin with `/` or
   * contain `*` or `?`. Monitors must not share a prefix.
   * @default "monitor/<path of the construct>/"
   */
  readonly statePrefix?: string;
  /**
   * Whether `destroy` also deletes the objects in the bucket that the monitor creates.
   * @default true, because the state is useless without the monitor
   */
  readonly forceClean?: boolean;
  /**
   * APPID of the account, ten digits.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /**
   * Memory of each function in MB, 128 to 3072 in steps of 128.
   * @default 256
   */
  readonly memorySizeMb?: number;
  /**
   * Timeout of an invocation in seconds, 40 to 900. A receiver that does not answer takes 30.
   * @default 300
   */
  readonly timeoutSeconds?: number;
  /**
   * Memory in MB that is reserved for the instances of each function, which is also their maximum: a multiple of 128,
   * at least that of two instances, up to 128000. If no further instance fits, SCF answers 432 and CLS retries a minute
   * later.
   * @default the region's concurrency, shared by all functions
   */
  readonly reservedConcurrencyMb?: number;
  /**
   * Subnet for functions of the monitor's provider; sources set that of other providers. In a subnet, functions reach
   * COS and CLS of their region over the intranet.
   * @default none
   */
  readonly vpc?: FunctionRuntimeProps["vpc"];
  /**
   * Whether the functions can reach the public network, where receivers have their addresses. Turn it off only if a
   * subnet has another way to reach them. It cannot be turned off without a subnet.
   * @default true
   */
  readonly publicNetwork?: boolean;
  /**
   * Environment variables of each function, which rules read with `res_local("NAME")`; at most 4,096 bytes in total.
   * @default none
   */
  readonly environment?: Record<string, string>;
  /**
   * Makes `tencent-logs tail` show the log of each function while it is written: see
   * {@link FunctionRuntimeProps.liveLog}.
   * @default none
   */
  readonly liveLog?: FunctionRuntimeProps["liveLog"];
  /**
   * Topic for the own log of functions of the monitor's provider; sources set that of other providers.
   * @default the topic that SCF provides for functions without one
   */
  readonly logTopic?: ILogTopic;
  /**
   * Who is notified when one of the functions fails, or leaves an event in quarantine. Requires a `logTopic` for each
   * function.
   * @default nobody
   */
  readonly alarm?: FailureAlarmProps;
}

const labels = ofDefinition<Readonly<Record<string, string>>>();

const receivers: OptionalProp<AlertReceiver | readonly AlertReceiver[]> = {
  read(given, path, checks) {
    return Array.isArray(given)
      ? listOf(required(receiverProp)).read(given, path, checks)
      : receiverProp.read(given, path, checks);
  },
};

const ROUTE: PropTable<MonitorRoute> = {
  to: required(receivers, "say who is told"),
  labels,
  fallback: receiverProp,
};

const ALERT: PropTable<MonitorAlert> = {
  to: receivers,
  severity: ofDefinition(),
  also: listOf(required(nested(ROUTE))),
  fallback: receiverProp,
};

export const MONITOR_PROPS: PropTable<LogMonitorProps> = {
  provider: BUCKET_PROPS.provider,
  region: BUCKET_PROPS.region,
  tags: BUCKET_PROPS.tags,
  sources: required(listOf(required(nested(SOURCE))), "say which topics are watched"),
  monitorName: NAME,
  match: ofDefinition(),
  rules: rulesProp,
  group: ofDefinition(),
  window: ofDefinition(),
  maxGroups: ofDefinition(),
  threshold: ofDefinition(),
  missing: ofDefinition(),
  alert: required(nested(ALERT), "say who is told"),
  labels,
  quiet: ofDefinition(),
  mute: ofDefinition(),
  sample: ofDefinition(),
  display: ofDefinition(),
  heartbeat: nested({ to: required(receiverProp, "say who is rung"), every: required(freeText, "say how often") }),
  records: topicProp,
  notice: identifier,
  bucket: bucketProp,
  statePrefix: policyPrefix(
    textThat(
      /^(?!\/).{1,200}(?<=\/)$/,
      "must have up to 200 characters, not begin with / and end with it",
      "write it like monitor/errors/",
      "LOGS_MONITOR",
    ),
  ),
  forceClean: flag,
  appId: BUCKET_PROPS.appId,
  memorySizeMb: integer({ min: 128, max: 3072, step: 128, unit: "MB" }, "LOGS_FUNCTION_MEMORY"),
  timeoutSeconds: integer({ min: MONITOR_TIMEOUT_SECONDS, max: 900, unit: "seconds" }, "LOGS_FUNCTION_TIMEOUT"),
  reservedConcurrencyMb: number,
  vpc: RUNTIME_PROPS.vpc,
  publicNetwork: flag,
  environment: RUNTIME_PROPS.environment,
  liveLog: RUNTIME_PROPS.liveLog,
  logTopic: topicProp,
  alarm: nested(ALARM_PROPS),
};
