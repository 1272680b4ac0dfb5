import { MONTH_NAMES, MONTH_SHORT_NAMES, WEEKDAY_NAMES, WEEKDAY_SHORT_NAMES } from "../../python/date-names";
import type { PyDatetime } from "../../python/datetime";
import { dayOfYear, mondayWeek, sundayWeek } from "../../python/strftime";
import { fail, type Value } from "../../run/values";
import { describe } from "./arguments";

const PROPERTIES: Readonly<Record<string, (time: PyDatetime) => number | string>> = {
  year: (time) => time.date.year,
  month: (time) => time.date.month,
  day: (time) => time.date.day,
  hour: (time) => time.hour,
  minute: (time) => time.minute,
  second: (time) => time.second,
  microsecond: (time) => time.microsecond,
  // 0 is Monday, as in Python.
  weekday: (time) => time.weekday,
  weekdayname: (time) => WEEKDAY_NAMES[time.weekday],
  weekdayshortname: (time) => WEEKDAY_SHORT_NAMES[time.weekday],
  monthname: (time) => MONTH_NAMES[time.date.month - 1],
  monthshortname: (time) => MONTH_SHORT_NAMES[time.date.month - 1],
  dayofyear: dayOfYear,
  // 1 is Monday, as in ISO 8601.
  dayofweek: (time) => time.weekday + 1,
  // Weeks begin on Sunday; with `_m` on Monday. 0 before the first one of the year.
  weekofyear: sundayWeek,
  weekofyear_m: mondayWeek,
  weekofmonth: weekOfMonth,
  tzname: (time) => time.zoneName,
};

export const PROPERTY_NAMES: readonly string[] = Object.keys(PROPERTIES);

/** A property of a date: numbers as integers, names in English. */
export function property(time: PyDatetime, name: Value | undefined): Value {
  if (typeof name !== "string" || !Object.hasOwn(PROPERTIES, name)) {
    return fail(`dt_prop: the property must be one of ${PROPERTY_NAMES.join(", ")}, got ${describe(name)}`);
  }
  const value = PROPERTIES[name](time);
  return typeof value === "number" ? BigInt(value) : value;
}

/** Weeks begin on Monday; the first one contains the first day of the month. */
function weekOfMonth(time: PyDatetime): number {
  const weekdayOfFirst = (((time.weekday - time.date.day + 1) % 7) + 7) % 7;
  return Math.ceil((time.date.day + weekdayOfFirst) / 7);
}
