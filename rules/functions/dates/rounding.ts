import { fail, type Value } from "../../run/values";
import { describe } from "./arguments";

export const ROUNDINGS = ["floor", "int", "round", "ceil"] as const;

/** How a quotient becomes a whole number: down, toward zero, to the nearest (halves to even, as Python rounds), or up. */
export function divide(name: string, dividend: bigint, divisor: bigint, normalize: Value): bigint {
  const truncated = dividend / divisor;
  const remainder = dividend % divisor;
  const floor = remainder < 0n ? truncated - 1n : truncated;
  switch (normalize) {
    case "floor":
      return floor;
    case "int":
      return truncated;
    case "ceil":
      return remainder > 0n ? truncated + 1n : truncated;
    case "round": {
      const twice = 2n * (dividend - floor * divisor);
      const isUp = twice > divisor || (twice === divisor && floor % 2n !== 0n);
      return isUp ? floor + 1n : floor;
    }
    default:
      return fail(`${name}: normalize must be "floor", "int", "round" or "ceil", got ${describe(normalize)}`);
  }
}
