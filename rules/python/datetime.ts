import { fail, type Opaque } from "../run/values";
import { type CivilDate, civilFromDays, DAY_SECONDS, daysFromCivil, weekdayOfDays } from "./calendar";
import type { Zone } from "./zone";

/** 0001-01-01 00:00:00 and the second after 9999-12-31 23:59:59: the range of Python's dates. */
const FIRST = daysFromCivil(1, 1, 1) * DAY_SECONDS;
const END = daysFromCivil(10_000, 1, 1) * DAY_SECONDS;

export interface WallTime extends CivilDate {
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly microsecond?: number;
}

/** Python's `datetime`: local date and time, in a zone or without one ("naive"). As an instant, a naive one is UTC. */
export class PyDatetime implements Opaque {
  readonly type = "datetime";
  #date: CivilDate | undefined;

  /**
   * @param wall local time in whole seconds since 1970-01-01 00:00:00
   * @param microsecond 0 to 999,999
   * @param offset seconds ahead of UTC; follows from the zone unless this local time occurs twice
   * @param dateOnly whether the text is the date only
   */
  constructor(
    readonly wall: number,
    readonly microsecond: number,
    readonly zone: Zone | null,
    readonly offset: number = zone?.offsetOfWall(wall) ?? 0,
    private readonly dateOnly = false,
  ) {
    if (!(wall >= FIRST && wall < END)) fail("a date must be in the years 1 to 9999");
  }

  /** From seconds since 1970-01-01 00:00:00 UTC and additional microseconds, in local time of a zone. */
  static fromInstant(seconds: number, microsecond: number, zone: Zone | null): PyDatetime {
    const offset = zone?.offsetAt(seconds) ?? 0;
    return new PyDatetime(seconds + offset, microsecond, zone, offset);
  }

  /** Fails for an invalid date or time. */
  static fromWall(time: WallTime, zone: Zone | null): PyDatetime {
    const { year, month, day, hour = 0, minute = 0, second = 0, microsecond = 0 } = time;
    const days = daysFromCivil(year, month, day);
    const date = civilFromDays(days);
    if (date.month !== month || date.day !== day) fail(`there is no day ${year}-${month}-${day}`);
    if (!(hour < 24 && minute < 60 && second < 60)) fail(`there is no time ${hour}:${minute}:${second}`);
    const result = new PyDatetime(days * DAY_SECONDS + hour * 3600 + minute * 60 + second, microsecond, zone);
    result.#date = date;
    return result;
  }

  /** Seconds since 1970-01-01 00:00:00 UTC, rounded down; microseconds are separate. */
  get instant(): number {
    return this.wall - this.offset;
  }

  /** Days since 1970-01-01, in local time. */
  get days(): number {
    return Math.floor(this.wall / DAY_SECONDS);
  }

  get date(): CivilDate {
    return (this.#date ??= civilFromDays(this.days));
  }

  /** Seconds since midnight, in local time. */
  get secondOfDay(): number {
    return this.wall - this.days * DAY_SECONDS;
  }

  get hour(): number {
    return Math.floor(this.secondOfDay / 3600);
  }

  get minute(): number {
    return Math.floor(this.secondOfDay / 60) % 60;
  }

  get second(): number {
    return this.secondOfDay % 60;
  }

  /** Python's `weekday()`: 0 is Monday. */
  get weekday(): number {
    return weekdayOfDays(this.days);
  }

  /** Python's `tzname()`; empty if there is none. */
  get zoneName(): string {
    return this.zone?.abbreviation(this.offset) ?? "";
  }

  /** Negative if this is earlier, 0 if both are the same instant. */
  compareTo(other: PyDatetime): number {
    return this.instant - other.instant || this.microsecond - other.microsecond;
  }

  /** Midnight of the day; its text is the date only. */
  toDate(): PyDatetime {
    const midnight = this.days * DAY_SECONDS;
    return new PyDatetime(midnight, 0, this.zone, this.zone?.offsetOfWall(midnight), true);
  }

  /** Python's `str`: `2019-06-03 02:41:26.500000+08:00`. */
  toText(): string {
    const { year, month, day } = this.date;
    const date = `${String(year).padStart(4, "0")}-${pad2(month)}-${pad2(day)}`;
    if (this.dateOnly) return date;
    const fraction = this.microsecond === 0 ? "" : `.${pad6(this.microsecond)}`;
    const zone = this.zone ? offsetText(this.offset, ":") : "";
    return `${date} ${pad2(this.hour)}:${pad2(this.minute)}:${pad2(this.second)}${fraction}${zone}`;
  }
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0"));

/** A number below 100 with two digits. */
export function pad2(value: number): string {
  return TWO_DIGITS[value];
}

/** Microseconds with six digits. */
export function pad6(value: number): string {
  return String(value).padStart(6, "0");
}

/** `+08:00`, `-0330`; with seconds if they are not 0. */
export function offsetText(offset: number, separator: "" | ":"): string {
  const magnitude = Math.abs(offset);
  const parts = [pad2(Math.floor(magnitude / 3600)), pad2(Math.floor(magnitude / 60) % 60)];
  if (magnitude % 60 !== 0) parts.push(pad2(magnitude % 60));
  return (offset < 0 ? "-" : "+") + parts.join(separator);
}
