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

/** A pattern: a text, one with the flags `i` and `u`, or a regular expression. Look-around and references are refused. */
export type MonitorPattern = string | RegExp | { readonly pattern: string; readonly flags?: string };

/**
 * What a record must be like: fields, all of which must fit, by a pattern (`status: "^5\\d\\d$"`) or a comparison
 * (`request_time: ">= 3"`, `status: 503`), and the words `any`, `all`, `not`, `text` (any field) and `fields` (fields with
 * the names of these words).
 */
export type MonitorMatch = {
  readonly any?: readonly MonitorMatch[];
  readonly all?: readonly MonitorMatch[];
  readonly not?: MonitorMatch;
  readonly text?: MonitorPattern;
  readonly fields?: Readonly<Record<string, MonitorPattern | number>>;
} & { readonly [field: string]: unknown };

/** Receivers that are told besides, of certain alerts. */
export interface MonitorRoute {
  /** Who is told. */
  readonly to: AlertReceiver | readonly AlertReceiver[];
  /**
   * Only alerts that carry all of these labels: the monitor's, the source's, `source` and `region`.
   * @default every alert
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Told where one of `to` failed for 30 seconds.
   * @default nobody
   */
  readonly fallback?: AlertReceiver;
}

/** Who is told of a monitor's alerts, and how often. */
export interface MonitorAlert {
  /**
   * Who is told of every alert.
   * @default those of `also`, which every source must fit one of
   */
  readonly to?: AlertReceiver | readonly AlertReceiver[];
  /**
   * How bad it is, as messages show it.
   * @default "warning"
   */
  readonly severity?: "info" | "warning" | "critical";
  /**
   * Who else is told, of some alerts only.
   * @default nobody
   */
  readonly also?: readonly MonitorRoute[];
  /**
   * Told where one of `to` failed for 30 seconds.
   * @default nobody
   */
  readonly fallback?: AlertReceiver;
}

