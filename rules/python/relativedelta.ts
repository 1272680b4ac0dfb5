import { DAY_SECONDS, daysFromCivil, daysInMonth } from "./calendar";
import { PyDatetime } from "./datetime";

const MICROSECONDS = 1_000_000;

/** A weekday and its number: the `nth` from a date on, or backwards if it is negative. */
export interface NthWeekday {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly nth: number;
}

/** dateutil's `relativedelta`: parts of a date to replace, then amounts to add, then the weekday to move to. */
export interface RelativeDelta {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly microsecond?: number;
  /** Months to add, including years. */
  readonly months?: number;
  /** Seconds to add, from microseconds to weeks. */
  readonly seconds?: number;
  readonly microseconds?: number;
  readonly weekday?: NthWeekday;
}

/**
 * Adds a delta to a date. A day beyond the end of the resulting month becomes its last day. The calculation is in local
 * time of the date's zone.
 */
export function addDelta(time: PyDatetime, delta: RelativeDelta): PyDatetime {
  // As in Python, a year, month or day of 0 keeps that of the date.
  const month0 = (delta.year || time.date.year) * 12 + (delta.month || time.date.month) - 1 + (delta.months ?? 0);
  const year = Math.floor(month0 / 12);
  const month = month0 - year * 12 + 1;
  const day = Math.min(delta.day || time.date.day, daysInMonth(year, month));
  const { hour = time.hour, minute = time.minute, second = time.second, microsecond = time.microsecond } = delta;
  const clock = hour * 3600 + minute * 60 + second + (delta.seconds ?? 0);
  const wall = daysFromCivil(year, month, day) * DAY_SECONDS + clock;
  return toWeekday(shifted(time, wall, microsecond + (delta.microseconds ?? 0)), delta.weekday);
}

/** What to add to the second date to get the first: months, and the rest in seconds. */
export function deltaBetween(to: PyDatetime, from: PyDatetime): RelativeDelta {
  const target = PyDatetime.fromInstant(to.instant, to.microsecond, from.zone);
  const isForward = target.compareTo(from) >= 0;
  let months = (target.date.year - from.date.year) * 12 + target.date.month - from.date.month;
  let reached = addDelta(from, { months });
  while (isForward ? target.compareTo(reached) < 0 : target.compareTo(reached) > 0) {
    months += isForward ? -1 : 1;
    reached = addDelta(from, { months });
  }
  return {
    months,
    seconds: target.wall - reached.wall,
    microseconds: target.microsecond - reached.microsecond,
  };
}

/** Another time in the same zone; fractions of seconds and excess microseconds are carried. */
function shifted(time: PyDatetime, wall: number, microseconds: number): PyDatetime {
  const whole = Math.floor(wall);
  const all = Math.round((wall - whole) * MICROSECONDS) + Math.round(microseconds);
  const carry = Math.floor(all / MICROSECONDS);
  return new PyDatetime(whole + carry, all - carry * MICROSECONDS, time.zone);
}

function toWeekday(time: PyDatetime, target: NthWeekday | undefined): PyDatetime {
  if (!target) return time;
  const { weekday, nth } = target;
  const ahead = nth > 0 ? mod7(weekday - time.weekday) : -mod7(time.weekday - weekday);
  const days = ahead + 7 * (nth > 0 ? nth - 1 : nth + 1);
  return new PyDatetime(time.wall + days * DAY_SECONDS, time.microsecond, time.zone);
}

function mod7(days: number): number {
  return ((days % 7) + 7) % 7;
}
