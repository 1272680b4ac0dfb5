import type { Run } from "../../run/implementation";
import { parseDate } from "../../python/date-text/parse-date";
import { PyDatetime } from "../../python/datetime";
import { type Zone, zoneByName } from "../../python/zone";
import { toText } from "../../run/text";
import { fail, isOpaque, typeName, type Value } from "../../run/values";

const UNIX = /^([+-]?)(\d+)(?:\.(\d*))?$/;
/**
 * Seconds since 1970 with 9 to 11 digits: 1973 to 5138. Other lengths are dates: `2019`, `20190603`, `20190603024126`.
 */
const UNIX_ONLY = /^[+-]?\d{9,11}(?:\.\d*)?$|^[+-]\d+(?:\.\d*)?$/;
const LAST_UNIX = 253_402_300_799;

/**
 * A date from a value: a date, its text, or Unix seconds as a number or as text. Without a zone it is set to `zone`;
 * otherwise it is converted. Unix seconds without any zone are in UTC.
 */
export function toDatetime(name: string, value: Value | undefined, run: Run, zone: Zone | null = null): PyDatetime {
  if (isDatetime(value)) return inZone(value, zone);
  if (typeof value === "bigint" || typeof value === "number") return fromUnix(name, value, zone);
  if (typeof value !== "string") {
    return fail(`${name} must get a date, its text or unix seconds, got ${describe(value)}`);
  }
  const text = value.trim();
  if (UNIX_ONLY.test(text)) return fromUnix(name, text, zone);
  const parsed = parseDate(text, run.now());
  if (parsed) return inZone(parsed, zone);
  if (UNIX.test(text)) return fromUnix(name, text, zone);
  return fail(
    `${name} must get a date, its text or unix seconds, got ${describe(value)}; dt_strptime reads other formats`,
  );
}

/** A date from Unix seconds, with fractions; in UTC without a zone. */
export function fromUnix(name: string, value: Value | undefined, zone: Zone | null): PyDatetime {
  const { seconds, microsecond } = unixSeconds(name, value);
  if (!(Math.abs(seconds) <= LAST_UNIX)) {
    return fail(
      `${name} must get unix seconds up to the year 9999, got ${describe(value)}; divide milliseconds by 1000`,
    );
  }
  return PyDatetime.fromInstant(seconds, microsecond, zone);
}

function unixSeconds(name: string, value: Value | undefined): { seconds: number; microsecond: number } {
  if (typeof value === "bigint") return { seconds: Number(value), microsecond: 0 };
  if (typeof value === "number") return split(value);
  const match = typeof value === "string" ? UNIX.exec(value.trim()) : null;
  if (!match) return fail(`${name} must get unix seconds, got ${describe(value)}`);
  const [, sign, whole, fraction = ""] = match;
  const microsecond = Number(fraction.slice(0, 6).padEnd(6, "0"));
  if (sign !== "-") return { seconds: Number(whole), microsecond };
  return microsecond === 0
    ? { seconds: -Number(whole), microsecond }
    : { seconds: -Number(whole) - 1, microsecond: 1_000_000 - microsecond };
}

function split(value: number): { seconds: number; microsecond: number } {
  const seconds = Math.floor(value);
  const microsecond = Math.round((value - seconds) * 1_000_000);
  return microsecond === 1_000_000 ? { seconds: seconds + 1, microsecond: 0 } : { seconds, microsecond };
}

/** Attaches a zone to a date without one, otherwise converts to it. */
export function inZone(time: PyDatetime, zone: Zone | null): PyDatetime {
  if (zone === null) return time;
  if (time.zone === null) return attach(time, zone);
  return PyDatetime.fromInstant(time.instant, time.microsecond, zone);
}

/** Replaces the zone; the local time stays. */
export function attach(time: PyDatetime, zone: Zone | null): PyDatetime {
  return new PyDatetime(time.wall, time.microsecond, zone);
}

/** The zone of an optional `tz`. */
export function toZone(name: string, tz: Value): Zone | null {
  if (tz === null || tz === "") return null;
  if (typeof tz === "string") return zoneByName(tz);
  return fail(`${name}: tz must be the name of a time zone, got ${describe(tz)}`);
}

/** A parameter that must be a string. */
export function toFormat(name: string, parameter: string, value: Value | undefined): string {
  if (typeof value === "string") return value;
  return fail(`${name}: ${parameter} must be text, got ${describe(value)}`);
}

export function isDatetime(value: Value | undefined): value is PyDatetime {
  return isOpaque(value, "datetime");
}

/** A value as quoted in messages: its type, and at most 100 characters of its text. */
export function describe(value: Value | undefined): string {
  if (value === undefined || value === null) return "None";
  return `${typeName(value)} ${JSON.stringify(toText(value).slice(0, 100))}`;
}
