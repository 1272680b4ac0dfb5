import type { Value } from "../../rules/run/values";
import { failureOf, resultOf, runRules, valueOf } from "./support";

const TIME = { time: "2021-03-04 05:06:07" };

describe("dt_parse", () => {
  it.each([
    ["ISO 8601", "2021-03-04T05:06:07.089Z", "2021-03-04 05:06:07.089000+00:00"],
    ["an offset without a colon", "2021-03-04 05:06:07 -0330", "2021-03-04 05:06:07-03:30"],
    ["RFC 2822", "Thu, 04 Mar 2021 05:06:07 +0800", "2021-03-04 05:06:07+08:00"],
    ["months before days", "10/12/2021 1:02", "2021-10-12 01:02:00"],
    ["days before months where months cannot be", "31/12/2021", "2021-12-31 00:00:00"],
    ["a year that says so by its size", "21-Feb-99", "1999-02-21 00:00:00"],
    ["names of months, ordinals and twelve hours", "March 4th of 2021 at 5:06 pm", "2021-03-04 17:06:00"],
    ["midnight and noon", "4 Mar 2021 12am", "2021-03-04 00:00:00"],
    ["units", "2021-03-04 5h 6m 7.5s", "2021-03-04 05:06:07.500000"],
    ["digits alone", "20210304050607", "2021-03-04 05:06:07"],
    ["a decimal comma", "2021-03-04 05:06:07,089", "2021-03-04 05:06:07.089000"],
    ["the zone that + 3 is GMT", "2021-03-04 05:06 BRT+3", "2021-03-04 05:06:00-03:00"],
    ["abbreviations that nobody can know", "2021-03-04 05:06 CST", "2021-03-04 05:06:00"],
    ["unix seconds", "1614834367", "2021-03-04 05:06:07"],
    ["unix seconds with fractions", "-1.25", "1969-12-31 23:59:58.750000"],
    ["unix seconds as numbers", "0", "1970-01-01 00:00:00"],
  ])("reads %s", (_, time, expected) => {
    expect(valueOf('dt_parse(v("time"))', { time })).toBe(expected);
  });

  it("attaches tz to what has no zone, and converts what has one", () => {
    const parse = (time: string) => valueOf('dt_parse(v("time"), tz="Asia/Tokyo")', { time });
    expect(parse("2021-03-04 05:06:07")).toBe("2021-03-04 05:06:07+09:00");
    expect(parse("2021-03-04 05:06:07Z")).toBe("2021-03-04 14:06:07+09:00");
    expect(parse("1614834367")).toBe("2021-03-04 14:06:07+09:00");
  });

  it("fills what is left out with today, and takes the next such weekday", () => {
    const now = new Date();
    expect(valueOf('dt_parse("5:06")')).toBe(`${now.toISOString().slice(0, 10)} 05:06:00`);
    const friday = valueOf('dt_prop(dt_parse("Friday"), "weekdayname")');
    expect(friday).toBe("Friday");
  });

  it.each(["yesterday", "2021-13-45", "25:00", "1614834367000", "", "12 pmam"])("fails on %j", (time) => {
    expect(failureOf('e_set("x", dt_parse(v("time")))', { time })).toContain("dt_parse must get");
  });

  it("takes another event's text no longer than it takes to read it", () => {
    const started = Date.now();
    for (const unit of ["1.", "1 ", "a.1.", "10:", "Jan-", "1,", "+"]) {
      expect(failureOf('e_set("x", dt_parse(v("time")))', { time: unit.repeat(100_000) })).toContain("dt_parse");
    }
    expect(Date.now() - started).toBeLessThan(5000);
  });
});

it("dt_str prints in a format, or as a date prints", () => {
  expect(valueOf('dt_str(v("time"), fmt="%d.%m.%y %-H Uhr", tz="Europe/Berlin")', TIME)).toBe("04.03.21 5 Uhr");
  expect(valueOf('dt_str(v("time"), tz="Europe/Berlin")', TIME)).toBe("2021-03-04 05:06:07+01:00");
});

