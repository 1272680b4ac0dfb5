import type { PyDatetime } from "../../python/datetime";
import { fail, type Value } from "../../run/values";
import { describe } from "./arguments";

const MICROSECONDS: Readonly<Record<string, bigint>> = {
  microsecond: 1n,
  millisecond: 1000n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
  day: 86_400_000_000n,
  week: 604_800_000_000n,
};

/** Unit names without their "s". */
export const DIFFERENCE_UNITS: readonly string[] = Object.keys(MICROSECONDS);

/** The time from one instant to another, in whole units; the unit can end in "s". */
export function difference(to: PyDatetime, from: PyDatetime, unit: Value, normalize: Value): bigint {
  const name = typeof unit === "string" ? unit.replace(/s$/, "") : "";
  if (!Object.hasOwn(MICROSECONDS, name)) {
    return fail(`dt_diff: unit must be one of ${DIFFERENCE_UNITS.join(", ")}, got ${describe(unit)}`);
  }
  const seconds = BigInt(to.instant - from.instant);
  const microseconds = seconds * 1_000_000n + BigInt(to.microsecond - from.microsecond);
  return divide("dt_diff", microseconds, MICROSECONDS[name], normalize);
}

export const ROUNDINGS = ["floor", "int", "round", "ceil"] as const;

/** Rounds a quotient: down, toward zero, to the nearest (ties to even, as in Python), or up. */
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
