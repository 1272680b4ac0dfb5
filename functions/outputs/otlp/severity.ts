import type { FieldValue } from "../../records/contracts";

/** How severe a record is, as OpenTelemetry tells it. */
export interface Severity {
  /** 1 to 24; 0 where the text says nothing that is known. */
  readonly number: number;
  /** As it stands in the record. */
  readonly text: string;
}

/**
 * The names of log4j, zap, .NET, Java and syslog. Fact: docs/design/facts/destinations.md#meaning.
 */
const NAMES = {
  all: 1,
  trace: 1,
  finest: 1,
  verbose: 1,
  finer: 3,
  debug: 5,
  fine: 5,
  config: 5,
  info: 9,
  information: 9,
  informational: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  err: 17,
  severe: 17,
  critical: 18,
  crit: 18,
  dpanic: 18,
  alert: 19,
  panic: 19,
  emergency: 21,
  emerg: 21,
  fatal: 21,
};

/** One letter as klog and glog write it. */
const LETTERS = { t: 1, d: 5, i: 9, n: 10, w: 13, e: 17, c: 18, f: 21 };

/** The names of the data model itself, `INFO2` among them. */
const OWN = ["trace", "debug", "info", "warn", "error", "fatal"].flatMap((name, rank) =>
  [2, 3, 4].map((step) => [`${name}${step}`, 4 * rank + step] as const),
);

const KNOWN: ReadonlyMap<string, number> = new Map([...Object.entries({ ...NAMES, ...LETTERS }), ...OWN]);

/** The levels of pino and bunyan, in tens. */
const TENS: readonly number[] = [0, 1, 5, 9, 13, 17, 21];

/** What the value of a record's severity field says; undefined where it holds none. */
export function severityOf(value: FieldValue | undefined): Severity | undefined {
  if (typeof value === "number") return { number: numberOf(value), text: String(value) };
  if (typeof value !== "string" || value === "") return undefined;
  if (/^\d{1,2}$/.test(value)) return { number: numberOf(Number(value)), text: value };
  const name = value.trim().toLowerCase();
  return { number: KNOWN.get(name) ?? 0, text: value };
}

/** A number is a level of pino where it is one of its tens; of others nobody knows what they count. */
function numberOf(value: number): number {
  return value % 10 === 0 && value >= 10 && value <= 60 ? TENS[value / 10] : 0;
}
