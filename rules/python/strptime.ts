import { fail } from "../run/values";
import { civilFromDays, daysFromCivil, isoYearStart, weekdayOfDays } from "./calendar";
import { MONTH_NAMES, MONTH_SHORT_NAMES, WEEKDAY_NAMES, WEEKDAY_SHORT_NAMES } from "./date-names";
import { offsetText, PyDatetime } from "./datetime";
import { memoize } from "./memoize";
import { fixedZone, UTC, type Zone } from "./zone";

/** What each directive takes. Each has a bounded length and may stand once only, so that no text takes long. */
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

/** What the directives of a text say, by their letters. */
type Parts = Readonly<Partial<Record<string, string>>>;

interface Format {
  readonly regex: RegExp;
  readonly letters: readonly string[];
}

/** Python's `strptime`: the whole text must follow the format; what the format leaves out is 1900-01-01 00:00:00. */
export function strptime(text: string, format: string): PyDatetime {
  const { regex, letters } = compile(format);
  const match = regex.exec(text);
  if (match?.[0].length !== text.length) return fail(`${quote(text)} does not match the format ${quote(format)}`);
  const parts: Partial<Record<string, string>> = {};
  letters.forEach((letter, index) => (parts[letter] = match[index + 1]));
  const { year, month, day } = readDate(parts);
  const hour = readHour(parts);
  const minute = Number(parts.M ?? 0);
  const second = Number(parts.S ?? 0);
  const microsecond = parts.f === undefined ? 0 : Number(parts.f.padEnd(6, "0"));
  return PyDatetime.fromWall({ year, month, day, hour, minute, second, microsecond }, readZone(parts));
}

/** Why a text is no format, and fails for every text; nothing where it is one. */
export function faultOfStrptime(format: string): string | undefined {
  const letters = readFormat(format);
  return typeof letters === "string" ? letters : undefined;
}

const compile = memoize((format: string): Format => {
  const read = readFormat(format);
  return typeof read === "string" ? fail(`${read}, in ${quote(format)}`) : read;
});

/** What a format asks for, or what is wrong with it. */
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

/** The parts of an ISO week date mean something only together. */
function faultOfIsoWeek(letters: readonly string[]): string | undefined {
  const has = (...choices: string[]) => choices.some((letter) => letters.includes(letter));
  if (!has("G", "V") || (has("Y", "y") && !has("V"))) return undefined;
  const isComplete = has("G") && has("V") && has("a", "A", "w", "u");
  if (isComplete && !has("Y", "y", "j")) return undefined;
  return "%G and %V go together, with one of %a, %A, %w, %u, and without %Y, %y, %j";
}

function readDate(parts: Parts): { year: number; month: number; day: number } {
  const weekday = readWeekday(parts);
  if (parts.V !== undefined) {
    return civilFromDays(isoYearStart(Number(parts.G)) + 7 * (Number(parts.V) - 1) + (weekday ?? 0));
  }
  const year = readYear(parts);
  if (parts.j !== undefined) return civilFromDays(daysFromCivil(year, 1, 1) + Number(parts.j) - 1);
  const week = parts.U ?? parts.W;
  if (week !== undefined && weekday !== undefined) {
    return civilFromDays(weekStart(year, Number(week), parts.U !== undefined) + daysIntoWeek(weekday, parts));
  }
  return { year, month: readMonth(parts), day: Number(parts.d ?? 1) };
}

function readYear(parts: Parts): number {
  if (parts.Y !== undefined) return Number(parts.Y);
  if (parts.y !== undefined) return Number(parts.y) + (Number(parts.y) <= 68 ? 2000 : 1900);
  return 1900;
}

function readMonth(parts: Parts): number {
  if (parts.m !== undefined) return Number(parts.m);
  const name = parts.b ?? parts.B;
  return name === undefined ? 1 : MONTHS.get(name.toLowerCase())! + 1;
}

/** 0 is Monday. */
function readWeekday(parts: Parts): number | undefined {
  const name = parts.a ?? parts.A;
  if (name !== undefined) return WEEKDAYS.get(name.toLowerCase());
  if (parts.w !== undefined) return (Number(parts.w) + 6) % 7;
  return parts.u === undefined ? undefined : Number(parts.u) - 1;
}

/** The day on which week `week` of a year begins; week 1 has the year's first Sunday, or Monday. */
function weekStart(year: number, week: number, fromSunday: boolean): number {
  const first = daysFromCivil(year, 1, 1);
  const lead = (weekdayOfDays(first) + (fromSunday ? 1 : 0)) % 7;
  // Where the year begins with such a day, Python takes week 0 for week 1.
  return first - lead + 7 * (lead === 0 ? Math.max(week - 1, 0) : week);
}

function daysIntoWeek(weekday: number, parts: Parts): number {
  return parts.U === undefined ? weekday : (weekday + 1) % 7;
}

function readHour(parts: Parts): number {
  if (parts.I === undefined) return Number(parts.H ?? 0);
  const isAfternoon = parts.p?.toLowerCase() === "pm";
  return (Number(parts.I) % 12) + (isAfternoon ? 12 : 0);
}

/** `%z` alone makes a zone; a name without an offset is read and left. */
function readZone(parts: Parts): Zone | null {
  if (parts.z === undefined) return null;
  if (parts.z === "Z") return UTC;
  if (parts.z === "z") return fail('%z takes the capital "Z", got "z"');
  const [hours, minutes, seconds = "0"] = parts.z.slice(1).match(/\d\d/g)!;
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (offset >= 86_400) return fail(`an offset must be less than 24 hours, got ${quote(parts.z)}`);
  const signed = parts.z.startsWith("-") ? -offset : offset;
  return fixedZone(signed, parts.Z ?? (signed === 0 ? "UTC" : `UTC${offsetText(signed, ":")}`));
}

/** Indexes by names in lower case. */
function byName(...lists: readonly (readonly string[])[]): Map<string, number> {
  return new Map(lists.flatMap((names) => names.map((name, index) => [name.toLowerCase(), index])));
}

function alternatives(names: readonly string[]): string {
  return [...names].sort((one, other) => other.length - one.length).join("|");
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
