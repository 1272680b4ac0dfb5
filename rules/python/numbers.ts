import { byStretches, replaceUnits } from "../run/length";
import { fail, isBytes, type Value } from "../run/values";
import { describe } from "./arguments";
import { memoize } from "./memoize";
import { strip } from "./split";

/** A Python number: an int or a float. */
export type PythonNumber = bigint | number;

/** Python refuses to parse longer ints in decimal: the time grows faster than their length. */
const MAX_DIGITS = 4300;
/** Maximum bits of an int that functions create: 30,000 digits, more than Python would print. */
export const MAX_BITS = 100_000;

/**
 * Its parts must not overlap in the digits that they match: otherwise text that is not a number would take quadratic
 * time.
 */
const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const FLOAT_NAME = /^([+-]?)(inf(?:inity)?|nan)$/i;
/** Number of digits that a double always represents exactly. */
const MOST_EXACT_DIGITS = 15;
const ZERO = 0x30;
/** The usual form, parsed directly. */
const PLAIN_INTEGER = /^-?[0-9]{1,18}$/;
const PLAIN_FLOAT = /^-?[0-9]+\.[0-9]+$/;
const PLAIN_NUMBER = /^-?[0-9]+(?:\.[0-9]+)?$/;
const DECIMAL = /^[+-]?\d+$/;

/** Python's `int(text, base)`; undefined if the text is not an int. */
export function parseInteger(text: string, base = 10): bigint | undefined {
  if (base === 10 && PLAIN_INTEGER.test(text)) return BigInt(text);
  const trimmed = asciiDigits(strip(text, undefined, true, true));
  if (base !== 10) return parseInBase(trimmed, base);
  const digits = withoutUnderscores(trimmed, /(?:^|\D)_|_(?:\D|$)/);
  if (digits === undefined || !DECIMAL.test(digits)) return undefined;
  if (digits.length > MAX_DIGITS) return fail(`An int must have at most ${MAX_DIGITS} digits, got ${digits.length}`);
  return digits.startsWith("+") ? BigInt(digits.slice(1)) : BigInt(digits);
}

const PREFIXES: Readonly<Record<string, number>> = { "0x": 16, "0o": 8, "0b": 2 };

function parseInBase(text: string, base: number): bigint | undefined {
  if (!(base === 0 || (base >= 2 && base <= 36))) fail(`The base of an int must be 0 or 2 to 36, got ${base}`);
  const [, sign, body] = /^([+-]?)(.*)$/s.exec(text)!;
  const prefix = PREFIXES[body.slice(0, 2).toLowerCase()];
  const prefixed = prefix !== undefined && (base === 0 || base === prefix);
  const radix = prefixed ? prefix : base === 0 ? 10 : base;
  const written = prefixed ? body.slice(2).replace(/^_/, "") : body;
  // With base 0, a number is parsed as in a program, where leading zeros are not allowed.
  if (base === 0 && !prefixed && /^0[0_]*[1-9]/.test(written)) return undefined;
  const digits = withoutUnderscores(written, /(?:^|[^0-9a-z])_|_(?:[^0-9a-z]|$)/i);
  if (digits === undefined || !/^[0-9a-z]+$/i.test(digits)) return undefined;
  const value = digitsValue(digits, radix);
  return value === undefined || sign !== "-" ? value : -value;
}

function digitsValue(digits: string, radix: number): bigint | undefined {
  if (digits.length > MAX_DIGITS) fail(`An int must have at most ${MAX_DIGITS} digits, got ${digits.length}`);
  let value = 0n;
  for (const digit of digits) {
    const size = parseInt(digit, 36);
    if (size >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(size);
  }
  return value;
}

/** Python's `float(text)`; undefined if the text is not a number. */
export function parseFloating(text: string): number | undefined {
  const plain = ofDigits(text);
  if (plain >= 0) return plain;
  if (PLAIN_NUMBER.test(text)) return Number(text);
  const trimmed = asciiDigits(strip(text, undefined, true, true));
  const digits = withoutUnderscores(trimmed, /(?:^|\D)_|_(?:\D|$)/);
  if (digits !== undefined && FLOAT.test(digits)) return Number(digits);
  const name = FLOAT_NAME.exec(trimmed);
  if (!name) return undefined;
  if (name[2].toLowerCase() === "nan") return NaN;
  return name[1] === "-" ? -Infinity : Infinity;
}

/**
 * The number of a few digits, as in most fields, because a pattern takes several times as long. -1 for any other text.
 */
function ofDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > MOST_EXACT_DIGITS) return -1;
  let number = 0;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/**
 * Converts a value for arithmetic functions: a string becomes an int if it looks like one, otherwise a float. Fails if
 * it is not a number.
 */
export function asNumber(value: Value, what: string): bigint | number {
  if (typeof value === "bigint" || typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string") {
    const number = PLAIN_FLOAT.test(value) ? Number(value) : (parseInteger(value) ?? parseFloating(value));
    if (number !== undefined) return number;
  }
  return fail(`${what} must get numbers or texts of numbers, got ${describe(value)}`);
}

/** The same, as a float. Fails if an int is too large for one. */
export function asFloat(value: Value, what: string): number {
  const number = asNumber(value, what);
  return typeof number === "number" ? number : integerToFloat(number);
}

export function integerToFloat(value: bigint): number {
  const float = Number(value);
  if (!Number.isFinite(float)) fail("An int is too large to be a float");
  return float;
}

/** The same, as an int. Fails for a float, even a whole one. */
export function asInteger(value: Value, what: string): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  const number = typeof value === "string" ? parseInteger(value) : undefined;
  return number ?? fail(`${what} must get an int or the text of one, got ${describe(value)}`);
}

/** Python's `int(value)`: the fraction of a float is dropped. */
export function toInteger(value: Value): bigint {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) fail(`ct_int must get a finite number, got ${describe(value)}`);
    return BigInt(Math.trunc(value));
  }
  return asInteger(isBytes(value) ? Buffer.from(value).toString("latin1") : value, "ct_int");
}

/** Number of bits of an int, without its sign. */
export function bitLength(value: bigint): number {
  const hexadecimal = (value < 0n ? -value : value).toString(16);
  return (hexadecimal.length - 1) * 4 + (32 - Math.clz32(parseInt(hexadecimal[0], 16)));
}

/** Python accepts the digits of all scripts: `int("１２")`. */
function asciiDigits(text: string): string {
  return /[^\0-\x7f]/.test(text) ? byStretches(text, (stretch) => stretch.replace(/\p{Nd}/gu, asciiDigit)) : text;
}

const asciiDigit = memoize((digit) => String(digitValue(digit.codePointAt(0)!)));

/** The digits without underscores between them; undefined if an underscore is misplaced. */
function withoutUnderscores(text: string, misplaced: RegExp): string | undefined {
  if (!text.includes("_")) return text;
  return misplaced.test(text) ? undefined : replaceUnits(text, "_", "");
}

/** Digits are in runs of ten, starting at zero. */
function digitValue(point: number): number {
  let start = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return (point - start) % 10;
}
