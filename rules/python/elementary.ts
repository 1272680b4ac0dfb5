import { scale, squareRoot } from "./exact";
import { decompose } from "./rounding";

/**
 * Powers, logarithms and angles that are correct in their last digit. JavaScript's own functions are off by one in some
 * of a hundred results, and Python prints all digits. Numbers here are ints with `BITS` fractional bits, rounded to
 * floats at the end. Outside the range where this matters, JavaScript's own functions are used.
 */

const BITS = 192;
const SHIFT = BigInt(BITS);
const ONE = 1n << SHIFT;

/** Smaller numbers equal their sine and arc tangent, as in JavaScript. */
const TINY = 2 ** -27;
/** Larger numbers would need more digits of π. */
const HUGE = 2 ** 60;
/** Beyond it, a power of e is not a normal float. */
const MAX_EXPONENT = 700;

/** e to the power of `x`. */
export function exp(x: number): number {
  return Math.abs(x) >= TINY && Math.abs(x) < MAX_EXPONENT ? expOf(toFixed(x)) : Math.exp(x);
}

/** The natural logarithm. */
export function log(x: number): number {
  return x > 0 && x !== 1 && Number.isFinite(x) ? toFloat(fixedLog(x)) : Math.log(x);
}

/** `x ** y`; signs and non-finite values as in JavaScript's `**`. */
export function pow(x: number, y: number): number {
  const rough = x ** y;
  const size = Math.abs(rough);
  const isPlain = x !== 0 && y !== 0 && size > 1e-300 && size < Infinity && Math.abs(x) !== 1 && Math.abs(y) < HUGE;
  if (!isPlain) return rough;
  const { mantissa, exponent } = decompose(y);
  const result = expOf(shift(mantissa * fixedLog(Math.abs(x)), exponent));
  return rough < 0 ? -result : result;
}

export function sin(x: number): number {
  return isReducible(x) ? toFloat(sineAndCosine(toFixed(x))[0]) : Math.sin(x);
}

export function cos(x: number): number {
  return isReducible(x) ? toFloat(sineAndCosine(toFixed(x))[1]) : Math.cos(x);
}

export function tan(x: number): number {
  if (!isReducible(x)) return Math.tan(x);
  const [sine, cosine] = sineAndCosine(toFixed(x));
  return toFloat((sine << SHIFT) / cosine);
}

export function asin(x: number): number {
  if (!(Math.abs(x) >= TINY && Math.abs(x) < 1)) return Math.asin(x);
  return angle(Math.asin(x), toFixed(x), cosineOf(toFixed(x)));
}

export function acos(x: number): number {
  if (!(Math.abs(x) >= TINY && Math.abs(x) < 1)) return Math.acos(x);
  return angle(Math.acos(x), cosineOf(toFixed(x)), toFixed(x));
}

export function atan(x: number): number {
  return isReducible(x) ? angle(Math.atan(x), toFixed(x), ONE) : Math.atan(x);
}

/** The angle of the point `(x, y)`. */
export function atan2(y: number, x: number): number {
  const ratio = Math.abs(y / x);
  const isPlain = ratio > TINY && ratio < HUGE && Math.abs(x) > 1e-12 && Math.abs(x) < HUGE && Math.abs(y) > 1e-12;
  return isPlain ? angle(Math.atan2(y, x), toFixed(y), toFixed(x)) : Math.atan2(y, x);
}

function isReducible(x: number): boolean {
  return Math.abs(x) >= TINY && Math.abs(x) < HUGE;
}

function toFixed(value: number): bigint {
  const { mantissa, exponent } = decompose(value);
  return shift(mantissa, exponent + BITS);
}

function toFloat(value: bigint): number {
  return scale(Number(value), -BITS);
}

function shift(value: bigint, bits: number): bigint {
  return bits < 0 ? value >> BigInt(-bits) : value << BigInt(bits);
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) >> SHIFT;
}

function expOf(value: bigint): number {
  const [power, twos] = fixedExp(value);
  return scale(Number(power), twos - BITS);
}

/** e to the power of a number, as a number near 1 and a power of two. */
function fixedExp(value: bigint): [bigint, number] {
  const { ln2 } = constants();
  const twos = (value + (ln2 >> 1n)) / ln2;
  // The series is short for a small number; squaring reverses the halving.
  const halvings = 8;
  const rest = (value - twos * ln2) >> BigInt(halvings);
  let power = ONE;
  for (let term = ONE, index = 1n; (term = times(term, rest) / index) !== 0n && term !== -1n; index++) power += term;
  for (let index = 0; index < halvings; index++) power = times(power, power);
  return [power, Number(twos)];
}

/** A rough logarithm, plus that of the remaining factor. */
function fixedLog(x: number): bigint {
  const rough = toFixed(Math.log(x));
  const [power, twos] = fixedExp(-rough);
  const { mantissa, exponent } = decompose(x);
  const rest = shift(mantissa * power, exponent + twos) - ONE;
  const square = times(rest, rest);
  return rough + rest - square / 2n + times(square, rest) / 3n;
}

function sineAndCosine(value: bigint): [bigint, bigint] {
  const { halfPi } = constants();
  const quarters = (2n * value + (value < 0n ? -halfPi : halfPi)) / (2n * halfPi);
  const rest = value - quarters * halfPi;
  const square = times(rest, rest);
  const series = (first: bigint, start: bigint): bigint => {
    let sum = first;
    for (let term = first, index = start; term !== 0n && term !== -1n; index += 2n) {
      term = -times(term, square) / (index * (index + 1n));
      sum += term;
    }
    return sum;
  };
  const [sine, cosine] = [series(rest, 2n), series(ONE, 1n)];
  switch (((quarters % 4n) + 4n) % 4n) {
    case 0n:
      return [sine, cosine];
    case 1n:
      return [cosine, -sine];
    case 2n:
      return [-sine, -cosine];
    default:
      return [-cosine, sine];
  }
}

/** The angle of a point near a rough one: rotating the point back by that angle leaves almost nothing. */
function angle(rough: number, y: bigint, x: bigint): number {
  const start = toFixed(rough);
  const [sine, cosine] = sineAndCosine(start);
  const rest = ((y * cosine - x * sine) << SHIFT) / (x * cosine + y * sine);
  return toFloat(start + rest - times(times(rest, rest), rest) / 3n);
}

/** The absolute cosine of the angle with the given sine. */
function cosineOf(sine: bigint): bigint {
  return squareRoot((ONE - times(sine, sine)) << SHIFT);
}

let made: { readonly halfPi: bigint; readonly ln2: bigint } | undefined;

/** By Machin's formulas, computed once. */
function constants() {
  return (made ??= {
    halfPi: 8n * inverseSeries(5n, -1n) - 2n * inverseSeries(239n, -1n),
    ln2: 18n * inverseSeries(26n, 1n) - 2n * inverseSeries(4801n, 1n) + 8n * inverseSeries(8749n, 1n),
  });
}

/** The arc tangent of `1 / n` for the sign -1, the hyperbolic one for 1. */
function inverseSeries(n: bigint, sign: bigint): bigint {
  let sum = 0n;
  for (let power = ONE / n, index = 1n; power !== 0n; power = (sign * power) / (n * n), index += 2n)
    sum += power / index;
  return sum;
}
