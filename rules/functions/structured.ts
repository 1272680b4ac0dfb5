import type { Implementations } from "../run/implementation";
import { tryParseJson } from "../run/json";
import { fail, isTrue, type Value } from "../run/values";
import { quoted, textOf } from "./options";

export const STRUCTURED: Implementations = {
  /**
   * `json_parse(value, default=None, restrict=False)`: the value of a JSON text. What is no JSON gives the default, or
   * fails with `restrict`. Lists and dicts stay as they are. (`json_select` stands in the part `jmes`, `xml_to_json` in
   * the part `xml`.)
   */
  json_parse: {
    pure: (value: Value, fallback?: Value, restrict?: Value): Value => {
      const parsed = jsonValue(value);
      if (parsed !== undefined) return parsed;
      if (isTrue(restrict ?? false)) fail(`json_parse must get JSON, got ${quoted(value)}`);
      return fallback ?? null;
    },
  },
};

/** The value in a JSON text; undefined for None and what is no JSON. What is no text is its own value. */
export function jsonValue(value: Value): Value | undefined {
  if (value === null) return undefined;
  return typeof value === "string" || value instanceof Uint8Array ? tryParseJson(textOf(value)) : value;
}
