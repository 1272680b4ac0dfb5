import { expression } from "./signature";

const WEEKDAY = expression("n:nth=1");

export const DATE_TIME = {
  dt_parse: expression("x|value, tz:zone=None"),
  dt_str: expression("x|value, fmt=None, tz:zone=None"),
  dt_parsetimestamp: expression("x|value, tz:zone=None"),
  dt_prop: expression("x|value, prop:date-property"),
  dt_now: expression("tz:zone=None"),
  dt_today: expression("tz:zone=None"),
  dt_utcnow: expression(""),
  dt_fromtimestamp: expression("ts|value, tz:zone=None"),
  dt_utcfromtimestamp: expression("ts|value"),
  dt_strptime: expression("x|value, fmt:strptime-format"),
  dt_currentstamp: expression('x|value=None, normalize:rounding="floor"'),
  dt_totimestamp: expression("dt|value"),
  dt_strftime: expression("dt|value, fmt"),
  dt_strftimestamp: expression("ts|value, fmt, tz:zone?=None"),
  dt_truncate: expression('x|value, unit:truncate-unit="day"'),
  dt_add: expression(
    "x|value, dt1=None, dt2=None, year=None, years=None, month=None, months=None, day=None, days=None, hour=None, hours=None, minute=None, minutes=None, second=None, seconds=None, microsecond=None, microseconds=None, week=None, weeks=None, weekday=None",
  ),
  dt_MO: WEEKDAY,
  dt_TU: WEEKDAY,
  dt_WE: WEEKDAY,
  dt_TH: WEEKDAY,
  dt_FR: WEEKDAY,
  dt_SA: WEEKDAY,
  dt_SU: WEEKDAY,
  dt_astimezone: expression("x|value, tz:zone=None, reset=False"),
  dt_diff: expression('a|value1, b|value2, unit:difference-unit="second", normalize:rounding="floor"'),
};
