import { expression, type Definitions } from "../definition";
import { isTrue, numberIn, numberOf, RowFailure, shorten } from "../values";

/** Conversion functions. Fact: docs/design/facts/rules.md#dialect-conversion. */
export const CONVERSION: Definitions = {
  /** A text must contain an integer in the base; a float loses its fraction. */
  ct_int: expression("data base?", (args) => {
    const value = args.value("data");
    if (typeof value === "number") return BigInt(Math.trunc(value));
    if (typeof value === "bigint") return value;
    const base = args.integer("base", 10);
    const text = args.text("data").trim().toLowerCase();
    const [, sign = "", digits = ""] = /^([+-]?)([0-9a-z]+)$/.exec(text) ?? [];
    if (digits === "" || [...digits].some((digit) => !(parseInt(digit, 36) < base))) {
      throw new RowFailure(`ct_int must get an integer of base ${base}, got ${shorten(text)}`);
    }
    const size = [...digits].reduce((sum, digit) => sum * BigInt(base) + BigInt(parseInt(digit, 36)), 0n);
    return sign === "-" ? -size : size;
  }),
  ct_float: expression("data", (args) => Number(numberOf(args.value("data"), "ct_float"))),
  ct_str: expression("data", (args) => args.text("data")),
  ct_bool: expression("data", (args) => {
    const value = args.value("data");
    return isTrue(numberIn(value) ?? value);
  }),
};
