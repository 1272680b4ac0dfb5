/** Times and lengths of time as people read them. */

const SECOND_MS = 1000;
const UNITS = [
  ["day", 24 * 60 * 60 * SECOND_MS],
  ["hour", 60 * 60 * SECOND_MS],
  ["minute", 60 * SECOND_MS],
  ["second", SECOND_MS],
] as const;

export const DEFAULT_ZONE = "Asia/Shanghai";

/**
 * A length of time in words: `2.1 s` below a minute, else its two largest units, `1 hour 30 minutes`. Never negative: a
 * clock that is behind makes nothing come before it was written.
 */
export function durationWords(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < UNITS[2][1]) return secondsWords(ms);
  const at = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [name, unitMs] = UNITS[at];
  const [lowerName, lowerMs] = UNITS[at + 1];
  const lower = Math.floor((ms % unitMs) / lowerMs);
  const words = [counted(Math.floor(ms / unitMs), name), ...(lower > 0 ? [counted(lower, lowerName)] : [])];
  return words.join(" ");
}

function secondsWords(ms: number): string {
  return ms < 10 * SECOND_MS ? `${(Math.floor(ms / 100) / 10).toFixed(1)} s` : `${Math.floor(ms / SECOND_MS)} s`;
}

/** A number with its noun: `1 region`, `1,204 records`. */
export function counted(count: number, noun: string): string {
  return `${numberWords(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function numberWords(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** The parts of a moment in a time zone. */
interface Moment {
  readonly date: string;
  readonly time: string;
  readonly ms: string;
  /** `UTC+8`, `UTC-3:30`, `UTC`. */
  readonly offset: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Latest time that a calendar has, in milliseconds. */
const LAST_MS = 8.64e15;

/**
 * @param zone IANA name
 * @throws RangeError where there is no such zone; the definition's reader has refused it
 */
function momentOf(at: number, zone: string): Moment {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
      timeZoneName: "shortOffset",
    });
    formats.set(zone, format);
  }
  const time = Number.isFinite(at) ? Math.max(-LAST_MS, Math.min(LAST_MS, at)) : 0;
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type as string, value]));
  const part = (name: string): string => parts.get(name) ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}:${part("second")}`,
    ms: part("fractionalSecond"),
    offset: part("timeZoneName").replace("GMT", "UTC"),
  };
}

/** `16:46:02 UTC+8`; of another day than `now`, with its date. */
export function timeWords(at: number, now: number, zone: string): string {
  const { date, time, offset } = momentOf(at, zone);
  return `${dateBefore(date, now, zone)}${time} ${offset}`;
}

/** The same to the millisecond, as a log has it: `16:36:09.412 UTC+8`. */
export function exactTimeWords(at: number, now: number, zone: string): string {
  const { date, time, ms, offset } = momentOf(at, zone);
  return `${dateBefore(date, now, zone)}${time}.${ms} ${offset}`;
}

function dateBefore(date: string, now: number, zone: string): string {
  return date === momentOf(now, zone).date ? "" : `${date} `;
}

/** `2021-07-15T10:00:00.000`, by the clock of the zone. */
export function localTime(at: number, zone: string): string {
  const { date, time, ms } = momentOf(at, zone);
  return `${date}T${time}.${ms}`;
}