/** What is looked for, and who is told: the same as in a definition that is written by hand, docs/monitor-definition.md. */
export interface LogMonitorProps extends RegionalProps {
  /** Topics that are watched, and streams whose functions watch, in any regions. */
  readonly sources: readonly MonitorSource[];
  /**
   * Name of the monitor in alerts.
   * @default the construct's id
   */
  readonly monitorName?: string;
  /**
   * What a record must be like. Either this or `rules`; neither where only `missing` is asked for.
   * @default none
   */
  readonly match?: MonitorMatch;
  /**
   * A rule text: a record that it keeps has matched, as the rules left it.
   * @default none
   */
  readonly rules?: LogRules;
  /**
   * Fields whose values tell groups apart.
   * @default all matches are one group
   */
  readonly group?: readonly string[];
  /**
   * A group is over after this long without a match: `90s`, `10m`, `1h30m`; 4 seconds to 30 days.
   * @default "10m"
   */
  readonly window?: string;
  /**
   * Groups that are open at once, 1 to 10000; the rest of them is one group.
   * @default 1000
   */
  readonly maxGroups?: number;
  /**
   * Alerts only where so many records of a group lie within so long, by their own time.
   * @default at the first
   */
  readonly threshold?: { readonly count: number; readonly within: string };
  /**
   * Alerts where a source has no record at all for so long, 2 minutes to 30 days.
   * @default never
   */
  readonly missing?: { readonly for: string };
  /** Who is told, and how often. */
  readonly alert: MonitorAlert;
  /**
   * Labels of its alerts, which routes look at.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Hours in which nothing below `critical` is sent: days (`mon` to `sun`, default all), times (`22:00`) and a time zone.
   * @default none
   */
  readonly quiet?: readonly {
    readonly days?: readonly string[];
    readonly from: string;
    readonly to: string;
    readonly zone: string;
  }[];
  /**
   * Groups that nobody is told of until a moment: `2026-12-24T08:00:00+08:00`, or without the offset and with `zone`.
   * @default none
   */
  readonly mute?: readonly {
    readonly group?: Readonly<Record<string, string>>;
    readonly until: string;
    readonly zone?: string;
  }[];
  /**
   * What of a record an alert shows: `fields` in their order, `around` (1 to 10 records before it), `redact` (masked).
   * @default all fields
   */
  readonly sample?: {
    readonly fields?: readonly string[];
    readonly around?: number;
    readonly redact?: readonly string[];
  };
  /**
   * How alerts are shown: `zone` of their times (default Asia/Shanghai), and host of the `console` that they link to (default
   * console.tencentcloud.com).
   * @default see above
   */
  readonly display?: { readonly zone?: string; readonly console?: string };
  /**
   * Rings a receiver while all sources are read, every 1 minute to 1 day: for a service that calls when the ringing ends.
   * @default none
   */
  readonly heartbeat?: { readonly to: AlertReceiver; readonly every: string };
  /**
   * Topic that keeps each alert with the receivers' answers; none of the sources.
   * @default a topic of its own
   */
  readonly records?: ILogTopic;
  /**
   * Id of a CLS alarm notice that is told of each new alert too, a minute later: telephone and SMS, by an alarm on the record
   * topic. A topic that is named by `records` needs the index {@link ALERT_RECORD_INDEX}, and to be in the monitor's region.
   * @default nobody is called
   */
  readonly notice?: string;
  /**
   * Bucket in which it is kept what was told; never versioned, in any region.
   * @default a private bucket of its own in the region of the monitor's provider, emptied after 90 days
   */
  readonly bucket?: ILogBucket;
  /**
   * Key prefix of what is kept in the bucket. Monitors must not share one.
   * @default "monitor/<path of the construct>/"
   */
  readonly statePrefix?: string;
  /**
   * Whether `destroy` also deletes what lies in the monitor's own bucket.
   * @default true: it is of no use without the monitor
   */
  readonly forceClean?: boolean;
  /**
   * APPID of the account, ten digits.
   * @default read from the account (`tencentcloud_user_info`)
   */
  readonly appId?: string;
  /**
   * MB of memory of each function, 128 to 3072 in steps of 128.
   * @default 256
   */
  readonly memorySizeMb?: number;
  /**
   * Seconds that one invocation may take, 40 to 900: a receiver that is away takes 30.
   * @default 300
   */
  readonly timeoutSeconds?: number;
  /**
   * MB of memory that the instances of each function have for themselves, and at most: of two instances at least. Where one
   * is at work already and there is no room, SCF answers 432, and CLS's queue tries again a minute later.
   * @default the region's concurrency, shared by all functions
   */
  readonly reservedConcurrencyMb?: number;
  /**
   * Subnet that functions of the monitor's provider run in; those of other providers have that of a source. From one they reach
   * COS and CLS of their region over the intranet.
   * @default none
   */
  readonly vpc?: FunctionRuntimeProps["vpc"];
  /**
   * Whether the functions reach the public network; must be left on without a subnet. Receivers have addresses there: turn it
   * off where a subnet has another way to them.
   * @default true
   */
  readonly publicNetwork?: boolean;
  /**
   * Variables of each function by name, which rules read with `res_local("NAME")`; 4,096 bytes in all.
   * @default none
   */
  readonly environment?: Record<string, string>;
  /**
   * Has `tencent-logs tail` show the log of each function as it is written: see {@link FunctionRuntimeProps.liveLog}.
   * @default none
   */
  readonly liveLog?: FunctionRuntimeProps["liveLog"];
  /**
   * Topic that the own log of functions of the monitor's provider goes to; those of other providers have that of a source.
   * @default the topic that SCF keeps for functions without one
   */
  readonly logTopic?: ILogTopic;
  /**
   * Who is told when one of the functions fails, or leaves an event to quarantine; needs `logTopic` for each function.
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
