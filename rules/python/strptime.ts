import { fail } from "../run/values";
import { civilFromDays, daysFromCivil, isoYearStart, weekdayOfDays } from "./calendar";
import { MONTH_NAMES, MONTH_SHORT_NAMES, WEEKDAY_NAMES, WEEKDAY_SHORT_NAMES } from "./date-names";
import { offsetText, PyDatetime } from "./datetime";
import { memoize } from "./memoize";
import { fixedZone, UTC, type Zone } from "./zone";

/** Patterns of the directives. Each has a limited length and can occur only once, so that no text takes long. */
const PATTERNS: Readonly<Record<string, string>> = {
  a: alternatives(WEEKDAY_SHORT_NAMES),
  A: alternatives(WEEKDAY_NAMES),
  b: alternatives(MONTH_SHORT_NAMES),
  B: alternatives(MONTH_NAMES),
  d: "3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]",
  f: "\\d{1,6}",
  G: "\\d{4}",
  H: "2[0-3]|[01]\\d|\\d",
  I: "1[0-2]|0[1-9]|[1-9]",
  j: "36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]",
  m: "1[0-2]|0[1-9]|[1-9]",
  M: "[0-5]\\d|\\d",
  p: "am|pm",
  S: "6[01]|[0-5]\\d|\\d",
  u: "[1-7]",
  U: "5[0-3]|[0-4]\\d|\\d",
  V: "5[0-3]|0[1-9]|[1-4]\\d|\\d",
  w: "[0-6]",
  W: "5[0-3]|[0-4]\\d|\\d",
  y: "\\d\\d",
  Y: "\\d{4}",
  z: "[+-]\\d\\d(?::[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,6})?)?|[0-5]\\d(?:[0-5]\\d(?:\\.\\d{1,6})?)?)|Z",
  Z: "utc|gmt",
};

const SHORTHANDS: Readonly<Record<string, string>> = {
  "%c": "%a %b %d %H:%M:%S %Y",
  "%x": "%m/%d/%y",
  "%X": "%H:%M:%S",
  "%%": "%%",
};

const MONTHS = byName(MONTH_NAMES, MONTH_SHORT_NAMES);
const WEEKDAYS = byName(WEEKDAY_NAMES, WEEKDAY_SHORT_NAMES);

/** Matched values of the directives, by their letters. */
type DateFields = Readonly<Partial<Record<string, string>>>;

interface Format {
  readonly regex: RegExp;
  readonly letters: readonly string[];
}

/** Python's `strptime`: the whole text must match the format. Missing parts are taken from 1900-01-01 00:00:00. */
export function strptime(text: string, format: string): PyDatetime {
  const { regex, letters } = compile(format);
  const match = regex.exec(text);
  if (match?.[0].length !== text.length) return fail(`${quote(text)} does not match the format ${quote(format)}`);
  const fields: Partial<Record<string, string>> = {};
  letters.forEach((letter, index) => (fields[letter] = match[index + 1]));
  const { year, month, day } = readDate(fields);
  const hour = readHour(fields);
  const minute = Number(fields.M ?? 0);
  const second = Number(fields.S ?? 0);
  const microsecond = fields.f === undefined ? 0 : Number(fields.f.padEnd(6, "0"));
  return PyDatetime.fromWall({ year, month, day, hour, minute, second, microsecond }, readZone(fields));
}

/** Why a format is invalid, so that it fails for every text; undefined if it is valid. */
export function faultOfStrptime(format: string): string | undefined {
  const letters = readFormat(format);
  return typeof letters === "string" ? letters : undefined;
}

/** Maximum characters of a format, which can come from an event. */
const MAX_CHARACTERS = 1000;

/** Fails for a date format that is too long. */
export function checkFormat(format: string): void {
  if (format.length <= MAX_CHARACTERS) return;
  fail(`A format of dates must have ${MAX_CHARACTERS} characters at most, got ${format.length}`);
}

const compile = memoize((format: string): Format => {
  checkFormat(format);
  const read = readFormat(format);
  return typeof read === "string" ? fail(`${read}, in ${quote(format)}`) : read;
});

/** The parsed format, or what is wrong with it. */
function readFormat(format: string): Format | string {
  const letters: string[] = [];
  let fault: string | undefined;
  const source = format
    .replace(/%[cxX%]/g, (shorthand) => SHORTHANDS[shorthand])
    .replace(/%(.?)|\s+|[\\^$.*+?()[\]{}|/]/gs, (token, letter?: string) => {
      if (letter === undefined) return /\s/.test(token) ? "\\s+" : `\\${token}`;
      if (letter === "%") return "%";
      if (!Object.hasOwn(PATTERNS, letter)) fault ??= `${quote(token)} is no directive`;
      else if (letters.includes(letter)) fault ??= `%${letter} stands twice`;
      letters.push(letter);
      return `(${PATTERNS[letter]})`;
    });
  return fault ?? faultOfIsoWeek(letters) ?? { regex: new RegExp(`^(?:${source})`, "i"), letters };
}

