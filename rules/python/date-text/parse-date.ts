import { civilFromDays, DAY_SECONDS, daysInMonth, weekdayOfDays } from "../calendar";
import { PyDatetime } from "../datetime";
import { fixedZone, type Zone } from "../zone";
import { parseIso } from "./iso";
import { type FoundTime, readTime } from "./reader";
import { UnreadableDate } from "./unreadable";

/** Maximum length of a date; longer texts are not parsed. */
const MAX_LENGTH = 200;

/**
 * Parses a date as dateutil's `parse` does: ISO 8601, RFC 2822, `Apr 18 2019 3pm`, `10/31/2019 12:12:12` and other
 * common notations. Missing parts are taken from today's date, at midnight. A time zone is recognized as an offset or
 * as UTC; other abbreviations are skipped. `undefined` if the text is not a date.
 *
 * @param now milliseconds since 1970-01-01 00:00:00 UTC
 */
export function parseDate(text: string, now: number): PyDatetime | undefined {
  const iso = parseIso(text);
  if (iso) return iso;
  if (text.length > MAX_LENGTH) return undefined;
  const today = civilFromDays(Math.floor(now / 1000 / DAY_SECONDS));
  const found = tryRead(text, today.year);
  if (!found || Object.keys(found).length === 0) return undefined;
  return fill(found, today);
}

function tryRead(text: string, thisYear: number): FoundTime | undefined {
  try {
    return readTime(text, (year) => fullYear(year, thisYear));
  } catch (error) {
    if (error instanceof UnreadableDate) return undefined;
    throw error;
  }
}

/** The year with these last two digits that is within 50 years of this one. */
function fullYear(year: number, thisYear: number): number {
  if (year >= 100) return year;
  const sameCentury = thisYear - (thisYear % 100) + year;
  if (sameCentury >= thisYear + 50) return sameCentury - 100;
  return sameCentury < thisYear - 50 ? sameCentury + 100 : sameCentury;
}

function fill(found: FoundTime, today: { year: number; month: number; day: number }): PyDatetime | undefined {
  const { year = today.year, month = today.month, hour = 0, minute = 0, second = 0, microsecond = 0 } = found;
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && hour < 24 && minute < 60 && second < 60))
    return undefined;
  const lastDay = daysInMonth(year, month);
  const day = found.day ?? Math.min(today.day, lastDay);
  if (day < 1 || day > lastDay) return undefined;
  const zone = foundZone(found);
  if (zone === undefined) return undefined;
  const time = PyDatetime.fromWall({ year, month, day, hour, minute, second, microsecond }, zone);
  return found.weekday === undefined || found.day !== undefined ? time : nextWeekday(time, found.weekday);
}

/** For a weekday without a day of the month: the first such weekday from that date on. */
function nextWeekday(time: PyDatetime, weekday: number): PyDatetime {
  const days = (weekday - weekdayOfDays(time.days) + 7) % 7;
  return new PyDatetime(time.wall + days * DAY_SECONDS, time.microsecond, time.zone);
}

function foundZone({ offset, zoneName }: FoundTime): Zone | null | undefined {
  if (offset === undefined) return null;
  if (Math.abs(offset) >= DAY_SECONDS) return undefined;
  return fixedZone(offset, offset === 0 ? "" : zoneName);
}
