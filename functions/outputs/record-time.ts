import type { FieldValue } from "../records/contracts";

/** A record's time. */
export interface RecordTime {
  /** Whole milliseconds since the epoch. */
  readonly ms: number;
  /** Whether the value has no further precision, such as microseconds or nanoseconds. */
  readonly isExact: boolean;
}

/** Milliseconds per unit of a time since the epoch, by its number of digits (from 2001 to 2286). */
const UNITS: Readonly<Record<number, number>> = { 10: 1000, 13: 1, 16: 1e-3, 19: 1e-6 };

/** ISO 8601 with a zone: a time without one is ambiguous. */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,](\d+))?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/i;

/**
 * Reads a time: since the epoch, with 10 digits of seconds, 13 of milliseconds, 16 of microseconds or 19 of nanoseconds, as
 * a number or text; or ISO 8601 text with a zone. Undefined for anything else.
 */
export function timeOf(value: FieldValue | undefined): RecordTime | undefined {
  // Milliseconds, the most frequent case, without converting them to text.
  if (typeof value === "number" && value >= 1e12 && value < 1e13) {
    return { ms: Math.trunc(value), isExact: Number.isInteger(value) };
  }
  if (typeof value === "number") return sinceEpoch(value, String(Math.trunc(value)));
  if (typeof value !== "string") return undefined;
  if (/^\d{10,19}$/.test(value)) return sinceEpoch(Number(value), value);
  const iso = ISO.exec(value);
  if (!iso) return undefined;
  const ms = Date.parse(
    value
      .replace(" ", "T")
      .replace(",", ".")
      .replace(/([+-]\d\d)(\d\d)?$/, withColon),
  );
  return Number.isNaN(ms) || ms <= 0 ? undefined : { ms, isExact: !/[1-9]/.test((iso[1] ?? "").slice(3)) };
}

function sinceEpoch(value: number, digits: string): RecordTime | undefined {
  const unit = UNITS[digits.length];
  if (unit === undefined || value <= 0) return undefined;
  if (unit === 1) return { ms: Math.trunc(value), isExact: Number.isInteger(value) };
  if (unit > 1) {
    // For seconds with a fraction, a double is slightly more or less than what was written.
    const ms = Math.round(value * unit);
    return { ms, isExact: Math.abs(value * unit - ms) < 1e-3 };
  }
  return { ms: Number(digits.slice(0, 13)), isExact: /^0*$/.test(digits.slice(13)) && Number.isInteger(value) };
}

/** Converts `+0800` and `+08` to the form that `Date.parse` accepts. */
function withColon(_: string, hours: string, minutes = "00"): string {
  return `${hours}:${minutes}`;
}

/** Times as ISO 8601 text with milliseconds, in UTC. The text of the last second is cached, as most times share it. */
export class IsoTimes {
  #second = NaN;
  #text = "";

  /** @param ms whole milliseconds since the epoch */
  at(ms: number): string {
    const second = Math.floor(ms / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(ms).toISOString().slice(0, -"000Z".length);
    }
    return `${this.#text}${String(ms - second * 1000).padStart(3, "0")}Z`;
  }
}