/** The fields of an ISO week date are only valid together. */
function faultOfIsoWeek(letters: readonly string[]): string | undefined {
  const has = (...choices: string[]) => choices.some((letter) => letters.includes(letter));
  if (!has("G", "V") || (has("Y", "y") && !has("V"))) return undefined;
  const isComplete = has("G") && has("V") && has("a", "A", "w", "u");
  if (isComplete && !has("Y", "y", "j")) return undefined;
  return "%G and %V go together, with one of %a, %A, %w, %u, and without %Y, %y, %j";
}

function readDate(fields: DateFields): { year: number; month: number; day: number } {
  const weekday = readWeekday(fields);
  if (fields.V !== undefined) {
    return civilFromDays(isoYearStart(Number(fields.G)) + 7 * (Number(fields.V) - 1) + (weekday ?? 0));
  }
  const year = readYear(fields);
  if (fields.j !== undefined) return civilFromDays(daysFromCivil(year, 1, 1) + Number(fields.j) - 1);
  const week = fields.U ?? fields.W;
  if (week !== undefined && weekday !== undefined) {
    return civilFromDays(weekStart(year, Number(week), fields.U !== undefined) + daysIntoWeek(weekday, fields));
  }
  return { year, month: readMonth(fields), day: Number(fields.d ?? 1) };
}

function readYear(fields: DateFields): number {
  if (fields.Y !== undefined) return Number(fields.Y);
  if (fields.y !== undefined) return Number(fields.y) + (Number(fields.y) <= 68 ? 2000 : 1900);
  return 1900;
}

function readMonth(fields: DateFields): number {
  if (fields.m !== undefined) return Number(fields.m);
  const name = fields.b ?? fields.B;
  return name === undefined ? 1 : MONTHS.get(name.toLowerCase())! + 1;
}

/** 0 is Monday. */
function readWeekday(fields: DateFields): number | undefined {
  const name = fields.a ?? fields.A;
  if (name !== undefined) return WEEKDAYS.get(name.toLowerCase());
  if (fields.w !== undefined) return (Number(fields.w) + 6) % 7;
  return fields.u === undefined ? undefined : Number(fields.u) - 1;
}

/** The day on which week `week` of a year begins. Week 1 has the year's first Sunday or Monday. */
function weekStart(year: number, week: number, fromSunday: boolean): number {
  const first = daysFromCivil(year, 1, 1);
  const lead = (weekdayOfDays(first) + (fromSunday ? 1 : 0)) % 7;
  // If the year begins with that weekday, Python treats week 0 like week 1.
  return first - lead + 7 * (lead === 0 ? Math.max(week - 1, 0) : week);
}

function daysIntoWeek(weekday: number, fields: DateFields): number {
  return fields.U === undefined ? weekday : (weekday + 1) % 7;
}

function readHour(fields: DateFields): number {
  if (fields.I === undefined) return Number(fields.H ?? 0);
  const isAfternoon = fields.p?.toLowerCase() === "pm";
  return (Number(fields.I) % 12) + (isAfternoon ? 12 : 0);
}

/** Only `%z` creates a zone; a name without an offset is ignored. */
function readZone(fields: DateFields): Zone | null {
  if (fields.z === undefined) return null;
  if (fields.z === "Z") return UTC;
  if (fields.z === "z") return fail('%z takes the capital "Z", got "z"');
  const [hours, minutes, seconds = "0"] = fields.z.slice(1).match(/\d\d/g)!;
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (offset >= 86_400) return fail(`an offset must be less than 24 hours, got ${quote(fields.z)}`);
  const signed = fields.z.startsWith("-") ? -offset : offset;
  return fixedZone(signed, fields.Z ?? (signed === 0 ? "UTC" : `UTC${offsetText(signed, ":")}`));
}

/** Indexes by lower-case name. */
function byName(...lists: readonly (readonly string[])[]): Map<string, number> {
  return new Map(lists.flatMap((names) => names.map((name, index) => [name.toLowerCase(), index])));
}

function alternatives(names: readonly string[]): string {
  return [...names].sort((one, other) => other.length - one.length).join("|");
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
