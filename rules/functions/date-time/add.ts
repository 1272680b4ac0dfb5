import type { Event } from "../../run/event";
import type { Argument, BoundCall, Run, Thunk } from "../../run/implementation";
import { addDelta, deltaBetween, type NthWeekday, type RelativeDelta } from "../../python/relativedelta";
import { fail, isOpaque, type Opaque, type Value } from "../../run/values";
import { describe, toDatetime } from "./arguments";

/** The parameters of `dt_add` after the date, in the order of its signature. */
const PARAMETERS = [
  ...["dt1", "dt2", "year", "years", "month", "months", "day", "days", "hour", "hours", "minute", "minutes"],
  ...["second", "seconds", "microsecond", "microseconds", "week", "weeks", "weekday"],
] as const;

type Parameter =
  | "dt1"
  | "dt2"
  | `${"year" | "month" | "day" | "hour" | "minute" | "second" | "microsecond" | "week"}${"" | "s"}`
  | "weekday";

type Arguments = Readonly<Partial<Record<Parameter, Value>>>;

/** The result of `dt_MO(1)`. */
export class WeekdayValue implements Opaque, NthWeekday {
  readonly type = "weekday";

  constructor(
    readonly weekday: number,
    readonly nth: number,
    private readonly name: string,
  ) {}

  /** As Python prints it. */
  toText(): string {
    return `${this.name}(${this.nth > 0 ? "+" : ""}${this.nth})`;
  }
}

const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Implements `dt_MO` and the like; 0 is Monday. */
export function nthWeekday(weekday: number): { readonly pure: (n: Value) => Value } {
  const day = WEEKDAYS[weekday];
  return {
    pure: (n: Value) => {
      const nth = toNumber(`dt_${day}`, "n", n);
      if (!Number.isInteger(nth) || nth === 0)
        return fail(`dt_${day}: n must be a whole number other than 0, got ${nth}`);
      return new WeekdayValue(weekday, nth, day);
    },
  };
}

/** Implements `dt_add`; constant arguments are parsed once. */
export function compileAdd(call: BoundCall): Thunk {
  const given = PARAMETERS.flatMap((parameter) => {
    const argument = call.argument(parameter);
    return argument.isDefault ? [] : [[parameter, argument] as const];
  });
  // A text for `dt1` or `dt2` can omit the date, and then changes every day.
  const isConstant = given.every(([parameter, { constant }]) => constant && !parameter.startsWith("dt"));
  const change = isConstant ? constantChange(given) : (event: Event, run: Run) => readChange(given, event, run);
  const time = call.argument("x").evaluate;
  return (event, run) => addDelta(toDatetime("dt_add", time(event, run), run), change(event, run));
}

type Given = readonly (readonly [Parameter, Argument])[];

/** Parsed at compile time, so that errors are reported then. */
function constantChange(given: Given): () => RelativeDelta {
  const values = given.flatMap(([parameter, { constant }]) => {
    const value = constant?.value ?? null;
    return value === null ? [] : [[parameter, value] as const];
  });
  const change = readDelta(Object.fromEntries(values));
  return () => change;
}

/** With `dt1` and `dt2`, the time between them is added and all other arguments are ignored, as in dateutil. */
function readChange(given: Given, event: Event, run: Run): RelativeDelta {
  const values: Partial<Record<Parameter, Value>> = {};
  for (const [parameter, argument] of given) {
    const value = argument.evaluate(event, run);
    if (value !== null) values[parameter] = value;
  }
  const { dt1, dt2 } = values;
  if (dt1 !== undefined && dt2 !== undefined) {
    return deltaBetween(toDatetime("dt_add", dt1, run), toDatetime("dt_add", dt2, run));
  }
  return readDelta({ ...values, ...(dt1 !== undefined && { year: yearOf(dt1) }) });
}

/** The documentation's example has a year as the second argument, which is `dt1`. */
function yearOf(dt1: Value): Value {
  const isYear = typeof dt1 === "bigint" || (typeof dt1 === "string" && /^\d{4}$/.test(dt1));
  return isYear ? dt1 : fail(`dt_add: dt1 needs dt2 beside it, got ${describe(dt1)} alone`, "dt1");
}

function readDelta(given: Arguments): RelativeDelta {
  const number = (parameter: Parameter) => {
    const value = given[parameter];
    return value === undefined ? undefined : toNumber("dt_add", parameter, value);
  };
  const added = (parameter: Parameter) => number(parameter) ?? 0;
  const clock = (parameter: Parameter, end: number) => {
    const value = number(parameter);
    const fits = value === undefined || (Number.isInteger(value) && value >= 0 && value < end);
    return fits ? value : fail(`dt_add: ${parameter} must be 0 to ${end - 1}, got ${value}`, parameter);
  };
  const weeks = added("weeks") + added("week");
  return {
    ...{ year: number("year"), month: wholeMonth(number("month")), day: number("day") },
    ...{ hour: clock("hour", 24), minute: clock("minute", 60), second: clock("second", 60) },
    microsecond: clock("microsecond", 1_000_000),
    months: wholeMonths(added("years") * 12 + added("months")),
    seconds: (added("days") + weeks * 7) * 86_400 + added("hours") * 3600 + added("minutes") * 60 + added("seconds"),
    microseconds: added("microseconds"),
    weekday: readWeekday(given.weekday),
  };
}

function wholeMonth(month: number | undefined): number | undefined {
  if (month !== undefined && !(month >= 0 && month <= 12)) {
    fail(`dt_add: month must be 1 to 12, got ${month}`, "month");
  }
  return month;
}

function wholeMonths(months: number): number {
  return Number.isInteger(months) ? months : fail("dt_add: years and months must be whole numbers", "months");
}

/** A weekday of `dt_MO` and its like, or its number: 0 is Monday. */
function readWeekday(value: Value | undefined): NthWeekday | undefined {
  if (value === undefined) return undefined;
  if (isOpaque(value, "weekday")) return value as WeekdayValue;
  const weekday = typeof value === "string" || typeof value === "bigint" ? Number(value) : NaN;
  if (Number.isInteger(weekday) && weekday >= 0 && weekday <= 6) return { weekday, nth: 1 };
  return fail(`dt_add: weekday must be such as dt_MO(1), or 0 (Monday) to 6, got ${describe(value)}`, "weekday");
}

function toNumber(name: string, parameter: string, value: Value): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" && /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(value)) return Number(value);
  return fail(`${name}: ${parameter} must be a number, got ${describe(value)}`, parameter);
}
