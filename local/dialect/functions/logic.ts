import { randomInt } from "node:crypto";
import { expression, type Args, type Definition, type Definitions } from "../definition";
import { isNull, isTrue, numberIn, numberOf, RowFailure, textOf } from "../values";
import { firstFilled } from "./extraction";

type Numeric = bigint | number;

/** Functions on conditions and numbers. Fact: docs/design/facts/rules.md#dialect-logic. */
export const LOGIC: Definitions = {
  op_if: expression("condition data1 data2", (args) => args.value(args.flag("condition", false) ? "data1" : "data2")),
  op_ifnull: expression("*", firstFilled),
  op_and: expression("*", (args) => args.restNodes.every((node) => isTrue(args.evaluate(node)))),
  op_or: expression("*", (args) => args.restNodes.some((node) => isTrue(args.evaluate(node)))),
  op_not: expression("data", (args) => !isTrue(args.value("data"))),
  op_eq: expression("data1 data2", (args) => {
    const [a, b] = [args.value("data1"), args.value("data2")];
    const [x, y] = [numberIn(a), numberIn(b)];
    // Only in this operator, 1 and 1.0 are equal.
    return x !== undefined && y !== undefined ? Number(x) === Number(y) : textOf(a) === textOf(b);
  }),
  op_ge: comparison((a, b) => a >= b),
  op_gt: comparison((a, b) => a > b),
  op_le: comparison((a, b) => a <= b),
  op_lt: comparison((a, b) => a < b),
  /** Texts that are not numbers are concatenated. */
  op_add: expression("data1 data2", (args) => {
    const [a, b] = [args.value("data1"), args.value("data2")];
    const isNumeric = numberIn(a) !== undefined && numberIn(b) !== undefined;
    return isNumeric ? add(numberOf(a, "op_add"), numberOf(b, "op_add")) : `${textOf(a)}${textOf(b)}`;
  }),
  op_sub: arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  op_mul: arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  /** Two integers give an integer, truncated towards zero. */
  op_div: arithmetic(
    (a, b) => a / notZero(b),
    (a, b) => a / b,
  ),
  op_sum: expression("*", (args) =>
    args.rest.map((value) => numberOf(value, "op_sum")).reduce((sum, value) => add(sum, value), 0n),
  ),
  op_mod: arithmetic(
    (a, b) => a % notZero(b),
    (a, b) => a % b,
  ),
  op_null: expression("data", (args) => isNull(args.value("data"))),
  op_notnull: expression("data", (args) => !isNull(args.value("data"))),
  /** The second text can contain alternatives: `a|b|c`. */
  op_str_eq: expression("data1 data2 ignore_upper?", (args) => {
    const isFolded = args.flag("ignore_upper", false);
    const fold = (text: string): string => (isFolded ? text.toLowerCase() : text);
    return fold(args.text("data2"))
      .split("|")
      .includes(fold(args.text("data1")));
  }),
  /** An integer between the two, both included. */
  random: expression("data1 data2", (args) => {
    const [least, most] = [args.integer("data1", 0), args.integer("data2", 0)];
    if (least > most) throw new RowFailure(`random must get the lesser number first, got ${least} and ${most}`);
    return BigInt(randomInt(least, most + 1));
  }),
};

function comparison(compare: (a: Numeric, b: Numeric) => boolean): Definition {
  return expression("data1 data2", (args) => compare(...both(args)));
}

function arithmetic(
  ofIntegers: (a: bigint, b: bigint) => bigint,
  ofFloats: (a: number, b: number) => number,
): Definition {
  return expression("data1 data2", (args) => combine(...both(args), ofIntegers, ofFloats));
}

function add(a: Numeric, b: Numeric): Numeric {
  return combine(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

function combine(
  a: Numeric,
  b: Numeric,
  ofIntegers: (a: bigint, b: bigint) => bigint,
  ofFloats: (a: number, b: number) => number,
): Numeric {
  return typeof a === "bigint" && typeof b === "bigint" ? ofIntegers(a, b) : ofFloats(Number(a), Number(b));
}

function both(args: Args): [Numeric, Numeric] {
  return [numberOf(args.value("data1"), "a comparison or sum"), numberOf(args.value("data2"), "a comparison or sum")];
}

function notZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new RowFailure("there is no division by 0");
  return divisor;
}
