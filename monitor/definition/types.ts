/**
 * What a monitor is told to do. The construct writes it as `monitor.json` into the zip of its functions, people write it by
 * hand as YAML, and `definition/read.ts` turns either into these types: defaults are filled in, lengths of time are
 * milliseconds.
 */

/** A whole file: what is watched, for what, who is told, and where it is remembered. */
export interface MonitorFile {
  readonly monitors: readonly Monitor[];
  /** By name. */
  readonly sources: Readonly<Record<string, Source>>;
  /** By name. */
  readonly receivers: Readonly<Record<string, Receiver>>;
  readonly state: StateLocation;
  /** Topic that keeps each alert, with the receivers' answers and its delays. */
  readonly records?: TopicLocation;
  /** Rings a dead man's switch while all sources are read. */
  readonly heartbeat?: { readonly to: string; readonly everyMs: number };
  readonly display?: Display;
}

/** How alerts show times and links. */
export interface Display {
  /** IANA name of the time zone of all times that people read, which show their offset. @default "Asia/Shanghai" */
  readonly zone?: string;
  /** Host of the console that links open. @default "console.tencentcloud.com"; accounts of the Chinese site: "console.cloud.tencent.com" */
  readonly console?: string;
}

/** What is looked for in some sources, and what happens where it is found. */
export interface Monitor {
  /** 1 to 64 letters, digits, `-` and `_`, the first a letter; unlike that of any other of the file. */
  readonly name: string;
  /** Names of sources. @default all of the file */
  readonly sources: readonly string[];
  /** What a record must be like. Either this or `rules`. */
  readonly match?: Match;
  /** Rule text: a record that it keeps has matched, as the rules left it. */
  readonly rules?: string;
  /** Names of the fields whose values tell groups apart. @default none: all matches are one group */
  readonly group: readonly string[];
  /** A group is over after this long without a match. @default 10 minutes */
  readonly windowMs: number;
  /** Groups that are open at once; the rest of them is one group, "others". @default 1000 */
  readonly maxGroups: number;
  /** Alerts only where so many records of a group lie within so long, by the records' own time. @default the first */
  readonly threshold?: { readonly count: number; readonly withinMs: number };
  /** Alerts where a source has no record at all for so long. */
  readonly missing?: { readonly forMs: number };
  /** @default "warning" */
  readonly severity: Severity;
  readonly labels: Labels;
  readonly routes: readonly Route[];
  /** Hours of the week in which nothing below `critical` is sent; what is held then goes out, summed, when they end. */
  readonly quiet: readonly QuietHours[];
  /** Groups that are told to nobody for a time. */
  readonly mute: readonly Mute[];
  readonly sample: SampleOptions;
}

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Labels = Readonly<Record<string, string>>;

/** A condition on a record. `rules` are for what it cannot say. */
export type Match =
  | { readonly any: readonly Match[] }
  | { readonly all: readonly Match[] }
  | { readonly not: Match }
  /** The value of any field, as text, holds a match of the pattern. */
  | { readonly text: Pattern }
  /** The named field's value, as text, holds a match of the pattern; a record without the field does not match. */
  | { readonly field: string; readonly pattern: Pattern }
  /** The named field's value, read as a number, compares so; a value that is no number does not. */
  | { readonly field: string; readonly compare: Comparison; readonly value: number };

export type Comparison = "<" | "<=" | ">" | ">=" | "=" | "!=";

/** A regular expression as JavaScript has them, which the linear engine runs: `compileLinePattern`. */
export interface Pattern {
  readonly source: string;
  /** `i`, `u`, both or nothing. */
  readonly flags: string;
}

/** Who is told: a receiver, then a second one where the first fails for 30 seconds. */
export interface Route {
  /** Names of receivers, told in parallel. */
  readonly to: readonly string[];
  /** Name of the receiver that is told where one of `to` failed for 30 seconds. */
  readonly fallback?: string;
  /** Only alerts that carry all of these labels: the monitor's, the source's, and `source` and `region`. @default every alert */
  readonly labels?: Labels;
}

/** Hours of certain days, in a time zone by name. */
export interface QuietHours {
  /** `mon` to `sun`. @default all */
  readonly days: readonly string[];
  /** Minutes since midnight; `to` before `from` ends on the next day. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name: `Asia/Shanghai`. */
  readonly zone: string;
}

export interface Mute {
  /** Values of group fields that are muted, by field; `{}` mutes the monitor. */
  readonly group: Labels;
  /** Milliseconds since the epoch; the alert that follows says how many were muted. */
  readonly until: number;
}

/** What of the matched record an alert shows. */
export interface SampleOptions {
  /** Fields in the order in which they are shown. @default all, as they stand in the record */
  readonly fields?: readonly string[];
  /** Records before the matched one, of the same batch, 0 to 10. @default 0 */
  readonly around: number;
  /** Fields whose values are masked. */
  readonly redact: readonly string[];
}

/** A topic, and how it is read: a delivery to a function (`push`) or a long-lived process (`pull`). */
export interface Source extends TopicLocation {
  readonly form: "push" | "pull";
  /** Logset of the topic, which consumer groups need. */
  readonly logset?: string;
  /** Filter in CLS's processing language, which CLS applies to what is pulled. @default all records are pulled */
  readonly query?: string;
  readonly labels: Labels;
}

export interface TopicLocation {
  /** Topic id; in a file that a construct wrote, perhaps a reference that only the plan resolves. */
  readonly topic: string;
  readonly region: string;
}

/** A service that is told of alerts. */
export interface Receiver {
  readonly format: ReceiverFormat;
  /** Name of the environment variable that holds the address: it is a secret. */
  readonly urlVariable: string;
  /** Name of the environment variable that holds the key that requests are signed with. */
  readonly signatureVariable?: string;
  /** @default the limit of the format's service; none for json */
  readonly maxPerMinute?: number;
}

export const RECEIVER_FORMATS = ["json", "wecom", "dingtalk", "feishu", "slack"] as const;
export type ReceiverFormat = (typeof RECEIVER_FORMATS)[number];

/** Where claims and counts lie: below a prefix of a bucket that was never versioned, or in this process alone. */
export type StateLocation =
  | { readonly type: "memory" }
  | { readonly type: "cos"; readonly bucket: string; readonly region: string; readonly prefix: string };
