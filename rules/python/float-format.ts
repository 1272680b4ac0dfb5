import { fail } from "../run/values";
import { plainDigits, roundFloat } from "./rounding";

/** The decimal digits of a number without its sign, as formatted. */
export interface Digits {
  /** Before the point. */
  readonly whole: string;
  /** From the point on: `.50`, `.5e+10`, `%`. */
  readonly rest: string;
}

/** Rounded digits of a float: `0.digits * 10 ** (exponent + 1)`. */
interface Scientific {
  readonly digits: string;
  readonly exponent: number;
}

/** No float has more non-zero digits. */
const MAX_PRECISION = 10_000;

/** `f`: a fixed number of digits after the point. */
export function fixed(size: number, precision: number, keepsPoint: boolean): Digits {
  checkPrecision(precision);
  const digits =
    plainDigits(size, precision)?.replace(".", "") ?? String(roundFloat(size, precision)).padStart(precision + 1, "0");
  const whole = digits.slice(0, digits.length - precision);
  return { whole, rest: fraction(digits.slice(whole.length), keepsPoint) };
}

/** `e`: one digit before the point, and a power of ten. */
export function exponential(size: number, precision: number, keepsPoint: boolean): Digits {
  return showExponent(scientific(size, precision), keepsPoint);
}

/**
 * `g`: `precision` significant digits, with a power of ten if the number is small or too large for them; trailing zeros
 * are removed. With `asRepr`, as for a float with a precision but without a type: never formatted as an int.
 */
export function general(size: number, precision: number, keepsZeros: boolean, asRepr: boolean): Digits {
  const significant = Math.max(precision, 1);
  const rounded = scientific(size, significant - 1);
  const { exponent } = rounded;
  const digits = keepsZeros ? rounded.digits : rounded.digits.replace(/(?!^)0+$/, "");
  if (exponent < -4 || exponent >= significant - (asRepr ? 1 : 0)) {
    return showExponent({ digits, exponent }, keepsZeros);
  }
  if (exponent < 0) return { whole: "0", rest: fraction("0".repeat(-exponent - 1) + digits, keepsZeros) };
  const behind = digits.slice(exponent + 1);
  return {
    whole: digits.slice(0, exponent + 1).padEnd(exponent + 1, "0"),
    rest: asRepr && behind === "" ? ".0" : fraction(behind, keepsZeros),
  };
}

/** The digits of a float, rounded to `precision` digits after the first one. */
function scientific(size: number, precision: number): Scientific {
  checkPrecision(precision);
  if (size === 0) return { digits: "0".repeat(precision + 1), exponent: 0 };
  const exponent = Number(size.toExponential().split("e")[1]);
  const digits = String(roundFloat(size, precision - exponent));
  // 9.99 rounds to 10: one more digit.
  return digits.length > precision + 1 ? { digits: digits.slice(0, -1), exponent: exponent + 1 } : { digits, exponent };
}

function showExponent({ digits, exponent }: Scientific, keepsPoint: boolean): Digits {
  const power = `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return { whole: digits[0], rest: fraction(digits.slice(1), keepsPoint) + power };
}

function fraction(digits: string, keepsPoint: boolean): string {
  return digits === "" && !keepsPoint ? "" : `.${digits}`;
}

function checkPrecision(precision: number): void {
  if (precision > MAX_PRECISION) fail(`The precision of a format must be at most ${MAX_PRECISION}, got ${precision}`);
}
