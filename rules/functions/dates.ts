import type { Implementations, Run } from "../run/implementation";
import { PyDatetime } from "../python/datetime";
import { strftime } from "../python/strftime";
import { strptime } from "../python/strptime";
import type { Value } from "../run/values";
import { compileAdd, nthWeekday } from "./dates/add";
import { attach, fromUnix, inZone, isDatetime, toDatetime, toFormat, toZone } from "./dates/arguments";
import { difference } from "./dates/difference";
import { property } from "./dates/properties";
import { divide } from "./dates/rounding";
import { truncate } from "./dates/truncate";

type Optional = Value | undefined;

/**
 * Dates and times. Where a function takes a date, it takes its text and unix seconds too. A date without a zone counts
 * as UTC. What is no date fails, as does a zone that nobody knows.
 */
export const DATES: Implementations = {
  /**
   * `dt_parse(x, tz=None)`: a date. `tz` is attached to what has no zone, else the date is converted to it; unix seconds
   * are shown in `tz`, without it as UTC.
   */
  dt_parse: {
    impure: (run, value: Value, tz: Optional) => toDatetime("dt_parse", value, run, toZone("dt_parse", tz)),
  },

  /** `dt_str(x, fmt=None, tz=None)`: the text of a date, which is read as `dt_parse` does; `fmt` as in `dt_strftime`. */
  dt_str: {
    impure: (run, value: Value, fmt: Optional, tz: Optional) => {
      const time = toDatetime("dt_str", value, run, toZone("dt_str", tz));
      return fmt === undefined || fmt === null ? time.toText() : strftime(time, toFormat("dt_str", "fmt", fmt));
    },
  },

  /** `dt_parsetimestamp(x, tz=None)`: unix seconds of a date, rounded down; `tz` is the zone of what has none. */
  dt_parsetimestamp: {
    impure: (run, value: Value, tz: Optional) =>
      BigInt(toDatetime("dt_parsetimestamp", value, run, toZone("dt_parsetimestamp", tz)).instant),
  },

  /** `dt_prop(x, prop)`: `year`, `weekdayname`, `weekofyear` ... of a date; fails where there is no such property. */
  dt_prop: {
    impure: (run, value: Value, name: Optional) => property(toDatetime("dt_prop", value, run), name),
  },

  /** `dt_now(tz=None)`: this moment in a zone; without one, UTC without a zone. */
  dt_now: { impure: (run, tz: Optional) => now(run, "dt_now", tz) },

  /** `dt_today(tz=None)`: the date of this moment in a zone, its text without a time. */
  dt_today: { impure: (run, tz: Optional) => now(run, "dt_today", tz).toDate() },

  /** `dt_utcnow()`: this moment in UTC, without a zone. */
  dt_utcnow: { impure: (run) => now(run, "dt_utcnow", undefined) },

  /** `dt_fromtimestamp(ts, tz=None)`: the date of unix seconds in a zone; without one, UTC without a zone. */
  dt_fromtimestamp: {
    pure: (value: Value, tz: Optional) => fromUnix("dt_fromtimestamp", value, toZone("dt_fromtimestamp", tz)),
  },

  /** `dt_utcfromtimestamp(ts)`: the date of unix seconds in UTC, without a zone. */
  dt_utcfromtimestamp: { pure: (value: Value) => fromUnix("dt_utcfromtimestamp", value, null) },

  /** `dt_strptime(x, fmt)`: the date in a text of Python's `strptime` format; fails where the text is another. */
  dt_strptime: {
    pure: (value: Value, fmt: Value) =>
      strptime(toFormat("dt_strptime", "the value", value), toFormat("dt_strptime", "fmt", fmt)),
  },

  /** `dt_currentstamp(x=None, normalize="floor")`: unix seconds of this moment; `normalize` as in `dt_diff`, `x` unused. */
  dt_currentstamp: {
    impure: (run, _value: Optional, normalize: Optional) =>
      divide("dt_currentstamp", BigInt(Math.trunc(run.now())), 1000n, normalize),
  },

  /** `dt_totimestamp(dt)`: unix seconds of a date, rounded down. */
  dt_totimestamp: { impure: (run, value: Value) => BigInt(toDatetime("dt_totimestamp", value, run).instant) },

  /** `dt_strftime(dt, fmt)`: the text of a date in Python's `strftime` format. */
  dt_strftime: {
    impure: (run, value: Value, fmt: Value) =>
      strftime(toDatetime("dt_strftime", value, run), toFormat("dt_strftime", "fmt", fmt)),
  },

  /** `dt_strftimestamp(ts, fmt, tz=None)`: the text of unix seconds in a zone; without one, in UTC. */
  dt_strftimestamp: {
    pure: (value: Value, fmt: Value, tz: Optional) =>
      strftime(
        isDatetime(value) ? value : fromUnix("dt_strftimestamp", value, toZone("dt_strftimestamp", tz)),
        toFormat("dt_strftimestamp", "fmt", fmt),
      ),
  },

  /** `dt_truncate(x, unit="day")`: the beginning of the second ... year, or of the `5_minute`, that a date lies in. */
  dt_truncate: { impure: (run, value: Value, unit: Optional) => truncate(toDatetime("dt_truncate", value, run), unit) },

  /**
   * `dt_add(x, dt1=None, dt2=None, year=, years=, ..., weekday=)`: a date with parts replaced (`year=2020`), then added to
   * (`years=1`), then moved to a weekday; or with the time from `dt2` to `dt1` added. A day that the month does not have
   * is its last one. Fails where the result has no date.
   */
  dt_add: { thunk: compileAdd },

  /** `dt_MO(n=1)`: for `dt_add(weekday=)`: the nth Monday from a date on, that day included, or back where n is negative. */
  dt_MO: nthWeekday(0),
  /** `dt_TU(n=1)`: Tuesday, as `dt_MO`. */
  dt_TU: nthWeekday(1),
  /** `dt_WE(n=1)`: Wednesday, as `dt_MO`. */
  dt_WE: nthWeekday(2),
  /** `dt_TH(n=1)`: Thursday, as `dt_MO`. */
  dt_TH: nthWeekday(3),
  /** `dt_FR(n=1)`: Friday, as `dt_MO`. */
  dt_FR: nthWeekday(4),
  /** `dt_SA(n=1)`: Saturday, as `dt_MO`. */
  dt_SA: nthWeekday(5),
  /** `dt_SU(n=1)`: Sunday, as `dt_MO`. */
  dt_SU: nthWeekday(6),

  /** `dt_astimezone(x, tz=None, reset=False)`: a date in a zone; attached where the date has none, or with `reset`. */
  dt_astimezone: {
    impure: (run, value: Value, tz: Optional, reset: Optional) => {
      const time = toDatetime("dt_astimezone", value, run);
      const zone = toZone("dt_astimezone", tz);
      return reset === true ? attach(time, zone) : inZone(time, zone);
    },
  },

  /** `dt_diff(a, b, unit="second", normalize="floor")`: a minus b in whole units, rounded as `normalize` says. */
  dt_diff: {
    impure: (run, a: Value, b: Value, unit: Optional, normalize: Optional) =>
      difference(toDatetime("dt_diff", a, run), toDatetime("dt_diff", b, run), unit, normalize),
  },
};

function now(run: Run, name: string, tz: Optional): PyDatetime {
  const milliseconds = Math.trunc(run.now());
  const seconds = Math.floor(milliseconds / 1000);
  return PyDatetime.fromInstant(seconds, (milliseconds - seconds * 1000) * 1000, toZone(name, tz));
}
