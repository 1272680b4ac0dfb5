import { fail } from "../run/values";
import { zoneAbbreviation } from "./zone-abbreviations";

/** A time zone: what clocks show at an instant, and which instant they mean. Seconds throughout. */
export interface Zone {
  /** Seconds east of UTC at an instant. */
  offsetAt(instant: number): number;
  /** Seconds east of UTC where clocks show `wall` (seconds since 1970-01-01 00:00:00 on that clock). */
  offsetOfWall(wall: number): number;
  /** The abbreviation in use while the offset is this one: `CST`, `+0530`; empty where there is none. */
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

/** A zone with the same offset at all times. */
export function fixedZone(offset: number, name = ""): Zone {
  return offset === 0 && name === "" ? UTC : new FixedZone(offset, name);
}

const HOUR = 3600;
const DAY = 86_400;
/** Hours kept for each zone: more than a year of them. */
const KEPT_HOURS = 10_000;

/**
 * A zone of the IANA database, as the runtime knows it. Asking the runtime takes microseconds, so offsets are kept hour by
 * hour; an hour in which the clocks change is asked for each time.
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

  /** As pytz's `localize` has it: what clocks show twice is the later instant, what they skip counts by the offset before. */
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

/** More than the database has names. */
const KEPT_ZONES = 1000;
const zones = new Map<string, Zone>();

/** A zone by name: of the IANA database, `UTC`, or an offset such as `+08:00` or `UTC+8`. Fails where there is none. */
export function zoneByName(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = offsetZone(name) ?? ianaZone(name);
    // Names come from events too, in any case of letters and as any offset.
    if (zones.size >= KEPT_ZONES) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}

/** Whether there is such a zone. */
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
