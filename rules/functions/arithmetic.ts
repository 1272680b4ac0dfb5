import type { Implementation, Implementations } from "../run/implementation";
import { add, divide, floorDivide, modulo, multiply, power, subtract, type PythonNumber } from "../python/arithmetic";
import { asInt, checkLength, describe } from "../python/arguments";
import { asFloat, asNumber, integerToFloat } from "../python/numbers";
import * as elementary from "../python/elementary";
import { hypotenuse } from "../python/exact";
import { round } from "../python/rounding";
import { fail, isBytes, isList, type Value } from "../run/values";

/** All of these take texts of numbers for numbers, an int where the text looks like one; only `op_mul` does not. */
export const ARITHMETIC: Implementations = {
  /** `op_sum(a, b, ...)`: the sum. */
  op_sum: {
    pure: (values: readonly Value[]) => values.map((value) => asNumber(value, "op_sum")).reduce(add),
  },

  /** `op_abs(x)`: the number without its sign. */
  op_abs: {
    pure(value: Value) {
      const number = asNumber(value, "op_abs");
      return typeof number === "bigint" ? (number < 0n ? -number : number) : Math.abs(number);
    },
  },

  /** `op_div_floor(a, b)`: the quotient rounded towards minus infinity, an int of ints. Fails for zero as the divisor. */
  op_div_floor: numeric("op_div_floor", floorDivide),

  /** `op_div_true(a, b)`: the quotient, always a float. Fails for zero as the divisor. */
  op_div_true: numeric("op_div_true", divide),

  /** `op_pow(a, b)`: the power; a float where the exponent is negative. Fails where it is too large or no real number. */
  op_pow: numeric("op_pow", power),

  /**
   * `op_mul(a, b)`: the product of two numbers; a text, list or bytes times an int is repeated. A text is no number here:
   * fails for two texts.
   */
  op_mul: {
    pure(a: Value, b: Value) {
      if (isSequence(a)) return repeat(a, b);
      if (isSequence(b)) return repeat(b, a);
      return multiply(asNumber(a, "op_mul"), asNumber(b, "op_mul"));
    },
  },

  /** `op_neg(x)`: the number with the other sign. */
  op_neg: { pure: (value: Value) => -asNumber(value, "op_neg") },

  /** `op_mod(a, b)`: the remainder, with the sign of the divisor. Fails for zero as the divisor. */
  op_mod: numeric("op_mod", modulo),

  /** `op_sub(a, b)`: the difference. */
  op_sub: numeric("op_sub", subtract),

  /**
   * `op_round(x, ndigits=None)`: the nearest number with so many digits behind the point, of two the even one: 2.5 gives 2. An
   * int without `ndigits`, else of the type of `x`.
   */
  op_round: {
    pure(value: Value, digits?: Value) {
      const number = asNumber(value, "op_round");
      return round(
        number,
        digits === undefined || digits === null ? undefined : asInt(digits, "The digits of op_round"),
      );
    },
  },

  /** `mat_ceil(x)`: the least int that is not below. Fails for inf and nan. */
  mat_ceil: { pure: (value: Value) => whole(value, "mat_ceil", Math.ceil) },

  /** `mat_exp(x)`: e to the power of `x`. Fails where it is too large. */
  mat_exp: {
    pure(value: Value) {
      const x = asFloat(value, "mat_exp");
      const result = elementary.exp(x);
      return result === Infinity && x !== Infinity
        ? fail(`mat_exp is too large for a float, got ${describe(value)}`)
        : result;
    },
  },

  /** `mat_fabs(x)`: the number without its sign, as a float. */
  mat_fabs: real("mat_fabs", Math.abs),

  /** `mat_floor(x)`: the greatest int that is not above. Fails for inf and nan. */
  mat_floor: { pure: (value: Value) => whole(value, "mat_floor", Math.floor) },

  /** `mat_log(x, base=None)`: the logarithm to a base, the natural one without. Fails where `x` or the base is not above zero. */
  mat_log: {
    pure(value: Value, base?: Value) {
      const logarithm = naturalLog(value);
      return base === undefined || base === null ? logarithm : divide(logarithm, naturalLog(base));
    },
  },

  /** `mat_log10(x)`: the logarithm to base 10. Fails where `x` is not above zero. */
  mat_log10: real("mat_log10", (x) => (x > 0 || Number.isNaN(x) ? Math.log10(x) : NaN)),

  /** `mat_sqrt(x)`: the square root. Fails below zero. */
  mat_sqrt: real("mat_sqrt", Math.sqrt),

  /** `mat_degrees(x)`: radians as degrees. */
  mat_degrees: real("mat_degrees", (x) => x * (180 / Math.PI)),

  /** `mat_radians(x)`: degrees as radians. */
  mat_radians: real("mat_radians", (x) => x * (Math.PI / 180)),

  /** `mat_sin(x)`: the sine of radians. Fails for inf. */
  mat_sin: real("mat_sin", elementary.sin),

  /** `mat_cos(x)`: the cosine of radians. Fails for inf. */
  mat_cos: real("mat_cos", elementary.cos),

  /** `mat_tan(x)`: the tangent of radians. Fails for inf. */
  mat_tan: real("mat_tan", elementary.tan),

  /** `mat_acos(x)`: the arc cosine in radians. Fails outside of -1 to 1. */
  mat_acos: real("mat_acos", elementary.acos),

  /** `mat_asin(x)`: the arc sine in radians. Fails outside of -1 to 1. */
  mat_asin: real("mat_asin", elementary.asin),

  /** `mat_atan(x)`: the arc tangent in radians. */
  mat_atan: real("mat_atan", elementary.atan),

  /** `mat_atan2(y, x)`: the angle of the point `(x, y)` in radians; the first argument is `y`. */
  mat_atan2: {
    pure: (y: Value, x: Value) => elementary.atan2(asFloat(y, "mat_atan2"), asFloat(x, "mat_atan2")),
  },

  /** `mat_atanh(x)`: the inverse hyperbolic tangent. Fails outside of -1 to 1, and for these two. */
  mat_atanh: real("mat_atanh", (x) => (Math.abs(x) === 1 ? NaN : Math.atanh(x))),

  /** `mat_hypot(a, b)`: the length of the vector `(a, b)`. */
  mat_hypot: {
    pure: (a: Value, b: Value) => hypotenuse(asFloat(a, "mat_hypot"), asFloat(b, "mat_hypot")),
  },
};

