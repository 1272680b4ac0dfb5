import { DateNumbers } from "./date-numbers";
import { tokenize } from "./tokens";
import { unreadable } from "./unreadable";
import { halfOf, isFiller, isUtcName, isZoneName, monthOf, unitOf, weekdayOf } from "./words";

/** Parts of a date and a time in a text; missing parts are undefined. */
export interface FoundTime {
  year?: number;
  month?: number;
  day?: number;
  /** 0 is Monday. */
  weekday?: number;
  hour?: number;
  minute?: number;
  second?: number;
  microsecond?: number;
  /** Seconds east of UTC. */
  offset?: number;
  zoneName?: string;
}

/**
 * Reads a date and a time in any common order and notation, by the rules of Python's dateutil: months before days
 * unless that is impossible, words such as "at" skipped, any other unknown word an error.
 *
 * @param convertYear converts a two-digit year to four digits
 */
export function readTime(text: string, convertYear: (year: number) => number): FoundTime {
  return new Reader(tokenize(text), convertYear).read();
}

class Reader {
  readonly #tokens: string[];
  readonly #convertYear: (year: number) => number;
  readonly #numbers = new DateNumbers();
  readonly #found: FoundTime = {};
  #at = 0;

  constructor(tokens: string[], convertYear: (year: number) => number) {
    this.#tokens = tokens;
    this.#convertYear = convertYear;
  }

  read(): FoundTime {
    for (; this.#at < this.#tokens.length; this.#at++) this.#token(this.#tokens[this.#at]);
    Object.assign(this.#found, this.#numbers.resolve());
    // `10:00 UTC +0300`: the name takes precedence.
    if (this.#found.zoneName !== undefined && isUtcName(this.#found.zoneName)) this.#found.offset = 0;
    const { year } = this.#found;
    if (year !== undefined && year < 100 && !this.#numbers.hasCentury) this.#found.year = this.#convertYear(year);
    return this.#found;
  }

  /** The token that many positions ahead, or back. */
  #peek(places: number): string | undefined {
    return this.#tokens[this.#at + places];
  }

  /** The same, for a token that must exist. */
  #demand(places: number): string {
    return this.#peek(places) ?? unreadable();
  }

  #token(token: string): void {
    if (isNumber(token)) return this.#number(token);
    const weekday = weekdayOf(token);
    if (weekday !== undefined) {
      this.#found.weekday = weekday;
      return;
    }
    const month = monthOf(token);
    if (month !== undefined) return this.#month(month);
    const half = halfOf(token);
    if (half !== undefined) return this.#half(half);
    if (this.#expectsZone() && isZoneName(token)) return this.#zoneName(token);
    if (this.#found.hour !== undefined && (token === "+" || token === "-")) return this.#offset(token);
    if (!isFiller(token)) unreadable();
  }

  /** A month's name with adjacent numbers: `Jan-01`, `Jan-01-99`, `Jan of 01`. */
  #month(month: number): void {
    this.#numbers.addNumber(month, "month");
    const separator = this.#peek(1);
    if (separator === "-" || separator === "/") {
      this.#numbers.add(this.#demand(2));
      if (this.#peek(3) === separator) {
        this.#numbers.add(this.#demand(4));
        this.#at += 2;
      }
      this.#at += 2;
    } else if (separator === " " && this.#peek(2)?.toLowerCase() === "of" && this.#peek(3) === " ") {
      const year = this.#peek(4);
      if (year === undefined) return;
      if (/^\d+$/.test(year)) this.#numbers.add(String(this.#convertYear(Number(year))), "year");
      this.#at += 4;
    }
  }

  #half(half: number): void {
    const { hour } = this.#found;
    if (hour === undefined || hour > 12) unreadable();
    this.#found.hour = hourOfDay(hour, half);
  }

  #expectsZone(): boolean {
    return this.#found.hour !== undefined && this.#found.zoneName === undefined && this.#found.offset === undefined;
  }

