import { group } from "./define";
import { add, divide, floorDivide, modulo, multiply, power, subtract } from "../python/arithmetic";
import type { PythonNumber } from "../python/numbers";
import { asInt, asOptionalInt, describe } from "../python/arguments";
import { checkItems, checkLength } from "../run/length";
import { asFloat, asNumber, integerToFloat } from "../python/numbers";
import * as elementary from "../python/elementary";
import { hypotenuse } from "../python/exact";
import { round } from "../python/rounding";
import { fail, isBytes, isList, type Value } from "../run/values";

/** All of these convert strings to numbers, to an int if the text looks like one, except `op_mul`. */
export const ARITHMETIC = group("Arithmetic", {
  op_sum: {
    parameters: "*values",
    doc: "the sum.",
    pure: (values: readonly Value[]) => values.map((value) => asNumber(value, "op_sum")).reduce(add),
  },

  op_abs: {
    parameters: "value|x",
    doc: "the absolute value.",
    pure(value: Value) {
      const number = asNumber(value, "op_abs");
      return typeof number === "bigint" ? (number < 0n ? -number : number) : Math.abs(number);
    },
  },

  op_div_floor: {
    parameters: "value1|a, value2|b",
    doc: "the quotient rounded toward minus infinity; an int for ints. Fails if the divisor is zero.",
    ...numeric("op_div_floor", floorDivide),
  },

  op_div_true: {
    parameters: "value1|a, value2|b",
    doc: "the quotient, always a float. Fails if the divisor is zero.",
    ...numeric("op_div_true", divide),
  },

  op_pow: {
    parameters: "value1|a, value2|b",
    doc: "the power; a float if the exponent is negative. Fails if it is too large or not a real number.",
    ...numeric("op_pow", power),
  },

  op_mul: {
    parameters: "value1|a, value2|b",
    doc:
      "the product of two numbers; a text, list or bytes times an int is repeated. A text is not a number " +
      "here: fails for two texts.",
    pure(a: Value, b: Value): Value {
      if (isSequence(a)) return repeat(a, b);
      if (isSequence(b)) return repeat(b, a);
      return multiply(asNumber(a, "op_mul"), asNumber(b, "op_mul"));
    },
  },

  op_neg: {
    parameters: "value|x",
    doc: "the negated number.",
    pure: (value: Value) => -asNumber(value, "op_neg"),
  },

  op_mod: {
    parameters: "value1|a, value2|b",
    doc: "the remainder, with the sign of the divisor. Fails if the divisor is zero.",
    ...numeric("op_mod", modulo),
  },

  op_sub: {
    parameters: "value1|a, value2|b",
    doc: "the difference.",
    ...numeric("op_sub", subtract),
  },

  op_round: {
    parameters: "value|x, ndigits:int=None",
    doc:
      "the number rounded to this many decimal places, halves to the even neighbor: 2.5 gives 2. An int " +
      "without `ndigits`, otherwise of the type of `value`.",
    pure(value: Value, digits: Value) {
      const number = asNumber(value, "op_round");
      return round(number, asOptionalInt(digits, "The digits of op_round"));
    },
  },

  mat_ceil: {
    parameters: "value|x",
    doc: "the smallest int that is not less than the value. Fails for inf and nan.",
    pure: (value: Value) => whole(value, "mat_ceil", Math.ceil),
  },

  mat_exp: {
    parameters: "value|x",
    doc: "e to the power of `value`. Fails if it is too large.",
    pure(value: Value) {
      const x = asFloat(value, "mat_exp");
      const result = elementary.exp(x);
      return result === Infinity && x !== Infinity
        ? fail(`mat_exp is too large for a float, got ${describe(value)}`)
        : result;
    },
  },

  mat_fabs: {
    parameters: "value|x",
    doc: "the absolute value, as a float.",
    ...real("mat_fabs", Math.abs),
  },

  mat_floor: {
    parameters: "value|x",
    doc: "the greatest int that is not greater than the value. Fails for inf and nan.",
    pure: (value: Value) => whole(value, "mat_floor", Math.floor),
  },

  mat_log: {
    parameters: "value|x, base=None",
    doc:
      "the logarithm to a base; without one, the natural logarithm. Fails if `value` or the base is not " +
      "greater than zero.",
    pure(value: Value, base: Value) {
      const logarithm = naturalLog(value);
      return base === null ? logarithm : divide(logarithm, naturalLog(base));
    },
  },

  mat_log10: {
    parameters: "value|x",
    doc: "the logarithm to base 10. Fails if `value` is not greater than zero.",
    ...real("mat_log10", (x) => (x > 0 || Number.isNaN(x) ? Math.log10(x) : NaN)),
  },

  mat_sqrt: {
    parameters: "value|x",
    doc: "the square root. Fails for negative numbers.",
    ...real("mat_sqrt", Math.sqrt),
  },

  mat_degrees: {
    parameters: "value|rad",
    doc: "converts radians to degrees.",
    ...real("mat_degrees", (x) => x * (180 / Math.PI)),
  },

  mat_radians: {
    parameters: "value|deg",
    doc: "converts degrees to radians.",
    ...real("mat_radians", (x) => x * (Math.PI / 180)),
  },

  mat_sin: {
    parameters: "value|x",
    doc: "the sine of an angle in radians. Fails for inf.",
    ...real("mat_sin", elementary.sin),
  },

  mat_cos: {
    parameters: "value|x",
    doc: "the cosine of an angle in radians. Fails for inf.",
    ...real("mat_cos", elementary.cos),
  },

  mat_tan: {
    parameters: "value|x",
    doc: "the tangent of an angle in radians. Fails for inf.",
    ...real("mat_tan", elementary.tan),
  },

  mat_acos: {
    parameters: "value|x",
    doc: "the arc cosine in radians. Fails outside -1 to 1.",
    ...real("mat_acos", elementary.acos),
  },

  mat_asin: {
    parameters: "value|x",
    doc: "the arc sine in radians. Fails outside -1 to 1.",
    ...real("mat_asin", elementary.asin),
  },

  mat_atan: {
    parameters: "value|x",
    doc: "the arc tangent in radians.",
    ...real("mat_atan", elementary.atan),
  },

  mat_atan2: {
    parameters: "y, x",
    doc: "the angle of the point `(x, y)` in radians; the first argument is `y`.",
    pure: (y: Value, x: Value) => elementary.atan2(asFloat(y, "mat_atan2"), asFloat(x, "mat_atan2")),
  },

  mat_atanh: {
    parameters: "value|x",
    doc: "the inverse hyperbolic tangent. Fails outside -1 to 1, and for -1 and 1.",
    ...real("mat_atanh", (x) => (Math.abs(x) === 1 ? NaN : Math.atanh(x))),
  },

  mat_hypot: {
    parameters: "value1|a, value2|b",
    doc: "the length of the vector `(value1, value2)`.",
    pure: (a: Value, b: Value) => hypotenuse(asFloat(a, "mat_hypot"), asFloat(b, "mat_hypot")),
  },
});

/** A function of two numbers. */
function numeric(name: string, calculate: (a: PythonNumber, b: PythonNumber) => PythonNumber) {
  return { pure: (a: Value, b: Value) => calculate(asNumber(a, name), asNumber(b, name)) };
}

/** A function of one float, which fails if the result is undefined, as in Python's `math`. */
function real(name: string, calculate: (x: number) => number) {
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

/** Also for ints that are too large for a float. */
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
  const length = sequence.length * count;
  (isList(sequence) ? checkItems : checkLength)(length);
  if (typeof sequence === "string") return sequence.repeat(count);
  if (isBytes(sequence)) return Buffer.alloc(sequence.length * count, sequence);
  return Array.from({ length: count }, () => sequence).flat() as Value[];
}
