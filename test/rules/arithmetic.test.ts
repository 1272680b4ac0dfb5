import { divide, floorDivide, modulo } from "../../rules/python/arithmetic";
import type { PythonNumber } from "../../rules/python/numbers";
import { hypotenuse } from "../../rules/python/exact";
import { round } from "../../rules/python/rounding";
import { failureOf, valueOf } from "./support";

describe("the arithmetic", () => {
  it.each([
    [`op_sum("1", 2, "3")`, "6"],
    [`op_sum("1.5", 2)`, "3.5"],
    [`op_sum(" 1e2 ", True)`, "101.0"],
    [`op_abs("-3")`, "3"],
    [`op_abs("-2.50")`, "2.5"],
    [`op_div_floor(7, 2)`, "3"],
    [`op_div_floor("-7", "2")`, "-4"],
    [`op_div_floor(7, "-2.0")`, "-4.0"],
    [`op_div_true(4, "2")`, "2.0"],
    [`op_div_true(1, 3)`, "0.3333333333333333"],
    [`op_div_true(10000000000000000000000000000000000000001, 3)`, "3.333333333333333e+39"],
    [`op_pow(2, 100)`, "1267650600228229401496703205376"],
    [`op_pow(2, "-2")`, "0.25"],
    [`op_pow("1.1", 2)`, "1.2100000000000002"],
    [`op_pow(0, 0)`, "1"],
    [`op_mul(6, 7)`, "42"],
    [`op_mul(1.5, 2)`, "3.0"],
    [`op_mul("ab", 3)`, "ababab"],
    [`op_mul(2, [1])`, "[1, 1]"],
    [`op_mul("ab", op_neg(1))`, ""],
    [`op_mul([], 1000000000)`, "[]"],
    [`op_neg("5")`, "-5"],
    [`op_neg(0.0)`, "-0.0"],
    [`op_mod("-7", 3)`, "2"],
    [`op_mod(7, op_neg(3))`, "-2"],
    [`op_mod(5.5, 2)`, "1.5"],
    [`op_sub("10", "0.5")`, "9.5"],
    [`op_sub(2, 3)`, "-1"],
    [`op_round(2.5)`, "2"],
    [`op_round("3.5")`, "4"],
    [`op_round("2.675", 2)`, "2.67"],
    [`op_round(1234, op_neg(2))`, "1200"],
    [`op_round(7, 2)`, "7"],
    [`mat_ceil("4.2")`, "5"],
    [`mat_ceil(op_neg(0.5))`, "0"],
    [`mat_floor(op_neg(0.5))`, "-1"],
    [`mat_exp(0)`, "1.0"],
    [`mat_fabs("-3")`, "3.0"],
    [`mat_log(8, 2)`, "3.0"],
    [`mat_log(MATH_E)`, "1.0"],
    [`mat_log(op_pow(10, 400), 10)`, "400.0"],
    [`mat_log10("1000")`, "3.0"],
    [`mat_sqrt("16")`, "4.0"],
    [`mat_degrees(MATH_PI)`, "180.0"],
    [`mat_radians("180")`, "3.141592653589793"],
    [`mat_sin(0)`, "0.0"],
    [`mat_cos("0")`, "1.0"],
    [`mat_tan(0)`, "0.0"],
    [`mat_acos("1")`, "0.0"],
    [`mat_asin(1)`, "1.5707963267948966"],
    [`mat_atan(1)`, "0.7853981633974483"],
    [`mat_atan2(1, op_neg(1))`, "2.356194490192345"],
    [`mat_atanh("0.5")`, "0.5493061443340548"],
    [`mat_hypot(3, "4")`, "5.0"],
  ])("%s gives %s", (expression, expected) => {
    expect(valueOf(expression)).toBe(expected);
  });

  it.each([
    [`op_sum("1", "x")`, `op_sum must get numbers or texts of numbers, got str "x"`],
    [`op_sub(None, 1)`, "op_sub must get numbers"],
    [`op_div_floor(1, 0)`, "Division by zero"],
    [`op_div_true(1, "0.0")`, "Division by zero"],
    [`op_mod(1, 0)`, "Division by zero"],
    [`op_mul("2", "3")`, `must be an int, got str "3"`],
    [`op_mul("a", 1000000000)`, "op_mul: A text must have at most 16777216 characters"],
    [`op_pow(10, 10000000)`, "at most 100000 bits"],
    [`op_pow(0, op_neg(1))`, "Zero cannot be raised"],
    [`op_pow(op_neg(8), 0.5)`, "no real number"],
    [`op_pow(10.0, 400)`, "too large for a float"],
    [`op_div_true(op_pow(10, 400), 1)`, "too large for a float"],
    [`op_sum(op_pow(10, 400), 0.5)`, "too large to be a float"],
    [`op_abs([])`, "op_abs must get numbers"],
    [`op_round(ct_float("inf"))`, "must be finite"],
    [`mat_ceil(ct_float("nan"))`, "mat_ceil must get a finite number"],
    [`mat_floor(ct_float("inf"))`, "mat_floor must get a finite number"],
    [`mat_exp(1000)`, "mat_exp is too large"],
    [`mat_log(0)`, "mat_log must get numbers above zero"],
    [`mat_log(2, 1)`, "Division by zero"],
    [`mat_log10(op_neg(1))`, "mat_log10 is not defined there"],
    [`mat_sqrt("-1")`, "mat_sqrt is not defined there"],
    [`mat_sin(ct_float("inf"))`, "mat_sin is not defined there"],
    [`mat_acos(2)`, "mat_acos is not defined there"],
    [`mat_atanh(1)`, "mat_atanh is not defined there"],
  ])("%s fails: %s", (expression, reason) => {
    expect(failureOf(`e_set("result", ${expression})`)).toContain(reason);
  });
});

