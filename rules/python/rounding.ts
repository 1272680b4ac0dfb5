import { fail } from "../run/values";
import type { PythonNumber } from "./numbers";

/**
 * Python's `round`: half to even on the exact value. Without digits the result is an int, with digits a number of the
 * same type.
 */
export function round(value: PythonNumber, digits?: number): PythonNumber {
  if (typeof value === "bigint") return digits === undefined || digits >= 0 ? value : roundInteger(value, -digits);
  if (digits === undefined) {
    if (!Number.isFinite(value)) fail(`A number must be finite to be rounded to an int, got ${value}`);
    return roundFloat(value, 0);
  }
  if (!Number.isFinite(value) || value === 0 || digits > 323) return value;
  if (digits < -308) return value < 0 ? -0 : 0;
  const plain = plainDigits(value, digits);
  if (plain !== undefined) return Number(plain);
  const rounded = Number(`${roundFloat(value, digits)}e${-digits}`);
  if (!Number.isFinite(rounded)) fail(`A rounded number is too large for a float, got ${value}`);
  return rounded === 0 && value < 0 ? -0 : rounded;
}

/**
 * A float with that many digits after the point, by JavaScript's own function; undefined if that is not exact: for
 * large numbers, and if two results can be equally near.
 */
export function plainDigits(value: number, digits: number): string | undefined {
  if (digits < 0 || digits > 15 || Math.abs(value) >= 1e15) return undefined;
  // Only numbers with this many binary digits can be halfway between two decimals.
  return Number.isInteger(value * 2 ** (digits + 1)) ? undefined : value.toFixed(digits);
}

/** A float times `10 ** digits`, rounded to the nearest int. */
export function roundFloat(value: number, digits: number): bigint {
  const { mantissa, exponent } = decompose(value);
  const scale = 10n ** BigInt(Math.abs(digits));
  let numerator = digits < 0 ? mantissa : mantissa * scale;
  let denominator = digits < 0 ? scale : 1n;
  if (exponent < 0) denominator <<= BigInt(-exponent);
  else numerator <<= BigInt(exponent);
  return divideToNearest(numerator, denominator);
}

function roundInteger(value: bigint, zeros: number): bigint {
  if (zeros > value.toString().length) return 0n;
  const scale = 10n ** BigInt(zeros);
  return divideToNearest(value, scale) * scale;
}

/** A quotient rounded to the nearest int, ties to even; the denominator is positive. */
function divideToNearest(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  let quotient = size / denominator;
  const twice = (size % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  return numerator < 0n ? -quotient : quotient;
}

const view = new DataView(new ArrayBuffer(8));

/** A finite float as `mantissa * 2 ** exponent`, exactly. */
export function decompose(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: value < 0 ? -size : size, exponent: Math.max(biased, 1) - 1075 };
}