it("dt_parsetimestamp gives unix seconds, rounded down", () => {
  expect(valueOf('dt_parsetimestamp(v("time"))', TIME)).toBe("1614834367");
  expect(valueOf('dt_parsetimestamp(v("time"), tz="America/New_York")', TIME)).toBe("1614852367");
  expect(valueOf('dt_parsetimestamp("1969-12-31 23:59:59.5")')).toBe("-1");
});

it.each([
  ["year", "2021"],
  ["month", "8"],
  ["day", "1"],
  ["hour", "23"],
  ["minute", "7"],
  ["second", "9"],
  ["microsecond", "12000"],
  ["weekday", "6"],
  ["weekdayname", "Sunday"],
  ["weekdayshortname", "Sun"],
  ["monthname", "August"],
  ["monthshortname", "Aug"],
  ["dayofyear", "213"],
  ["dayofweek", "7"],
  ["weekofyear", "31"],
  ["weekofyear_m", "30"],
  ["weekofmonth", "1"],
  ["tzname", "CEST"],
])("dt_prop tells the %s", (name, expected) => {
  const time = 'dt_parse("2021-08-01 23:07:09.012", tz="Europe/Paris")';
  expect(valueOf(`dt_prop(${time}, "${name}")`)).toBe(expected);
});

it("dt_prop fails on other properties, and names those there are", () => {
  expect(failureOf('e_set("x", dt_prop("2021-08-01", "constructor"))')).toMatch(
    /must be one of year, month.*constructor/,
  );
});

describe("the present", () => {
  const instant = 1_614_834_367_089;
  const run = { now: () => instant, environment: {}, version: 0, emit: () => undefined };
  const call = (name: string, ...values: Value[]) => {
    const value = resultOf(name, values, run) as { toText(): string } | bigint;
    return typeof value === "bigint" ? String(value) : value.toText();
  };

  it("is told by dt_now in a zone, by dt_utcnow in UTC, by dt_today as a date", () => {
    expect(call("dt_now", "Asia/Kolkata")).toBe("2021-03-04 10:36:07.089000+05:30");
    expect(call("dt_now")).toBe("2021-03-04 05:06:07.089000");
    expect(call("dt_utcnow")).toBe("2021-03-04 05:06:07.089000");
    expect(call("dt_today", "Pacific/Honolulu")).toBe("2021-03-03");
  });

  it("is rounded by dt_currentstamp", () => {
    expect(call("dt_currentstamp")).toBe("1614834367");
    expect(call("dt_currentstamp", null, "ceil")).toBe("1614834368");
    expect(call("dt_currentstamp", null, "round")).toBe("1614834367");
  });

  it("is another one for each event", () => {
    const [{ a }] = runRules('e_set("a", dt_currentstamp())', [{}]);
    expect(Math.abs(Number(a) - Date.now() / 1000)).toBeLessThan(5);
  });
});

it("dt_fromtimestamp and dt_utcfromtimestamp show unix seconds, and fail on what is none", () => {
  expect(valueOf('dt_fromtimestamp(v("ts"), tz="Asia/Shanghai")', { ts: "1614834367" })).toBe(
    "2021-03-04 13:06:07+08:00",
  );
  expect(valueOf("dt_fromtimestamp(1614834367.5)")).toBe("2021-03-04 05:06:07.500000");
  expect(valueOf('dt_utcfromtimestamp("0")')).toBe("1970-01-01 00:00:00");
  expect(failureOf('e_set("x", dt_fromtimestamp(v("ts")))', { ts: "1min" })).toContain('got str "1min"');
  expect(failureOf('e_set("x", dt_utcfromtimestamp(v("ts")))', { ts: "1614834367000" })).toContain(
    "divide milliseconds",
  );
});

