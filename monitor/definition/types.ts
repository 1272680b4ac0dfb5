/**
 * The definition of monitors. The construct writes it as `monitor.json` into the zip of its functions, people write it
 * as YAML, and `definition/read.ts` converts both to these types: defaults are filled in, and durations are in
 * milliseconds.
 */

/** A whole file: sources, monitors, receivers, and where the state is stored. */
export interface MonitorFile {
  readonly monitors: readonly Monitor[];
  /** By name. */
  readonly sources: Readonly<Record<string, Source>>;
  /** By name. */
  readonly receivers: Readonly<Record<string, Receiver>>;
  readonly state: StateLocation;
  /** Topic that stores each alert, with the receivers' answers and the delays. */
  readonly records?: TopicLocation;
  /** Sends a heartbeat to a dead man's switch while all sources are read. */
  readonly heartbeat?: { readonly to: string; readonly everyMs: number };
  readonly display?: Display;
}

/** How alerts display times and links. */
export interface Display {
  /** IANA name of the time zone in which times are shown, with their offset. @default "Asia/Shanghai" */
  readonly zone?: string;
  /**
   * Host of the console for links.
   * @default "console.tencentcloud.com"; accounts of the Chinese site: "console.cloud.tencent.com"
   */
  readonly console?: string;
}

/** What to look for in some sources, and what happens when it is found. */
export interface Monitor {
  /** 1 to 64 letters, digits, `-` and `_`, starting with a letter; unique in the file. */
  readonly name: string;
  /** Names of sources. @default all sources of the file */
  readonly sources: readonly string[];
  /** Condition that a record must meet. Either this or `rules`. */
  readonly match?: Match;
  /** Rule text: a record that it keeps is a match, in the form that the rules give it. */
  readonly rules?: string;
  /** Fields whose values define the groups. @default none: all matches are one group */
  readonly group: readonly string[];
  /** Time without a match after which a group is closed. @default 10 minutes */
  readonly windowMs: number;
  /** Maximum number of open groups; all further ones are one group, "others". @default 1000 */
  readonly maxGroups: number;
  /**
   * Alerts only if a group has this number of records within this time, by the records' own time.
   * @default alerts at the first match
   */
  readonly threshold?: { readonly count: number; readonly withinMs: number };
  /** Alerts if a source has no records at all for this time. */
  readonly missing?: { readonly forMs: number };
  /** @default "warning" */
  readonly severity: Severity;
  readonly labels: Labels;
  readonly routes: readonly Route[];
  /**
   * Hours of the week in which only `critical` alerts are sent. The others are held back, and sent as a sum when the
   * hours end.
   */
  readonly quiet: readonly QuietHours[];
  /** Groups that are muted for a time. */
  readonly mute: readonly Mute[];
  readonly sample: SampleOptions;
}

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Labels = Readonly<Record<string, string>>;

/** A condition on a record. Use `rules` for anything that it cannot express. */
export type Match =
  | { readonly any: readonly Match[] }
  | { readonly all: readonly Match[] }
  | { readonly not: Match }
  /** The value of any field, as text, contains a match of the pattern. */
  | { readonly text: Pattern }
  /**
   * The value of the named field, as text, contains a match of the pattern. A record without the field does not match.
   */
  | { readonly field: string; readonly pattern: Pattern }
  /** The value of the named field, as a number, meets the comparison. A value that is not a number does not. */
  | { readonly field: string; readonly compare: Comparison; readonly value: number };

export type Comparison = "<" | "<=" | ">" | ">=" | "=" | "!=";

/** A regular expression in JavaScript's syntax, run by the linear engine: `compileLinePattern`. */
export interface Pattern {
  readonly source: string;
  /** `i`, `u`, both or empty. */
  readonly flags: string;
}

/** Who is notified: receivers, and a fallback if one fails for 30 seconds. */
export interface Route {
  /** Names of receivers, notified in parallel. */
  readonly to: readonly string[];
  /** Name of the receiver that is notified if one of `to` has failed for 30 seconds. */
  readonly fallback?: string;
  /**
   * Only alerts with all of these labels: those of the monitor and the source, `source` and `region`.
   * @default every alert
   */
  readonly labels?: Labels;
}

/** Hours on certain days, in a named time zone. */
export interface QuietHours {
  /** `mon` to `sun`. @default all */
  readonly days: readonly string[];
  /** Minutes since midnight. If `to` is before `from`, it is on the next day. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name: `Asia/Shanghai`. */
  readonly zone: string;
}

export interface Mute {
  /** Values of group fields that are muted, by field; `{}` mutes the monitor. */
  readonly group: Labels;
  /** Milliseconds since the epoch. The next alert states how many were muted. */
  readonly until: number;
}

/** What of the matched record an alert shows. */
export interface SampleOptions {
  /** Fields in display order. @default all, in the order of the record */
  readonly fields?: readonly string[];
  /** Records before the matched one, of the same batch, 0 to 10. @default 0 */
  readonly around: number;
  /** Fields to mask. */
  readonly redact: readonly string[];
}

/** A topic, and how it is read: by delivery to a function (`push`) or by a long-running process (`pull`). */
export interface Source extends TopicLocation {
  readonly form: "push" | "pull";
  /** Logset of the topic, required for consumer groups. */
  readonly logset?: string;
  /** Filter in CLS's processing language, which CLS applies to pulled records. @default all records are pulled */
  readonly query?: string;
  readonly labels: Labels;
}

export interface TopicLocation {
  /** Topic id. In a file from a construct it can be a reference that only the plan resolves. */
  readonly topic: string;
  readonly region: string;
}

/** A service that receives alerts. */
export interface Receiver {
  readonly format: ReceiverFormat;
  /** Name of the environment variable with the address, which is a secret. */
  readonly urlVariable: string;
  /** Name of the environment variable with the key that signs requests. */
  readonly signatureVariable?: string;
  /** @default the limit of the format's service; none for json */
  readonly maxPerMinute?: number;
}

export const RECEIVER_FORMATS = ["json", "wecom", "dingtalk", "feishu", "slack"] as const;
export type ReceiverFormat = (typeof RECEIVER_FORMATS)[number];

/**
 * Where claims and counts are stored: under a prefix of a bucket on which versioning was never enabled, or in this
 * process only.
 */
export type StateLocation =
  | { readonly type: "memory" }
  | { readonly type: "cos"; readonly bucket: string; readonly region: string; readonly prefix: string };
