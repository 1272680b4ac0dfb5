import { parseJson } from "../../run/json";
import { fail, isDict, type Value } from "../../run/values";
import { quoted, textOf } from "../options";

/** The entries of a dict, or of a text that holds one as JSON. */
export function dictEntries(call: string, value: Value): readonly (readonly [string, Value])[] {
  const dict = typeof value === "string" ? parseJson(value) : value;
  if (!isDict(dict)) fail(`${call} must get a dict as data, got ${quoted(value)}`, "data");
  return Array.from(dict, ([key, item]) => [textOf(key), item] as const);
}
