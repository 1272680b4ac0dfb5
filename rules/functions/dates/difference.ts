import type { PyDatetime } from "../../python/datetime";
import { fail, type Value } from "../../run/values";
import { describe } from "./arguments";
import { divide } from "./rounding";

const MICROSECONDS: Readonly<Record<string, bigint>> = {
  microsecond: 1n,
  millisecond: 1000n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
  day: 86_400_000_000n,
  week: 604_800_000_000n,
};

/** Names of the units, without their "s". */
export const DIFFERENCE_UNITS: readonly string[] = Object.keys(MICROSECONDS);

/** How long it is from one instant to another, in whole units; the unit's name may end in "s". */
export function difference(to: PyDatetime, from: PyDatetime, unit: Value, normalize: Value): bigint {
  const name = typeof unit === "string" ? unit.replace(/s$/, "") : "";
  if (!Object.hasOwn(MICROSECONDS, name)) {
    return fail(`dt_diff: unit must be one of ${DIFFERENCE_UNITS.join(", ")}, got ${describe(unit)}`);
  }
  const seconds = BigInt(to.instant - from.instant);
  const microseconds = seconds * 1_000_000n + BigInt(to.microsecond - from.microsecond);
  return divide("dt_diff", microseconds, MICROSECONDS[name], normalize);
}
