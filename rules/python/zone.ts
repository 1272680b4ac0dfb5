import { fail } from "../run/values";
import { zoneAbbreviation } from "./zone-abbreviations";

/** A time zone: converts between instants and local time. All values are in seconds. */
export interface Zone {
  /** Seconds east of UTC at an instant. */
  offsetAt(instant: number): number;
  /** Seconds east of UTC at the local time `wall` (seconds since 1970-01-01 00:00:00 in local time). */
  offsetOfWall(wall: number): number;
  /** The abbreviation while the zone has this offset: `CST`, `+0530`; empty if there is none. */
  abbreviation(offset: number): string;
}

class FixedZone implements Zone {
  constructor(
    private readonly offset: number,
    private readonly name: string,
  ) {}

  offsetAt(): number {
    return this.offset;
  }

  offsetOfWall(): number {
    return this.offset;
  }

  abbreviation(): string {
    return this.name;
  }
}

export const UTC: Zone = new FixedZone(0, "UTC");

/** A zone with a constant offset. */
export function fixedZone(offset: number, name = ""): Zone {
  return offset === 0 && name === "" ? UTC : new FixedZone(offset, name);
}

const HOUR = 3600;
const DAY = 86_400;
/** Maximum cached hours for each zone: more than a year. */
const KEPT_HOURS = 10_000;

/**
 * A zone of the IANA database, from the runtime. A request to the runtime takes microseconds, so offsets are cached by
 * hour; an hour with a change is requested each time.
 */
class IanaZone implements Zone {
  readonly #name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #instants = new Map<number, number>();
  readonly #walls = new Map<number, number>();

  constructor(name: string) {
    this.#name = name;
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  }

  offsetAt(instant: number): number {
    const hour = Math.floor(instant / HOUR);
    const kept = this.#instants.get(hour);
    if (kept !== undefined) return kept;
    const offset = this.#ask(hour * HOUR);
    if (offset !== this.#ask((hour + 1) * HOUR)) return this.#ask(instant);
    keep(this.#instants, hour, offset);
    return offset;
  }

  /**
   * Like pytz's `localize`: a local time that occurs twice is the later instant, a skipped one uses the offset before
   * the change.
   */
  offsetOfWall(wall: number): number {
    const hour = Math.floor(wall / HOUR);
    const kept = this.#walls.get(hour);
    if (kept !== undefined) return kept;
    const before = this.offsetAt(hour * HOUR - DAY);
    const after = this.offsetAt((hour + 1) * HOUR + DAY);
    if (before === after) {
      keep(this.#walls, hour, before);
      return before;
    }
    return this.offsetAt(wall - after) === after ? after : before;
  }

  abbreviation(offset: number): string {
    return zoneAbbreviation(this.#name, offset);
  }

  #ask(instant: number): number {
    const [month, day, year, hour, minute, second] = this.#format
      .format(instant * 1000)
      .match(/\d+/g)!
      .map(Number);
    const shown = new Date(0);
    shown.setUTCFullYear(year, month - 1, day);
    shown.setUTCHours(hour, minute, second);
    return shown.getTime() / 1000 - instant;
  }
}

function keep(cache: Map<number, number>, hour: number, offset: number): void {
  if (cache.size >= KEPT_HOURS) cache.clear();
  cache.set(hour, offset);
}

/** More than there are names in the database. */
const KEPT_ZONES = 1000;
const zones = new Map<string, Zone>();

/** A zone by name: from the IANA database, `UTC`, or an offset such as `+08:00` or `UTC+8`. Fails if there is none. */
export function zoneByName(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = offsetZone(name) ?? ianaZone(name);
    // Names also come from events, in any case and with any offset.
    if (zones.size >= KEPT_ZONES) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}

/** Whether the zone exists. */
export function isZone(name: string): boolean {
  try {
    zoneByName(name);
    return true;
  } catch {
    return false;
  }
}

function offsetZone(name: string): Zone | undefined {
  if (/^(?:UTC|Z)$/i.test(name)) return UTC;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?$/.exec(name);
  if (!match) return undefined;
  const [, sign, hours, minutes = "0"] = match;
  const seconds = Number(hours) * HOUR + Number(minutes) * 60;
  if (seconds >= DAY) return fail(`tz must be less than 24 hours from UTC, got ${JSON.stringify(name)}`);
  return fixedZone(sign === "-" ? -seconds : seconds);
}

function ianaZone(name: string): Zone {
  try {
    return new IanaZone(name);
  } catch {
    return fail(
      `tz must be a name of the IANA database such as "Asia/Shanghai", or an offset such as "+08:00", got ${JSON.stringify(name.slice(0, 100))}`,
    );
  }
}
