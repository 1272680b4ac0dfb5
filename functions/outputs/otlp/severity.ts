import type { FieldValue } from "../../records/contracts";

/** A record's severity in OpenTelemetry's terms. */
export interface Severity {
  /** 1 to 24; 0 if the text is unknown. */
  readonly number: number;
  /** The text as in the record. */
  readonly text: string;
}

/** The names of log4j, zap, .NET, Java and syslog. Fact: docs/design/facts/destinations.md#meaning. */
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

/** Single letters as in klog and glog. */
const LETTERS = { t: 1, d: 5, i: 9, n: 10, w: 13, e: 17, c: 18, f: 21 };

/** The names of the data model itself, such as `INFO2`. */
const OWN = ["trace", "debug", "info", "warn", "error", "fatal"].flatMap((name, rank) =>
  [2, 3, 4].map((step) => [`${name}${step}`, 4 * rank + step] as const),
);

const KNOWN: ReadonlyMap<string, number> = new Map([...Object.entries({ ...NAMES, ...LETTERS }), ...OWN]);

/** The levels of pino and bunyan, divided by ten. */
const TENS: readonly number[] = [0, 1, 5, 9, 13, 17, 21];

/** The severity in the value of a record's severity field; undefined if it has none. */
export function severityOf(value: FieldValue | undefined): Severity | undefined {
  if (typeof value === "number") return { number: numberOf(value), text: String(value) };
  if (typeof value !== "string" || value === "") return undefined;
  if (/^\d{1,2}$/.test(value)) return { number: numberOf(Number(value)), text: value };
  const name = value.trim().toLowerCase();
  return { number: KNOWN.get(name) ?? 0, text: value };
}

/** Multiples of ten are pino's levels; the meaning of other numbers is unknown. */
function numberOf(value: number): number {
  return value % 10 === 0 && value >= 10 && value <= 60 ? TENS[value / 10] : 0;
}
