/** Times and durations in readable form. */

const SECOND_MS = 1000;
const UNITS = [
  ["day", 24 * 60 * 60 * SECOND_MS],
  ["hour", 60 * 60 * SECOND_MS],
  ["minute", 60 * SECOND_MS],
  ["second", SECOND_MS],
] as const;

export const DEFAULT_ZONE = "Asia/Shanghai";

/**
 * A duration in words: `2.1 s` below a minute, else its two largest units, `1 hour 30 minutes`. Never negative, even if
 * a clock is slow.
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
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A moment in local time of a time zone. */
interface Moment {
  readonly date: string;
  readonly time: string;
  readonly ms: string;
  /** `UTC+8`, `UTC-3:30`, `UTC`. */
  readonly offset: string;
}

const MINUTE_MS = 60 * SECOND_MS;

/** Time zones change their offset only at multiples of this. */
const QUARTER_MS = 15 * MINUTE_MS;

/** The latest time of the calendar, less the day that an offset can add, in milliseconds. */
const LAST_MS = 8.64e15 - 24 * 60 * MINUTE_MS;

/**
 * @param zone IANA name
 * @throws RangeError if the zone does not exist; reading the definition has already refused it
 */
function momentOf(at: number, zone: string): Moment {
  const known = Number.isFinite(at) ? Math.max(-LAST_MS, Math.min(LAST_MS, at)) : 0;
  const minutes = offsetOf(known, zone);
  const [date, rest] = new Date(known + minutes * MINUTE_MS).toISOString().split("T");
  return { date, time: rest.slice(0, 8), ms: rest.slice(9, 12), offset: offsetWords(minutes) };
}

function offsetWords(minutes: number): string {
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? "" : `:${String(size % 60).padStart(2, "0")}`;
  return `UTC${minutes < 0 ? "-" : "+"}${Math.floor(size / 60)}${rest}`;
}

/** Caches: formats by zone, and offsets by zone and quarter of an hour, because looking them up is slow. */
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Maximum number of cached offsets. */
const MOST_OFFSETS = 1_000;

/** Minutes by which the zone's clocks are ahead of UTC. */
function offsetOf(at: number, zone: string): number {
  const key = `${zone} ${Math.floor(at / QUARTER_MS)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  formats.set(zone, format);
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /([+-])(\d+):(\d+)/.exec(name) ?? [];
  const offset = sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** `16:46:02 UTC+8`; with the date if the day differs from that of `now`. */
export function timeWords(at: number, now: number, zone: string): string {
  const { date, time, offset } = momentOf(at, zone);
  return `${dateBefore(date, now, zone)}${time} ${offset}`;
}

/** The same with milliseconds, as in a log: `16:36:09.412 UTC+8`. */
export function exactTimeWords(at: number, now: number, zone: string): string {
  const { date, time, ms, offset } = momentOf(at, zone);
  return `${dateBefore(date, now, zone)}${time}.${ms} ${offset}`;
}

function dateBefore(date: string, now: number, zone: string): string {
  return date === momentOf(now, zone).date ? "" : `${date} `;
}

/** `2021-07-15T10:00:00.000`, in local time of the zone. */
export function localTime(at: number, zone: string): string {
  const { date, time, ms } = momentOf(at, zone);
  return `${date}T${time}.${ms}`;
}