/** A function of two numbers. */
function numeric(name: string, calculate: (a: PythonNumber, b: PythonNumber) => PythonNumber): Implementation {
  return { pure: (a: Value, b: Value) => calculate(asNumber(a, name), asNumber(b, name)) };
}

/** A function of one float, which fails where it has no value, as Python's `math` does. */
function real(name: string, calculate: (x: number) => number): Implementation {
  return {
    pure(value: Value) {
      const x = asFloat(value, name);
      const result = calculate(x);
      if (Number.isNaN(result) && !Number.isNaN(x)) fail(`${name} is not defined there, got ${describe(value)}`);
      return result;
    },
  };
}

function whole(value: Value, name: string, cut: (x: number) => number): bigint {
  const number = asNumber(value, name);
  if (typeof number === "bigint") return number;
  if (!Number.isFinite(number)) fail(`${name} must get a finite number, got ${describe(value)}`);
  return BigInt(cut(number));
}

/** Of ints too that are too large for a float. */
function naturalLog(value: Value): number {
  const number = asNumber(value, "mat_log");
  if (number <= 0) fail(`mat_log must get numbers above zero, got ${describe(value)}`);
  if (typeof number === "number") return elementary.log(number);
  const zeros = Math.max(0, number.toString(2).length - 1000);
  return elementary.log(integerToFloat(number >> BigInt(zeros))) + zeros * Math.LN2;
}

type Sequence = string | readonly Value[] | Uint8Array;

function isSequence(value: Value): value is Sequence {
  return typeof value === "string" || isList(value) || isBytes(value);
}

function repeat(sequence: Sequence, times: Value): Value {
  const count = Math.max(0, asInt(times, "What op_mul multiplies a text, a list or bytes by"));
  if (sequence.length === 0) return sequence;
  checkLength(sequence.length * count, "op_mul");
  if (typeof sequence === "string") return sequence.repeat(count);
  if (isBytes(sequence)) return Buffer.alloc(sequence.length * count, sequence);
  return Array.from({ length: count }, () => sequence).flat() as Value[];
}
