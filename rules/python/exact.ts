import { fail } from "../run/values";
import { bitLength } from "./numbers";
import { decompose } from "./rounding";

/**
 * Exact calculations on ints, rounded to a float once at the end. JavaScript's `hypot` can be wrong in the last digit;
 * Python's is not.
 */

/** `a / b`. Fails if it is too large for a float. */
export function divideIntegers(a: bigint, b: bigint): number {
  if (b === 0n) fail("Division by zero");
  const [dividend, divisor] = [Number(a), Number(b)];
  if (Number.isSafeInteger(dividend) && Number.isSafeInteger(divisor)) return dividend / divisor;
  const size = divideMagnitudes(a < 0n ? -a : a, b < 0n ? -b : b);
  if (size === Infinity) fail("The result of a division of ints is too large for a float");
  return a < 0n === b < 0n ? size : -size;
}

/** The smallest float is 2 ** -1074; two more bits determine how it is rounded. */
const LOWEST = -1076;

/**
 * Computes 55 or 56 bits of the quotient, and sets the last one if there is a remainder, so that rounding them rounds
 * the quotient.
 */
function divideMagnitudes(a: bigint, b: bigint): number {
  const shift = Math.max(bitLength(a) - bitLength(b) - 55, LOWEST);
  const [dividend, divisor] = shift < 0 ? [a << BigInt(-shift), b] : [a, b << BigInt(shift)];
  let quotient = dividend / divisor;
  if (dividend % divisor !== 0n) quotient |= 1n;
  if (shift > LOWEST) return scale(Number(quotient), shift);
  const whole = quotient >> 2n;
  const rest = quotient & 3n;
  return scale(Number(rest > 2n || (rest === 2n && whole % 2n === 1n) ? whole + 1n : whole), LOWEST + 2);
}

/** `value * 2 ** shift`, in steps that are floats themselves. */
export function scale(value: number, shift: number): number {
  const half = Math.trunc(shift / 2);
  return value * 2 ** half * 2 ** (shift - half);
}

/** `sqrt(a * a + b * b)`; infinite if one of them is. */
export function hypotenuse(a: number, b: number): number {
  const rough = Math.hypot(a, b);
  // Outside this range, an exact calculation would need too many bits.
  if (!Number.isFinite(rough) || rough > 1e100 || rough < 1e-100) return rough;
  const [first, second] = [decompose(a), decompose(b)];
  const shift = Math.min(first.exponent, second.exponent);
  const square = ({ mantissa, exponent }: typeof first) => (mantissa << BigInt(exponent - shift)) ** 2n;
  const sum = square(first) + square(second);
  // 2 * 56 additional bits give a root with enough bits; the last one is set to odd if there is a remainder.
  const extra = Math.max(0, 120 - bitLength(sum)) & ~1;
  const root = squareRoot(sum << BigInt(extra));
  const sticky = root * root === sum << BigInt(extra) ? root : root | 1n;
  return scale(Number(sticky), shift - extra / 2);
}

/** The integer part of a square root, by Newton's method from above. */
export function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(bitLength(value) / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