it.each([
  ["10/Oct/2000:13:55:36 -0700", "%d/%b/%Y:%H:%M:%S %z", "2000-10-10 13:55:36-07:00"],
  ["99 jan 3 7 PM", "%y %b %d %I %p", "1999-01-03 19:00:00"],
  ["2021-W09-4", "%G-W%V-%u", "2021-03-04 00:00:00"],
  ["2021 063 .25", "%Y %j .%f", "2021-03-04 00:00:00.250000"],
  ["Thu 09 2021", "%a %W %Y", "2021-03-04 00:00:00"],
  ["07:08", "%H:%M", "1900-01-01 07:08:00"],
  ["100% 1.2", "100%% %d.%m", "1900-02-01 00:00:00"],
])("dt_strptime reads %j by %j", (time, format, expected) => {
  expect(valueOf('dt_strptime(v("time"), v("format"))', { time, format })).toBe(expected);
});

it.each([
  ["2021-02-29", "%Y-%m-%d", "no day 2021-2-29"],
  ["2021-03-04 more", "%Y-%m-%d", "does not match the format"],
  ["1 2", "%d %d", "stands twice"],
  ["1", "%Q", "is no directive"],
  ["2021 9", "%Y %V", "%G and %V go together"],
])("dt_strptime fails on %j by %j", (time, format, reason) => {
  expect(failureOf('e_set("x", dt_strptime(v("time"), v("format")))', { time, format })).toContain(reason);
});

it("dt_totimestamp gives unix seconds of a date", () => {
  expect(valueOf('dt_totimestamp(dt_parse("2021-03-04 05:06:07+01:00"))')).toBe("1614830767");
});

it("dt_strftime prints a date", () => {
  const format = "%A %a %B %b %d %e %H %I %p %M %S %f %j %U %W %u %w %V %G %y %z %Z %% %s %F %T %c";
  expect(valueOf(`dt_strftime(dt_parse("2021-03-04 15:06:07.089", tz="America/New_York"), "${format}")`)).toBe(
    "Thursday Thu March Mar 04  4 15 03 PM 06 07 089000 063 09 09 4 4 09 2021 21 -0500 EST % 1614888367 " +
      "2021-03-04 15:06:07 Thu Mar  4 15:06:07 2021",
  );
  expect(valueOf('dt_strftime(dt_parse("2021-03-04"), "%z|%Z|%-d|%^a|%Q|%")')).toBe("||4|THU|%Q|%");
});

it("dt_strftimestamp prints unix seconds in a zone", () => {
  expect(valueOf('dt_strftimestamp("1614834367", "%H:%M %Z", "Asia/Tokyo")')).toBe("14:06 JST");
  expect(valueOf('dt_strftimestamp(1614834367, "%H:%M")')).toBe("05:06");
});

it.each([
  ["second", "2021-11-28 17:26:07"],
  ["minute", "2021-11-28 17:26:00"],
  ["10_minute", "2021-11-28 17:20:00"],
  ["19_minute", "2021-11-28 17:19:00"],
  ["hour", "2021-11-28 17:00:00"],
  ["day", "2021-11-28 00:00:00"],
  ["week", "2021-11-22 00:00:00"],
  ["month", "2021-11-01 00:00:00"],
  ["quarter", "2021-10-01 00:00:00"],
  ["half_year", "2021-07-01 00:00:00"],
  ["year", "2021-01-01 00:00:00"],
])("dt_truncate goes back to the beginning of the %s", (unit, expected) => {
  expect(valueOf(`dt_truncate("2021-11-28 17:26:07.5", "${unit}")`)).toBe(expected);
});

it("dt_truncate takes days, on the date's own clock, and fails on other units", () => {
  expect(valueOf('dt_truncate(dt_parse("2021-03-28 17:00", tz="Europe/Paris"))')).toBe("2021-03-28 00:00:00+01:00");
  expect(failureOf('e_set("x", dt_truncate("2021-11-28", "0_minute"))')).toContain('got "0_minute"');
});