describe("numbers of Python in bulk", () => {
  let seed = 5;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const integer = () => BigInt(random(2000) - 1000) * (random(3) === 0 ? 10n ** BigInt(random(40)) + 7n : 1n);
  const magnitude = (value: bigint) => (value < 0n ? -value : value);

  it("quotient and remainder make the dividend, the remainder between zero and the divisor", () => {
    for (let turn = 0; turn < 2000; turn++) {
      const [a, b] = [integer(), integer() || 1n];
      const [quotient, remainder] = [floorDivide(a, b), modulo(a, b)] as [bigint, bigint];
      expect(quotient * b + remainder).toBe(a);
      expect(b > 0n ? remainder >= 0n && remainder < b : remainder <= 0n && remainder > b).toBe(true);
    }
  });

  it("a quotient of ints is the nearest float", () => {
    for (let turn = 0; turn < 500; turn++) {
      const [a, b] = [magnitude(integer()) + 1n, magnitude(integer()) + 1n];
      const quotient = divide(a, b);
      // Enough digits that reading them rounds as the exact quotient would be rounded.
      const digits = ((a * 10n ** 60n) / b).toString();
      expect([a, b, quotient]).toEqual([a, b, Number(`${digits}1e-61`)]);
    }
    expect(divide(1n, 10n ** 310n)).toBe(1e-310);
    expect(divide(3n, 2n ** 1075n)).toBe(2 ** -1074 * 2);
  });

  it("rounding takes the nearest number of the digits, of two the even one, by the exact value", () => {
    for (let turn = 0; turn < 3000; turn++) {
      const [value, digits] = [(random(20_000_001) - 10_000_000) / 2 ** random(12), random(5)];
      // All these have at most 12 binary digits, so 12 decimal ones, behind the point.
      const exact = BigInt(value.toFixed(12).replace(".", ""));
      const unit = 10n ** BigInt(12 - digits);
      const rest = ((exact % unit) + unit) % unit;
      const down = (exact - rest) / unit;
      const up = rest * 2n > unit || (rest * 2n === unit && down % 2n !== 0n);
      const expected = Number(`${up ? down + 1n : down}e-${digits}`);
      expect([value, digits, Number(round(value, digits)) + 0]).toEqual([value, digits, expected + 0]);
    }
  });

  it.each([
    [`mat_sin("30.67")`, "-0.6786526046791649"],
    [`mat_cos("96.49")`, "-0.6221015703926122"],
    [`mat_tan(op_neg(8.68))`, "0.9218894938055892"],
    [`mat_asin(0.58)`, "0.618728690672251"],
    [`mat_acos(0.05)`, "1.5207754699891265"],
    [`mat_atan(5.05)`, "1.3753055265462157"],
    [`mat_exp(op_neg(5.56))`, "0.003848776397610543"],
    [`mat_log("153.63")`, "5.034547114142568"],
    [`op_pow(13.5, 23)`, "9.946646312845713e+25"],
    [`op_pow(op_neg(11), op_neg(5))`, "-6.209213230591551e-06"],
  ])("%s is %s, where JavaScript's own function is off in the last digit", (expression, expected) => {
    expect(valueOf(expression)).toBe(expected);
  });

  it("a length is right in its last digit", () => {
    for (const [a, b, length] of [
      [119, 120, 169],
      [1.5, 2, 2.5],
      [20n ** 3n, 15n ** 3n, Math.sqrt(8000 ** 2 + 3375 ** 2)],
    ] as [PythonNumber, PythonNumber, number][]) {
      expect(hypotenuse(Number(a), Number(b))).toBe(length);
    }
  });
});