  #zoneName(name: string): void {
    const sign = this.#peek(1);
    const isReversed = sign === "+" || sign === "-";
    // `BRST+3` means "my time + 3 is GMT", an offset of -3. In `GMT+3` the zone is not GMT.
    if (isReversed) this.#tokens[this.#at + 1] = sign === "+" ? "-" : "+";
    if (!isReversed || !isUtcName(name)) this.#found.zoneName = name;
  }

  /** `-0300`, `-03:00`, `-3`, each with or without ` (BRST)`. */
  #offset(sign: string): void {
    const digits = this.#demand(1);
    const isClock = digits.length !== 4 && this.#peek(2) === ":";
    if (!isClock && digits.length !== 4 && digits.length > 2) unreadable();
    const hours = wholeNumber(isClock ? digits : digits.slice(0, 2));
    const minutes = isClock ? wholeNumber(this.#demand(3)) : wholeNumber(digits.slice(2) || "0");
    this.#found.offset = (sign === "-" ? -1 : 1) * (hours * 3600 + minutes * 60);
    if (isClock) this.#at += 2;
    const name = this.#peek(4);
    const isNamed = isFiller(this.#peek(2)) && this.#peek(3) === "(" && this.#peek(5) === ")";
    if (isNamed && this.#found.zoneName === undefined && name !== undefined && name.length >= 3 && isZoneName(name)) {
      this.#found.zoneName = name;
      this.#at += 4;
    }
    this.#at++;
  }

  #number(token: string): void {
    const { length } = token;
    const next = this.#peek(1);
    if (this.#isCompactHour(token)) {
      this.#found.hour = wholeNumber(token.slice(0, 2));
      if (length === 4) this.#found.minute = wholeNumber(token.slice(2));
    } else if (length === 6 || (length > 6 && token.indexOf(".") === 6)) {
      this.#sixDigits(token);
    } else if (length === 8 || length === 12 || length === 14) {
      this.#compactDate(token);
    } else if (this.#unitPlace() !== undefined) {
      this.#withUnit(token, this.#unitPlace()!);
    } else if (next === ":" && this.#peek(2) !== undefined) {
      this.#clock(token);
    } else if (next === "-" || next === "/" || next === ".") {
      this.#separated(token, next);
    } else if (next === undefined || isFiller(next)) {
      this.#single(token);
    } else if (halfOf(next) !== undefined && Number(token) < 24) {
      this.#found.hour = hourOfDay(Math.trunc(Number(token)), halfOf(next)!);
      this.#at++;
    } else if (this.#numbers.couldBeDay(Number(token))) {
      this.#numbers.addNumber(Number(token));
    } else {
      unreadable();
    }
  }

  /** `19990101T23`, `19990101T2359`: after a whole date. */
  #isCompactHour({ length }: string): boolean {
    if (this.#numbers.count !== 3 || (length !== 2 && length !== 4) || this.#found.hour !== undefined) return false;
    return this.#peek(1) !== ":" && unitOf(this.#peek(1)) === undefined;
  }

  /** `YYMMDD` as the first number, `HHMMSS[.ss]` after others. */
  #sixDigits(token: string): void {
    if (this.#numbers.count === 0 && !token.includes(".")) {
      for (const start of [0, 2, 4]) this.#numbers.add(token.slice(start, start + 2));
      return;
    }
    this.#found.hour = wholeNumber(token.slice(0, 2));
    this.#found.minute = wholeNumber(token.slice(2, 4));
    this.#seconds(token.slice(4));
  }

  /** `YYYYMMDD[hhmm[ss]]`. */
  #compactDate(token: string): void {
    this.#numbers.add(token.slice(0, 4), "year");
    this.#numbers.add(token.slice(4, 6));
    this.#numbers.add(token.slice(6, 8));
    if (token.length === 8) return;
    this.#found.hour = wholeNumber(token.slice(8, 10));
    this.#found.minute = wholeNumber(token.slice(10, 12));
    if (token.length === 14) this.#found.second = wholeNumber(token.slice(12));
  }

  /** Position of the unit of a number: after it (`12h`, `12 h`), otherwise before it (`12h04`). */
  #unitPlace(): number | undefined {
    if (unitOf(this.#peek(1)) !== undefined) return 1;
    if (this.#peek(1) === " " && unitOf(this.#peek(2)) !== undefined) return 2;
    if (unitOf(this.#peek(-1)) !== undefined) return -1;
    const isLast = this.#at === this.#tokens.length - 1;
    return isLast && this.#peek(-1) === " " && unitOf(this.#peek(-2)) !== undefined ? -2 : undefined;
  }

  #withUnit(token: string, place: number): void {
    const unit = unitOf(this.#peek(place))! + (place < 0 ? 1 : 0);
    if (place > 0) this.#at += place;
    if (unit === 0) {
      this.#found.hour = Math.trunc(Number(token));
      const minutes = sixtieths(token);
      if (minutes !== undefined) this.#found.minute = minutes;
    } else if (unit === 1) {
      this.#minutes(token);
    } else if (unit === 2) {
      this.#seconds(token);
    }
  }

  /** `HH:MM[:SS[.ss]]`. */
  #clock(token: string): void {
    this.#found.hour = Math.trunc(Number(token));
    this.#minutes(this.#demand(2));
    if (this.#peek(3) === ":" && this.#peek(4) !== undefined) {
      this.#seconds(this.#demand(4));
      this.#at += 2;
    }
    this.#at += 2;
  }

  /** `01-01[-01]`, `01-Jan[-01]`. */
  #separated(token: string, separator: string): void {
    this.#numbers.add(token);
    const second = this.#peek(2);
    if (second !== undefined && !isFiller(second)) {
      this.#dateMember(second, /^\d+$/.test(second));
      if (this.#peek(3) === separator) {
        this.#dateMember(this.#demand(4), monthOf(this.#demand(4)) === undefined);
        this.#at += 2;
      }
      this.#at++;
    }
    this.#at++;
  }

  #dateMember(token: string, isDigits: boolean): void {
    if (isDigits) this.#numbers.add(token);
    else this.#numbers.addNumber(monthOf(token) ?? unreadable(), "month");
  }

  /** A single number: part of a date, or the hour of `12 am`. */
  #single(token: string): void {
    const half = halfOf(this.#peek(2));
    if (half === undefined) {
      this.#numbers.addNumber(Number(token));
    } else {
      this.#found.hour = hourOfDay(Math.trunc(Number(token)), half);
      this.#at++;
    }
    this.#at++;
  }

  #minutes(token: string): void {
    if (!isNumber(token)) unreadable();
    this.#found.minute = Math.trunc(Number(token));
    this.#found.second = sixtieths(token);
  }

  #seconds(token: string): void {
    const [whole, fraction = ""] = token.split(".");
    this.#found.second = wholeNumber(whole);
    this.#found.microsecond = token.includes(".") ? wholeNumber(fraction.padEnd(6, "0").slice(0, 6)) : 0;
  }
}

function isNumber(token: string): boolean {
  return /^\d+(?:\.\d*)?$/.test(token);
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : unreadable();
}

/** The fraction of a number in sixtieths, rounded down; undefined if there is none. */
function sixtieths(token: string): number | undefined {
  const fraction = Number((token.split(".")[1] ?? "").padEnd(13, "0").slice(0, 13));
  return fraction === 0 ? undefined : Math.floor((60 * fraction) / 1e13);
}

function hourOfDay(hour: number, half: number): number {
  if (hour < 12 && half === 1) return hour + 12;
  return hour === 12 && half === 0 ? 0 : hour;
}
