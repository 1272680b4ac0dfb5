import { group } from "../define";
import type { Run } from "../../run/implementation";
import { PyDatetime } from "../../python/datetime";
import { strftime } from "../../python/strftime";
import { strptime } from "../../python/strptime";
import type { Value } from "../../run/values";
import { compileAdd, nthWeekday } from "./add";
import { attach, fromUnix, inZone, isDatetime, toDatetime, toFormat, toZone } from "./arguments";
import { difference, divide } from "./difference";
import { property } from "./properties";
import { truncate } from "./truncate";

/**
 * Dates and times. Functions with a date parameter also accept its text and Unix seconds. A date without a zone is in
 * UTC. Invalid dates and unknown zones fail.
 */
export const DATE_TIME = group("Date/time", {
  dt_parse: {
    parameters: "x|value, tz:zone=None, fmt:strptime-format=None",
    doc:
      "parses a date. `tz` is attached to a date without a zone, and other dates are converted to it; unix " +
      "seconds are shown in `tz`, or in UTC without it. With `fmt`, a text is parsed as in `dt_strptime`.",
    impure: (run, value: Value, tz: Value, fmt: Value) => parsed("dt_parse", run, value, tz, fmt),
  },

  dt_str: {
    parameters: "x|value, fmt=None, tz:zone=None",
    doc: "formats a date, which is parsed as in `dt_parse`; `fmt` is as in `dt_strftime`.",
    impure: (run, value: Value, fmt: Value, tz: Value) => {
      const time = toDatetime("dt_str", value, run, toZone("dt_str", tz));
      return fmt === null ? time.toText() : strftime(time, toFormat("dt_str", "fmt", fmt));
    },
  },

  dt_parsetimestamp: {
    parameters: "x|value, tz:zone=None, fmt:strptime-format=None",
    doc:
      "the unix seconds of a date, rounded down; `tz` is the zone of a date without one, and `fmt` is as in " +
      "`dt_parse`.",
    impure: (run, value: Value, tz: Value, fmt: Value) =>
      BigInt(parsed("dt_parsetimestamp", run, value, tz, fmt).instant),
  },

  dt_prop: {
    parameters: "x|value, prop:date-property",
    doc: "a property of a date, such as `year`, `weekdayname` or `weekofyear`; fails if there is no such property.",
    impure: (run, value: Value, name: Value) => property(toDatetime("dt_prop", value, run), name),
  },

  dt_now: {
    parameters: "tz:zone=None",
    doc: "the current time in a zone; without `tz`, UTC without a zone.",
    impure: (run, tz: Value) => now(run, "dt_now", tz),
  },

  dt_today: {
    parameters: "tz:zone=None",
    doc: "the current date in a zone; its text has no time.",
    impure: (run, tz: Value) => now(run, "dt_today", tz).toDate(),
  },

  dt_utcnow: {
    parameters: "",
    doc: "the current time in UTC, without a zone.",
    impure: (run) => now(run, "dt_utcnow", null),
  },

  dt_fromtimestamp: {
    parameters: "ts|value, tz:zone=None",
    doc: "converts unix seconds to a date in a zone; without `tz`, UTC without a zone.",
    pure: (value: Value, tz: Value) => fromUnix("dt_fromtimestamp", value, toZone("dt_fromtimestamp", tz)),
  },

  dt_utcfromtimestamp: {
    parameters: "ts|value",
    doc: "converts unix seconds to a date in UTC, without a zone.",
    pure: (value: Value) => fromUnix("dt_utcfromtimestamp", value, null),
  },

  dt_strptime: {
    parameters: "x|value, fmt:strptime-format",
    doc: "parses a text in a format of Python's `strptime`; fails if the text does not match.",
    pure: (value: Value, fmt: Value) =>
      strptime(toFormat("dt_strptime", "the value", value), toFormat("dt_strptime", "fmt", fmt)),
  },

  dt_currentstamp: {
    parameters: 'x|value=None, normalize:rounding="floor"',
    doc: "the current time in unix seconds; `normalize` is as in `dt_diff`, `x` is unused.",
    impure: (run, _value: Value, normalize: Value) =>
      divide("dt_currentstamp", BigInt(Math.trunc(run.now())), 1000n, normalize),
  },

  dt_totimestamp: {
    parameters: "dt|value",
    doc: "the unix seconds of a date, rounded down.",
    impure: (run, value: Value) => BigInt(toDatetime("dt_totimestamp", value, run).instant),
  },

  dt_strftime: {
    parameters: "dt|value, fmt",
    doc: "formats a date in a format of Python's `strftime`.",
    impure: (run, value: Value, fmt: Value) =>
      strftime(toDatetime("dt_strftime", value, run), toFormat("dt_strftime", "fmt", fmt)),
  },

  dt_strftimestamp: {
    parameters: "ts|value, fmt, tz:zone?=None",
    doc: "formats unix seconds in a zone; without `tz`, in UTC.",
    pure: (value: Value, fmt: Value, tz: Value) =>
      strftime(
        isDatetime(value) ? value : fromUnix("dt_strftimestamp", value, toZone("dt_strftimestamp", tz)),
        toFormat("dt_strftimestamp", "fmt", fmt),
      ),
  },

  dt_truncate: {
    parameters: 'x|value, unit:truncate-unit="day"',
    doc: "rounds a date down to a unit, from second to year, or to a multiple such as `5_minute`.",
    impure: (run, value: Value, unit: Value) => truncate(toDatetime("dt_truncate", value, run), unit),
  },

  dt_add: {
    parameters:
      "x|value, dt1=None, dt2=None, year=None, years=None, month=None, months=None, day=None, days=None, hour=None, hours=None, minute=None, minutes=None, second=None, seconds=None, microsecond=None, microseconds=None, week=None, weeks=None, weekday=None",
    doc:
      "a date with parts replaced (`year=2020`), then added to (`years=1`), then moved to a weekday; or with " +
      "the time from `dt2` to `dt1` added. If the month has no such day, its last day is used. Fails if the " +
      "result is not a date.",
    thunk: compileAdd,
  },

  dt_MO: {
    parameters: "n:nth=1",
    doc: "for `dt_add(weekday=)`: the nth Monday from a date on, including that day; backward if n is negative.",
    ...nthWeekday(0),
  },

  dt_TU: {
    parameters: "n:nth=1",
    doc: "Tuesday, like `dt_MO`.",
    ...nthWeekday(1),
  },

  dt_WE: {
    parameters: "n:nth=1",
    doc: "Wednesday, like `dt_MO`.",
    ...nthWeekday(2),
  },

  dt_TH: {
    parameters: "n:nth=1",
    doc: "Thursday, like `dt_MO`.",
    ...nthWeekday(3),
  },

  dt_FR: {
    parameters: "n:nth=1",
    doc: "Friday, like `dt_MO`.",
    ...nthWeekday(4),
  },

  dt_SA: {
    parameters: "n:nth=1",
    doc: "Saturday, like `dt_MO`.",
    ...nthWeekday(5),
  },

  dt_SU: {
    parameters: "n:nth=1",
    doc: "Sunday, like `dt_MO`.",
    ...nthWeekday(6),
  },

  dt_astimezone: {
    parameters: "x|value, tz:zone=None, reset:bool?=False",
    doc: "converts a date to a zone; the zone is attached if the date has none, or with `reset`.",
    impure: (run, value: Value, tz: Value, reset: Value) => {
      const time = toDatetime("dt_astimezone", value, run);
      const zone = toZone("dt_astimezone", tz);
      return reset === true ? attach(time, zone) : inZone(time, zone);
    },
  },

  dt_diff: {
    parameters: 'a|value1, b|value2, unit:difference-unit="second", normalize:rounding="floor"',
    doc: "`a` minus `b` in whole units, rounded as defined by `normalize`.",
    impure: (run, a: Value, b: Value, unit: Value, normalize: Value) =>
      difference(toDatetime("dt_diff", a, run), toDatetime("dt_diff", b, run), unit, normalize),
  },
});

function now(run: Run, name: string, tz: Value): PyDatetime {
  const milliseconds = Math.trunc(run.now());
  const seconds = Math.floor(milliseconds / 1000);
  return PyDatetime.fromInstant(seconds, (milliseconds - seconds * 1000) * 1000, toZone(name, tz));
}

/** A date, or a text parsed with a format if one is given. */
function parsed(name: string, run: Run, value: Value, tz: Value, fmt: Value): PyDatetime {
  const zone = toZone(name, tz);
  if (fmt === null || typeof value !== "string") return toDatetime(name, value, run, zone);
  return inZone(strptime(value, toFormat(name, "fmt", fmt)), zone);
}
