/** An instant with the precision of a column. */
export interface Instant {
  /** Milliseconds since the epoch, rounded down. */
  readonly ms: number;
  /** Additional microseconds. */
  readonly us: number;
  /** Whether it was written with microseconds at most. */
  readonly isExact: boolean;
}

/** Upper limits of seconds, milliseconds and microseconds since the epoch; larger numbers are of the next finer unit. */
const [SECONDS, MILLISECONDS, MICROSECONDS] = [1e11, 1e14, 1e17];

/** Number of digits that a double always represents exactly. */
const SAFE_DIGITS = 15;

/** The first and the last instant with a year of four digits. */
const [FIRST, LAST] = [Date.parse("0001-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59.999Z")];

/** Seconds with a fraction, as in nginx; a more precise value in any unit. */
const NUMBER = /^(\d{1,19})(?:\.(\d{1,9}))?$/;

/** ISO 8601: date, time, fraction, zone. */
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?)?$/i;

/**
 * Reads a time between the years 1 and 9999: seconds, milliseconds, microseconds or nanoseconds since the epoch,
 * distinguished by magnitude, or ISO 8601.
 *
 * @param bytes contain its text: digits, or the contents of a string
 * @param offset minutes east of UTC, for texts without a zone
 */
export function readInstant(bytes: Buffer, start: number, end: number, offset: number): Instant | undefined {
  const instant = ofDigits(bytes, start, end) ?? ofText(bytes.toString("latin1", start, end), offset);
  return instant && instant.ms >= FIRST && instant.ms <= LAST ? instant : undefined;
}

function ofDigits(bytes: Buffer, start: number, end: number): Instant | undefined {
  if (end === start || end - start > SAFE_DIGITS) return undefined;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    number = 10 * number + digit;
  }
  if (number < SECONDS) return { ms: 1000 * number, us: 0, isExact: true };
  if (number < MILLISECONDS) return { ms: number, us: 0, isExact: true };
  return { ms: Math.floor(number / 1000), us: number % 1000, isExact: true };
}

function ofText(text: string, offset: number): Instant | undefined {
  const number = NUMBER.exec(text);
  if (number) return ofNanos(nanosOf(number[1], number[2] ?? ""));
  const [, date, minutes = "00:00", seconds = "00", fraction = "", utc, hours, quarter = "00"] = ISO.exec(text) ?? [];
  if (date === undefined) return undefined;
  const wall = `${date}T${minutes}:${seconds}`;
  const ms = Date.parse(`${wall}Z`);
  // A date or time that does not exist becomes a different one, or is invalid.
  if (!(new Date(ms).getTime() === ms && new Date(ms).toISOString().startsWith(wall))) return undefined;
  const zone = hours === undefined ? (utc ? 0 : offset) : 60 * Number(hours) + Number(`${hours[0]}${quarter}`);
  const nanos = Number(fraction.padEnd(9, "0"));
  const whole = ms - 60_000 * zone + Math.floor(nanos / 1e6);
  return { ms: whole, us: Math.floor(nanos / 1000) % 1000, isExact: nanos % 1000 === 0 };
}

/** Nanoseconds of a number whose unit is given by its magnitude. */
function nanosOf(whole: string, fraction: string): bigint {
  const size = Number(whole);
  const digits = size < SECONDS ? 9 : size < MILLISECONDS ? 6 : size < MICROSECONDS ? 3 : 0;
  // A fraction finer than nanoseconds is also finer than microseconds: one more nanosecond marks it as inexact.
  return (
    BigInt(whole + fraction.padEnd(digits, "0").slice(0, digits)) + (/[1-9]/.test(fraction.slice(digits)) ? 1n : 0n)
  );
}

function ofNanos(nanos: bigint): Instant {
  return {
    ms: Number(nanos / 1_000_000n),
    us: Number((nanos / 1000n) % 1000n),
    isExact: nanos % 1000n === 0n,
  };
}
