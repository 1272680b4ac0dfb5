import { DAY_SECONDS, daysFromCivil } from "../../python/calendar";
import { PyDatetime } from "../../python/datetime";
import { fail, type Value } from "../../run/values";
import { describe } from "./arguments";

/** Start of the unit that contains a date, in local time. */
const BEGINNINGS: Readonly<Record<string, (time: PyDatetime) => number>> = {
  second: (time) => time.wall,
  minute: (time) => time.wall - time.second,
  hour: (time) => time.wall - time.minute * 60 - time.second,
  day: (time) => time.days * DAY_SECONDS,
  week: (time) => (time.days - time.weekday) * DAY_SECONDS,
  month: (time) => beginningOfMonth(time, time.date.month),
  quarter: (time) => beginningOfMonth(time, time.date.month - ((time.date.month - 1) % 3)),
  half_year: (time) => beginningOfMonth(time, time.date.month <= 6 ? 1 : 7),
  year: (time) => beginningOfMonth(time, 1),
};

export const TRUNCATE_UNITS: readonly string[] = Object.keys(BEGINNINGS);

/** Whether `dt_truncate` supports a unit. */
export function isTruncateUnit(unit: string): boolean {
  return TRUNCATE_UNITS.includes(unit) || minutesOf(unit) > 0;
}

/** The start of the unit that contains a date, in local time: `5_minute` counts from the full hour. */
export function truncate(time: PyDatetime, unit: Value): PyDatetime {
  return new PyDatetime(beginning(time, unit), 0, time.zone);
}

function beginning(time: PyDatetime, unit: Value): number {
  if (typeof unit === "string") {
    if (Object.hasOwn(BEGINNINGS, unit)) return BEGINNINGS[unit](time);
    const minutes = minutesOf(unit);
    if (minutes > 0) return time.wall - (time.minute % minutes) * 60 - time.second;
  }
  return fail(
    `dt_truncate: unit must be one of ${TRUNCATE_UNITS.join(", ")}, or minutes such as "5_minute", got ${describe(unit)}`,
  );
}

/** The number in `5_minute`; NaN for other units. */
function minutesOf(unit: string): number {
  return Number(/^([1-9]\d{0,3})_minutes?$/.exec(unit)?.[1]);
}

function beginningOfMonth({ date }: PyDatetime, month: number): number {
  return daysFromCivil(date.year, month, 1) * DAY_SECONDS;
}
