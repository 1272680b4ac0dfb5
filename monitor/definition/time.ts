/** Durations and times as people write them. */
import { type Kind, mapped, object, oneOf, oneOrMore, optional, required, textThat, withDefault } from "./kinds";
import type { Reading } from "./problem";
import type { QuietHours } from "./types";

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { d: DAY_MS, h: 3_600_000, m: 60_000, s: 1000 };

/** Milliseconds of `90s`, `10m`, `1h30m` or `2d`; undefined if it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit], 0);
}

const DURATION = /^(?=\d)(?:\d{1,6}d)?(?:\d{1,6}h)?(?:\d{1,6}m)?(?:\d{1,6}s)?$/;

/** A duration in milliseconds in the form that people write, in the largest units: `1h30m`. */
export function durationText(ms: number): string {
  let rest = Math.round(ms / 1000) * 1000;
  let text = "";
  for (const [unit, length] of Object.entries(UNITS)) {
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * length;
  }
  return text || "0s";
}

/** A duration, in milliseconds. */
export function duration(min: string, max: string): Kind<number> {
  const [least, most] = [parseDuration(min) as number, parseDuration(max) as number];
  const rule = `must be a length of time from ${min} to ${max}`;
  return mapped(textThat(DURATION, rule, "write it like 90s, 10m or 1h30m"), (text, reading) => {
    const ms = parseDuration(text) as number;
    return ms >= least && ms <= most ? ms : reading.report(rule, text, { remedy: "choose one in the range" });
  });
}

/** Whether a name is a time zone, such as `Asia/Shanghai`. */
function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
}

export const ZONE: Kind<string> = mapped(
  textThat(/^[A-Za-z][A-Za-z0-9_+/-]*$/, "must be a time zone by its name", "write it like Asia/Shanghai"),
  (zone, reading) =>
    isZone(zone)
      ? zone
      : reading.report("must be a time zone by its name", zone, { remedy: "write it like Asia/Shanghai" }),
);

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** `22:30`, in minutes since midnight. */
const TIME_OF_DAY: Kind<number> = mapped(
  textThat(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time of day from 00:00 to 24:00", 'write it like "22:00"'),
  (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)),
);

/** Hours on certain days. */
export const QUIET_HOURS: Kind<QuietHours> = mapped(
  object({
    days: withDefault("Days on which the hours start.", oneOrMore<string>(oneOf(DAYS)), DAYS),
    from: required("Start, such as 22:00.", TIME_OF_DAY),
    to: required("End; if it is before `from`, on the next day.", TIME_OF_DAY),
    zone: required("Name of the time zone, such as Asia/Shanghai.", ZONE),
  }),
  ({ days, from, to, zone }, reading) =>
    from === to
      ? reading.report("must have hours between from and to", undefined, {
          got: "none",
          remedy: "for whole days write from 00:00 to 24:00",
        })
      : { days, fromMinute: from, toMinute: to, zone },
);

/** A moment, given by the members `until` and `zone` of an object. */
export const UNTIL = {
  until: required(
    "A time: with an offset, such as 2026-12-24T08:00:00+08:00, or without one and with `zone`.",
    textThat(
      /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?$/,
      "must be a date and a time of day",
      "write it like 2026-12-24T08:00:00+08:00, or without the offset and with zone",
    ),
  ),
  zone: optional("Name of the time zone of `until`.", ZONE),
};

/** Milliseconds since the epoch; undefined, and reported, if the two are not a valid moment. */
export function readMoment(until: string, zone: string | undefined, reading: Reading): number | undefined {
  const hasOffset = /(?:Z|[+-]\d{2}:\d{2})$/.test(until);
  if (hasOffset === (zone !== undefined)) {
    const rule = "must be in a time zone, by an offset or by zone";
    return reading.report(rule, until, { remedy: hasOffset ? "leave zone out" : "add zone, like Asia/Shanghai" });
  }
  const local = Date.parse(`${until.replace(" ", "T")}${hasOffset ? "" : "Z"}`);
  // Date.parse accepts February 30 as March 1.
  const isReal =
    !Number.isNaN(local) &&
    new Date(Date.parse(`${until.slice(0, 10)}T00:00Z`)).getUTCDate() === Number(until.slice(8, 10));
  if (!isReal) return reading.report("must be a date and a time of day", until, { remedy: "correct the date" });
  return zone === undefined ? local : local - offsetAt(local, zone);
}

/**
 * Offset of a zone from UTC at a local time, in milliseconds. If the local time occurs twice, the first is used; if it
 * is skipped, the offset before the change is used.
 */
function offsetAt(local: number, zone: string): number {
  const before = offsetOf(local - DAY_MS, zone);
  const after = offsetOf(local + DAY_MS, zone);
  return offsetOf(local - before, zone) === before || offsetOf(local - after, zone) !== after ? before : after;
}

/** Offset of a zone from UTC at a moment, in milliseconds. */
function offsetOf(moment: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
  });
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const shown = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return shown - Math.floor(moment / 1000) * 1000;
}
