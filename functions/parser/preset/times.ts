import type { Zone } from "../../../rules/python/times";
import { loadTimes } from "../late";

/** Parses a time to epoch milliseconds; undefined if it does not have the format. */
export type ReadTime = (text: string) => number | undefined;

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(?:(Z)|([+-])(\d\d):?([0-5]\d)?))?$/i;

/**
 * Returns the parser of a format: `iso`, `seconds`, `milliseconds`, or a format of strptime. Times repeat from line to
 * line, so the last result is cached.
 *
 * @param zoneName time zone of times without one
 */
export function timeReader(format: string, zoneName = "UTC"): ReadTime {
  const read = readerOf(format, zoneName);
  let last = "";
  let lastTime: number | undefined;
  return (text) => {
    if (text !== last) [last, lastTime] = [text, read(text)];
    return lastTime;
  };
}

function readerOf(format: string, zoneName: string): ReadTime {
  if (format === "seconds") return (text) => epoch(text, /^\d{1,11}(?:\.\d{1,9})?$/, 1000);
  if (format === "milliseconds") return (text) => epoch(text, /^\d{1,14}$/, 1);
  const times = loadTimes();
  const zone = times.zoneByName(zoneName);
  return format === "iso" ? (text) => readIso(text, zone) : times.timeReader(format, zone);
}

function epoch(text: string, pattern: RegExp, factor: number): number | undefined {
  return pattern.test(text) ? Math.round(Number(text) * factor) : undefined;
}

/**
 * ISO 8601 as it occurs in logs: date and time separated by `T` or a space, an optional fraction, and an optional zone.
 */
function readIso(text: string, zone: Zone): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second = 0] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  // For a day that does not exist, the calendar would return another one.
  if (wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = wall.getTime() / 1000 + hour * 3600 + minute * 60 + second;
  const [, , , , , , , fraction = "", isUtc, sign, hours, minutes = "0"] = match;
  const given =
    sign === undefined ? undefined : (Number(hours) * 3600 + Number(minutes) * 60) * (sign === "-" ? -1 : 1);
  const offset = given ?? (isUtc === undefined ? zone.offsetOfWall(seconds) : 0);
  return (seconds - offset) * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3));
}
