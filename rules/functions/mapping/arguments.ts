import { parseJson } from "../../run/json";
import { fail, isDict, isList, type Value } from "../../run/values";
import { quoted, textOf } from "../common/options";

/** The entries of a dict, or of a JSON text of one. */
export function dictEntries(caller: string, value: Value): readonly (readonly [string, Value])[] {
  const dict = typeof value === "string" ? parseJson(value) : value;
  if (!isDict(dict)) fail(`${caller} must get a dict as data, got ${quoted(value)}`, "data");
  return Array.from(dict, ([key, item]) => [textOf(key), item] as const);
}

/** A name on one side and its name on the other. */
export interface FieldPair {
  readonly from: string;
  readonly to: string;
}

/** Pairs from `"a"`, `["a", "b"]`, `[("a", "x"), "b"]`: a single name is used for both sides. */
export function fieldPairs(caller: string, parameter: string, value: Value): readonly FieldPair[] {
  return (isList(value) ? value : [value]).map((item) => {
    if (typeof item === "string") return { from: item, to: item };
    if (isList(item) && item.length === 2 && typeof item[0] === "string" && typeof item[1] === "string") {
      return { from: item[0], to: item[1] };
    }
    return fail(
      `${caller} must get a name, or a list of names or pairs of them, as ${parameter}, got ${quoted(value)}`,
      parameter,
    );
  });
}

/** The values for a missing row: one for all fields, or one for each. Fails if the counts differ. */
export function missingValues(caller: string, missing: Value, count: number): readonly Value[] {
  if (!isList(missing)) return Array.from({ length: count }, () => missing);
  if (missing.length !== count) {
    fail(`${caller} must get as many values as output fields (${count}) as missing, got ${quoted(missing)}`, "missing");
  }
  return missing;
}