it.each([
  ["years=1", "2022-01-31 10:00:00"],
  ["year=2020, month=2", "2020-02-29 10:00:00"],
  ["months=1", "2021-02-28 10:00:00"],
  ["month=4, days=1", "2021-05-01 10:00:00"],
  ["weeks=1, hours=14", "2021-02-08 00:00:00"],
  ["week=2", "2021-02-14 10:00:00"],
  ["day=5, hour=1, minute=2, second=3, microsecond=4", "2021-01-05 01:02:03.000004"],
  ["minutes=90, seconds=30, microseconds=1500000", "2021-01-31 11:30:31.500000"],
  ["days=-31", "2020-12-31 10:00:00"],
  ["weekday=dt_MO(1)", "2021-02-01 10:00:00"],
  ["weekday=dt_TU(2)", "2021-02-09 10:00:00"],
  ["weekday=dt_WE(-1)", "2021-01-27 10:00:00"],
  ["weekday=dt_TH(-2)", "2021-01-21 10:00:00"],
  ["weekday=dt_FR(1)", "2021-02-05 10:00:00"],
  ["weekday=dt_SA(1)", "2021-02-06 10:00:00"],
  ["weekday=dt_SU(1)", "2021-01-31 10:00:00"],
  ['dt1="2021-03-01 12:00", dt2="2021-01-30 11:00"', "2021-03-01 11:00:00"],
  ["2019", "2019-01-31 10:00:00"],
])("dt_add takes %s", (change, expected) => {
  expect(valueOf(`dt_add("2021-01-31 10:00", ${change})`)).toBe(expected);
});

it.each([
  ["years=9000", "years 1 to 9999"],
  ["hour=24", "hour must be 0 to 23, got 24"],
  ["months=1.5", "whole numbers"],
  ['days="many"', 'days must be a number, got str "many"'],
  ["weekday=dt_MO(0)", "n must be a whole number other than 0"],
  ['dt1="2021-03-01 12:00"', "dt1 needs dt2"],
])("dt_add fails on %s", (change, reason) => {
  expect(failureOf(`e_set("x", dt_add(v("time"), ${change}))`, TIME)).toContain(reason);
});

it("dt_astimezone converts, or attaches where there is no zone or reset is given", () => {
  const zoned = { time: "2021-03-04 05:06:07+01:00" };
  expect(valueOf('dt_astimezone(v("time"), "Asia/Tokyo")', zoned)).toBe("2021-03-04 13:06:07+09:00");
  expect(valueOf('dt_astimezone(v("time"), "Asia/Tokyo", reset=True)', zoned)).toBe("2021-03-04 05:06:07+09:00");
  expect(valueOf('dt_astimezone(v("time"), tz="UTC+5:30")', TIME)).toBe("2021-03-04 05:06:07+05:30");
  expect(failureOf('e_set("x", dt_astimezone(v("time"), "Mars/Olympus"))', TIME)).toContain('got "Mars/Olympus"');
});

it.each([
  ['"2021-03-04 05:06:07"', '"2021-03-04 05:06:00"', "", "7"],
  ['"10:00"', '"11:30"', ', "hour"', "-2"],
  ['"10:00"', '"11:30"', ', "hours", "int"', "-1"],
  ['"10:00"', '"11:30"', ', "hour", "round"', "-2"],
  ['"10:00"', '"11:31"', ', "hour", "ceil"', "-1"],
  ['"2021-03-04"', '"2021-02-04"', ', "day"', "28"],
  ['"2021-03-04"', '"2021-02-04"', ', "week"', "4"],
  ['"1970-01-01 00:00:00.001500"', "0", ', "millisecond"', "1"],
  ['"9999-12-31"', '"0001-01-01"', ', "microseconds"', "315537811200000000"],
  ['"2021-03-04 05:00+08:00"', '"2021-03-04 05:00"', "", "-28800"],
])("dt_diff of %s and %s%s is %s", (a, b, rest, expected) => {
  expect(valueOf(`dt_diff(${a}, ${b}${rest})`)).toBe(expected);
});

it("dt_diff fails on other units", () => {
  expect(failureOf('e_set("x", dt_diff("2021-03-04", "2021-03-04", "month"))')).toContain("microsecond, millisecond");
});
