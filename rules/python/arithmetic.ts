import { fail } from "../run/values";
import { pow } from "./elementary";
import { divideIntegers } from "./exact";
import { bitLength, integerToFloat, MAX_BITS, type PythonNumber } from "./numbers";

export function add(a: PythonNumber, b: PythonNumber): PythonNumber {
  if (typeof a === "bigint" && typeof b === "bigint") return a + b;
  return toFloat(a) + toFloat(b);
}

export function subtract(a: PythonNumber, b: PythonNumber): PythonNumber {
  if (typeof a === "bigint" && typeof b === "bigint") return a - b;
  return toFloat(a) - toFloat(b);
}

/** Fails if a product of ints would exceed `MAX_BITS`. */
export function multiply(a: PythonNumber, b: PythonNumber): PythonNumber {
  if (typeof a !== "bigint" || typeof b !== "bigint") return toFloat(a) * toFloat(b);
  const product = a * b;
  if (product > MAX_SMALL || product < -MAX_SMALL) checkBits(bitLength(product));
  return product;
}

/** `a / b`, always a float. Ints are divided exactly and rounded once. */
export function divide(a: PythonNumber, b: PythonNumber): number {
  if (typeof a === "bigint" && typeof b === "bigint") return divideIntegers(a, b);
  const divisor = toFloat(b);
  if (divisor === 0) fail("Division by zero");
  return toFloat(a) / divisor;
}

/** `a // b`, rounded towards minus infinity; a float if one of them is a float. */
export function floorDivide(a: PythonNumber, b: PythonNumber): PythonNumber {
  if (typeof a !== "bigint" || typeof b !== "bigint") return floatDivmod(toFloat(a), toFloat(b))[0];
  if (b === 0n) fail("Division by zero");
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** `a % b`: with the sign of `b`. */
export function modulo(a: PythonNumber, b: PythonNumber): PythonNumber {
  if (typeof a !== "bigint" || typeof b !== "bigint") return floatDivmod(toFloat(a), toFloat(b))[1];
  if (b === 0n) fail("Division by zero");
  const remainder = a % b;
  return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
}

/** `a ** b`: an int to a negative power is a float. Fails if the result is too large or not a real number. */
export function power(a: PythonNumber, b: PythonNumber): PythonNumber {
  if (typeof a === "bigint" && typeof b === "bigint" && b >= 0n) return integerPower(a, b);
  const base = toFloat(a);
  const exponent = toFloat(b);
  if (base === 0 && exponent < 0) fail("Zero cannot be raised to a negative power");
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    fail(`A negative number to a power that is not whole is no real number, got ${base} and ${exponent}`);
  }
  // In Python, 1 to any power is 1, and so is -1 to an infinite power.
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  const result = pow(base, exponent);
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    fail(`The result is too large for a float, got ${base} and ${exponent}`);
  }
  return result;
}

const MAX_SMALL = 1n << 64n;

function integerPower(base: bigint, exponent: bigint): bigint {
  if (base === 0n || base === 1n || base === -1n)
    return exponent === 0n ? 1n : exponent % 2n === 0n ? base * base : base;
  checkBits((bitLength(base) - 1) * Number(exponent));
  return base ** exponent;
}

function checkBits(bits: number): void {
  if (bits > MAX_BITS) fail(`An int must have at most ${MAX_BITS} bits, got one of about ${bits}`);
}

function toFloat(value: PythonNumber): number {
  return typeof value === "number" ? value : integerToFloat(value);
}

/** Python's `divmod` of floats, with the same steps, since rounding depends on them. */
function floatDivmod(a: number, b: number): [number, number] {
  if (b === 0) fail("Division by zero");
  let remainder = a % b;
  let quotient = (a - remainder) / b;
  if (remainder === 0) remainder = b < 0 ? -0 : 0;
  else if (remainder < 0 !== b < 0) {
    remainder += b;
    quotient -= 1;
  }
  if (quotient === 0) return [a / b < 0 || Object.is(a / b, -0) ? -0 : 0, remainder];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, remainder];
}
