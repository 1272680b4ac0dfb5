import type { ReadHow } from "../../functions/tencent/topic-reader";
import type { Regex } from "../../rules";
import { matching, readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { portOf } from "../page/port";
import { LEVELS } from "./level";
import { patternOf } from "./patterns";

export const TAIL_USAGE = `Usage: tencent-logs tail NAME... [FLAGS]
       tencent-logs tail --topic ID... [FLAGS]

Shows the logs of functions in the terminal while they are written. A NAME is a function's name, a prefix that ends with *,
or the path of a construct in cdktf.out (stack/Orders), which selects all functions below it. Nothing is deployed, changed
or left behind. Lines of functions with liveLog arrive immediately, those of other functions when SCF delivers them.

  -r, --region REGION     region of the functions; repeat it for several (default: TENCENTCLOUD_REGION, or the stack's)
  -n, --namespace NAME    namespace of the functions (default: default)
  --topic ID              reads a CLS topic instead, which needs no permission to see functions; repeat it
  --since TIME            starts in the past: 10m, 2h, 1d, or 2026-01-31T12:00:00Z (default: now)
  --until TIME            stops at this time; same formats as --since
  --no-follow             exits when everything since then is shown
  --version VERSION       only lines of this version: $LATEST, 3
  --request ID            only lines of this request
  --level LEVEL           only lines of this level or above: trace, debug, info, warn, error, fatal
  --filter REGEX          only lines that match; matching takes linear time
  --exclude REGEX         only lines that do not match
  --lag                   shows how long each line took to arrive, and over which lane
  --json                  writes typed events as JSON lines, for programs: docs/live.md
  --raw                   writes only the text, byte for byte
  --wait-for REGEX        exits with 0 when a line matches, or with 3 when none does within --timeout
  --timeout TIME          how long --wait-for waits: 60s, 5m (default: 60s)
  --window TIME           sorts lines of several instances that are this close in time: 300ms, 0 (default: 300ms)
  --read HOW              pull, search, or auto: search if pulling is denied (default: auto)
  --out FOLDER            folder to look up construct paths in (default: cdktf.out)
  --open                  also shows the log on a page in the browser, which this command serves on 127.0.0.1: docs/page.md
  --port PORT             port of the page (default: any free port)

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN. NO_COLOR and FORCE_COLOR
turn colors off and on (default: on in a terminal). Exits with 2 if the command line or the keys are not valid, and with 3
if --wait-for did not match in time.

Examples:
  tencent-logs tail orders payments -r ap-guangzhou
  tencent-logs tail orders --since 10m --level warn --no-follow
  tencent-logs tail orders --wait-for "ready" --timeout 30s
`;

const FLAGS = {
  region: { type: "string", short: "r", multiple: true },
  namespace: { type: "string", short: "n", default: "default" },
  topic: { type: "string", multiple: true },
  since: { type: "string" },
  until: { type: "string" },
  "no-follow": { type: "boolean" },
  version: { type: "string" },
  request: { type: "string" },
  level: { type: "string" },
  filter: { type: "string" },
  exclude: { type: "string" },
  lag: { type: "boolean" },
  json: { type: "boolean" },
  raw: { type: "boolean" },
  open: { type: "boolean" },
  port: { type: "string", default: "0" },
  "wait-for": { type: "string" },
  timeout: { type: "string" },
  window: { type: "string", default: "300ms" },
  read: { type: "string", default: "auto" },
  out: { type: "string", default: "cdktf.out" },
  help: { type: "boolean", short: "h" },
} as const;

/** Arguments of a tail. */
export interface TailArguments {
  readonly names: readonly string[];
  readonly topics: readonly string[];
  /** As given; empty if none was. */
  readonly regions: readonly string[];
  readonly namespace: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly follow: boolean;
  readonly version?: string;
  readonly request?: string;
  readonly level?: string;
  readonly filter?: Regex;
  readonly exclude?: Regex;
  readonly lag: boolean;
  readonly format: "people" | "json" | "raw";
  readonly waitFor?: Regex;
  readonly timeoutMs: number;
  readonly windowMs: number;
  readonly how: ReadHow;
  readonly out: string;
  /** Port of the page, if requested; 0 for any. */
  readonly page?: number;
}

/** A time: milliseconds ago by the cloud's clock, or an instant in milliseconds since the epoch. */
export type Moment = { readonly agoMs: number } | { readonly at: number };

/** Reads the command line; undefined if help is requested. @throws UsageError */
export function tailArguments(args: readonly string[]): TailArguments | undefined {
  const { values, positionals: names } = readArguments(args, FLAGS);
  if (values.help) return undefined;
  const topics = values.topic ?? [];
  if (names.length === 0 && topics.length === 0) {
    throw new UsageError("NAME must be a function, a prefix or a construct's path, got nothing; see --help");
  }
  if (names.length > 0 && topics.length > 0) {
    throw new UsageError(`one of NAME and --topic must be given, got ${names[0]} and --topic ${topics[0]}; see --help`);
  }
  if (values.json && values.raw) throw new UsageError("one of --json and --raw must be given, got both; see --help");
  if (values.timeout !== undefined && values["wait-for"] === undefined) {
    throw new UsageError("--timeout must come with --wait-for, got it alone; see --help");
  }
  for (const id of topics) matching("--topic", id, /^[\w-]{8,64}$/, "must be a topic's id");
  for (const region of values.region ?? []) checkRegion("--region", region);
  const [since, until] = spanOf(values.since, values.until);
  if (values["no-follow"] && !since) {
    throw new UsageError("--no-follow must come with --since, got it alone; say where to begin, such as --since 10m");
  }
  const pattern = (flag: "filter" | "exclude" | "wait-for"): Regex | undefined =>
    values[flag] === undefined ? undefined : patternOf(`--${flag}`, values[flag]);
  return {
    names,
    topics,
    regions: values.region ?? [],
    namespace: matching("--namespace", values.namespace, /^[A-Za-z][\w-]*$/, "must be a namespace's name"),
    since,
    until,
    follow: !values["no-follow"],
    version: values.version === undefined ? undefined : versionOf(values.version),
    request:
      values.request === undefined
        ? undefined
        : matching("--request", values.request, /^\S+$/, "must be a request's id"),
    level: values.level === undefined ? undefined : levelOf(values.level),
    filter: pattern("filter"),
    exclude: pattern("exclude"),
    lag: values.lag ?? false,
    format: values.json ? "json" : values.raw ? "raw" : "people",
    waitFor: pattern("wait-for"),
    timeoutMs: timeoutOf(values.timeout ?? "60s"),
    windowMs: durationOf("--window", values.window, "1h"),
    how: matching("--read", values.read, /^(pull|search|auto)$/, "must be pull, search or auto") as ReadHow,
    out: values.out,
    ...(values.open && { page: portOf(values.port) }),
  };
}

/** @param source the flag or the variable of the region */
export function checkRegion(source: string, region: string): void {
  matching(source, region, /^[a-z]{2,4}(-[a-z0-9]+)+$/, "must be a region, such as ap-guangzhou");
}

function levelOf(level: string): string {
  const lower = level.toLowerCase();
  return matching("--level", lower, new RegExp(`^(${LEVELS.join("|")})$`), `must be one of ${LEVELS.join(", ")}`);
}

function versionOf(version: string): string {
  // Lines contain the version that wrote them; the versions of an alias can change from one to the next.
  const rule = "must be $LATEST or a number; an alias stands for versions";
  return matching("--version", version, /^(\$LATEST|\d+)$/, rule);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds. @param most in the form that users write */
function durationOf(flag: string, text: string, most: string): number {
  if (text === "0") return 0;
  const milliseconds = millisecondsOf(
    matching(flag, text, DURATION, "must be a number with ms, s, m, h or d, such as 10m"),
  );
  if (milliseconds > millisecondsOf(most))
    throw new UsageError(`${flag} must be at most ${most}, got ${text}; see --help`);
  return milliseconds;
}

function millisecondsOf(duration: string): number {
  const [, number, unit] = DURATION.exec(duration) ?? [];
  return Number(number) * UNITS[unit];
}

/** Node's timers are limited to 24 days. */
function timeoutOf(text: string): number {
  const milliseconds = durationOf("--timeout", text, "24d");
  if (milliseconds === 0) throw new UsageError(`--timeout must be more than 0, got ${text}; see --help`);
  return milliseconds;
}

/** Begin and end of the tail. An end before the begin is an error, because nothing would ever be shown. */
function spanOf(since?: string, until?: string): [since?: Moment, until?: Moment] {
  const [begin, end] = [since && momentOf("--since", since), until && momentOf("--until", until)] as const;
  const now = Date.now();
  const at = (moment: Moment): number => ("at" in moment ? moment.at : now - moment.agoMs);
  if (begin && end && at(end) <= at(begin)) {
    throw new UsageError(`--until must be later than --since, got ${until} and ${since}; see --help`);
  }
  if (!begin && end && at(end) <= now) {
    throw new UsageError(`--until must be in the future if there is no --since, got ${until}; see --help`);
  }
  return [begin || undefined, end || undefined];
}

const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** A time in the form that people write. A future one is an error for `--since`, but valid for `--until`. */
function momentOf(flag: string, text: string): Moment {
  if (/^[\d.]+(ms|s|m|h|d)$/.test(text)) return { agoMs: durationOf(flag, text, "36500d") };
  const rule = "must be how long ago (10m) or a time (2026-01-31T12:00:00Z)";
  const at = Date.parse(matching(flag, text, TIME, rule));
  if (Number.isNaN(at) || !isDay(text))
    throw new UsageError(`${flag} ${rule}, got ${JSON.stringify(text)}; see --help`);
  if (flag === "--since" && at > Date.now()) {
    throw new UsageError(`${flag} must be in the past, got ${text}, and now it is ${new Date().toISOString()}`);
  }
  return { at };
}

/** Whether the day exists in its month: JavaScript accepts February 31 as a day in March. */
function isDay(time: string): boolean {
  const [year, month, day] = time.slice(0, 10).split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
