import { MONTH_NAMES, WEEKDAY_NAMES } from "../date-names";

/** Words without their own meaning; `m` is from `a.m.`, `t` separates date and time in ISO 8601. */
const FILLERS = new Set([..." .,;-/'", ...["at", "on", "and", "ad", "m", "t", "of"], ...["st", "nd", "rd", "th"]]);

const WEEKDAYS = byName(WEEKDAY_NAMES);

const MONTHS = byName(MONTH_NAMES).set("sept", 8);

const UNITS = new Map([
  ...["h", "hour", "hours"].map((word) => [word, 0] as const),
  ...["m", "minute", "minutes"].map((word) => [word, 1] as const),
  ...["s", "second", "seconds"].map((word) => [word, 2] as const),
]);

const HALVES = new Map([
  ["am", 0],
  ["a", 0],
  ["pm", 1],
  ["p", 1],
]);

/** Whether a token is allowed anywhere. */
export function isFiller(token: string | undefined): boolean {
  return token !== undefined && FILLERS.has(token.toLowerCase());
}

/** 0 is Monday. */
export function weekdayOf(token: string): number | undefined {
  return WEEKDAYS.get(token.toLowerCase());
}

/** 1 to 12. */
export function monthOf(token: string): number | undefined {
  const index = MONTHS.get(token.toLowerCase());
  return index === undefined ? undefined : index + 1;
}

/** 0 hours, 1 minutes, 2 seconds. */
export function unitOf(token: string | undefined): number | undefined {
  return token === undefined ? undefined : UNITS.get(token.toLowerCase());
}

/** Whether a token looks like a time zone abbreviation. */
export function halfOf(token: string | undefined): number | undefined {
  return token === undefined ? undefined : HALVES.get(token.toLowerCase());
}

export function isUtcName(token: string): boolean {
  return /^(?:utc|gmt|z)$/i.test(token);
}

/** Whether a token looks like the abbreviation of a time zone. */
export function isZoneName(token: string): boolean {
  return /^[A-Z]{1,5}$/.test(token) || token === "z";
}

function byName(names: readonly string[]): Map<string, number> {
  return new Map(
    names.flatMap((name, index) => [
      [name.toLowerCase(), index],
      [name.slice(0, 3).toLowerCase(), index],
    ]),
  );
}
