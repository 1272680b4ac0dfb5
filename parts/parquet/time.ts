/** An instant, as exactly as a column can hold it. */
export interface Instant {
  /** Milliseconds since the epoch, rounded down. */
  readonly ms: number;
  /** Microseconds beyond them. */
  readonly us: number;
  /** Whether it was written with no more than microseconds. */
  readonly isExact: boolean;
}

/** Seconds, milliseconds and microseconds since the epoch end there; what is larger is of the next finer unit. */
const [SECONDS, MILLISECONDS, MICROSECONDS] = [1e11, 1e14, 1e17];

/** The digits that a double holds for certain. */
const SAFE_DIGITS = 15;

/** The first and the last instant whose year has four digits. */
const [FIRST, LAST] = [Date.parse("0001-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59.999Z")];

/** Seconds with a fraction, as of nginx; what is finer, in any unit. */
const NUMBER = /^(\d{1,19})(?:\.(\d{1,9}))?$/;

/** ISO 8601: date, time, fraction, zone. */
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?)?$/i;

/**
 * Reads a time of at least the year 1 and at most 9999: seconds, milliseconds, microseconds or nanoseconds since the epoch, told
 * apart by their size, or ISO 8601.
 *
 * @param bytes hold its text: digits, or what a string holds
 * @param offset minutes east of UTC, of texts that name no zone
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
  // A day or an hour that there is not becomes another one, or none.
  if (!(new Date(ms).getTime() === ms && new Date(ms).toISOString().startsWith(wall))) return undefined;
  const zone = hours === undefined ? (utc ? 0 : offset) : 60 * Number(hours) + Number(`${hours[0]}${quarter}`);
  const nanos = Number(fraction.padEnd(9, "0"));
  const whole = ms - 60_000 * zone + Math.floor(nanos / 1e6);
  return { ms: whole, us: Math.floor(nanos / 1000) % 1000, isExact: nanos % 1000 === 0 };
}

/** Nanoseconds of a number whose unit its size tells. */
function nanosOf(whole: string, fraction: string): bigint {
  const size = Number(whole);
  const digits = size < SECONDS ? 9 : size < MILLISECONDS ? 6 : size < MICROSECONDS ? 3 : 0;
  // A fraction that goes beyond nanoseconds is beyond microseconds too: one more digit of it says so.
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
