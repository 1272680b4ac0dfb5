import { daysFromCivil, isoWeek } from "./calendar";
import { MONTH_NAMES, MONTH_SHORT_NAMES, WEEKDAY_NAMES, WEEKDAY_SHORT_NAMES } from "./date-names";
import { offsetText, pad2, pad6, type PyDatetime } from "./datetime";
import { memoize } from "./memoize";
import { joined } from "../run/length";
import { checkFormat } from "./strptime";

type Format = (time: PyDatetime) => string;

/** A number, its width, and its padding. */
interface NumberDirective {
  readonly value: (time: PyDatetime) => number;
  readonly width: number;
  readonly fill?: " ";
}

const NUMBERS: Readonly<Record<string, NumberDirective>> = {
  d: { value: (time) => time.date.day, width: 2 },
  e: { value: (time) => time.date.day, width: 2, fill: " " },
  m: { value: (time) => time.date.month, width: 2 },
  // As in the C library of Linux, and so in Python there: years below 1000 without zeros.
  Y: { value: (time) => time.date.year, width: 1 },
  y: { value: (time) => time.date.year % 100, width: 2 },
  C: { value: (time) => Math.floor(time.date.year / 100), width: 1 },
  H: { value: (time) => time.hour, width: 2 },
  k: { value: (time) => time.hour, width: 2, fill: " " },
  I: { value: hourOfHalf, width: 2 },
  l: { value: hourOfHalf, width: 2, fill: " " },
  M: { value: (time) => time.minute, width: 2 },
  S: { value: (time) => time.second, width: 2 },
  j: { value: dayOfYear, width: 3 },
  w: { value: (time) => (time.weekday + 1) % 7, width: 1 },
  u: { value: (time) => time.weekday + 1, width: 1 },
  U: { value: sundayWeek, width: 2 },
  W: { value: mondayWeek, width: 2 },
  V: { value: (time) => isoWeek(time.days).week, width: 2 },
  G: { value: (time) => isoWeek(time.days).year, width: 1 },
  g: { value: (time) => isoWeek(time.days).year % 100, width: 2 },
  s: { value: (time) => time.instant, width: 1 },
};

const TEXTS: Readonly<Record<string, Format>> = {
  a: (time) => WEEKDAY_SHORT_NAMES[time.weekday],
  A: (time) => WEEKDAY_NAMES[time.weekday],
  b: (time) => MONTH_SHORT_NAMES[time.date.month - 1],
  h: (time) => MONTH_SHORT_NAMES[time.date.month - 1],
  B: (time) => MONTH_NAMES[time.date.month - 1],
  p: (time) => (time.hour < 12 ? "AM" : "PM"),
  P: (time) => (time.hour < 12 ? "am" : "pm"),
  f: (time) => pad6(time.microsecond),
  z: (time) => (time.zone ? offsetText(time.offset, "") : ""),
  Z: (time) => time.zoneName,
  n: () => "\n",
  t: () => "\t",
  "%": () => "%",
};

const SHORTHANDS: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  x: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  X: "%H:%M:%S",
};

/**
 * Python's `strftime` as on Linux, in English: the directives of C, `%f`, and the C library's flags (`%-d` without
 * padding, `%_d` with blanks, `%0e` with zeros, `%^a` in capitals). Unknown directives stay unchanged.
 */
export function strftime(time: PyDatetime, format: string): string {
  return compile(format)(time);
}

const compile = memoize((format: string): Format => {
  checkFormat(format);
  const parts = Array.from(format.matchAll(/%([-_0^#]*)([A-Za-z%])|[^%]+|%/g), ([text, flags, letter]) =>
    letter === undefined ? () => text : (directive(letter, flags) ?? (() => text)),
  );
  return (time) => joined(parts.map((part) => part(time)));
});

function directive(letter: string, flags: string): Format | undefined {
  if (Object.hasOwn(NUMBERS, letter)) return numberFormat(NUMBERS[letter], flags);
  const format = Object.hasOwn(SHORTHANDS, letter) ? compile(SHORTHANDS[letter]) : TEXTS[letter];
  if (format && flags.includes("^")) return (time) => format(time).toUpperCase();
  if (format && flags.includes("#")) return (time) => swapped(letter, format(time));
  return format;
}

function numberFormat({ value, width, fill }: NumberDirective, flags: string): Format {
  const flag = flags.match(/[-_0](?=[\^#]*$)/)?.[0];
  if (flag === "-") return (time) => String(value(time));
  const blank = flag === "_" || (flag === undefined && fill === " ");
  if (width === 2 && !blank) return (time) => pad2(value(time));
  return (time) => String(value(time)).padStart(width, blank ? " " : "0");
}

/** The C library's `#`: the opposite case, which is lower case for values that are in capitals anyway. */
function swapped(letter: string, text: string): string {
  if (letter === "c") return text;
  return letter === "p" || letter === "Z" ? text.toLowerCase() : text.toUpperCase();
}

function hourOfHalf(time: PyDatetime): number {
  return time.hour % 12 || 12;
}

/** 1 to 366. */
export function dayOfYear(time: PyDatetime): number {
  return time.days - daysFromCivil(time.date.year, 1, 1) + 1;
}

/** The week of the year, 0 before its first Sunday. */
export function sundayWeek(time: PyDatetime): number {
  return Math.floor((dayOfYear(time) + 6 - ((time.weekday + 1) % 7)) / 7);
}

/** The week of the year, 0 before its first Monday. */
export function mondayWeek(time: PyDatetime): number {
  return Math.floor((dayOfYear(time) + 6 - time.weekday) / 7);
}
