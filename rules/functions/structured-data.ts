import { group } from "./define";
import { tryParseJson } from "../run/json";
import { fail, isTrue, type Value } from "../run/values";
import { quoted, textOf } from "./common/options";

export const STRUCTURED_DATA = group("Structured data", {
  json_parse: {
    parameters: "value, default=None, restrict:bool?=False",
    doc:
      "parses a JSON text. If it is not JSON, returns the default, or fails with `restrict`. Lists and dicts " +
      "stay unchanged.",
    pure: (value: Value, fallback: Value, restrict: Value): Value => {
      const parsed = jsonValue(value);
      if (parsed !== undefined) return parsed;
      if (isTrue(restrict)) fail(`json_parse must get JSON, got ${quoted(value)}`);
      return fallback;
    },
  },

  json_select: {
    parameters: "value, jmes:jmes, default=None, restrict:bool?=False",
    doc:
      "the result of JMESPath on a JSON text, a list or a dict. The default if it selects nothing or fails on " +
      "the value; text that is not JSON gives the default too, or fails with `restrict`.",
    part: "jmes",
  },

  xml_to_json: {
    parameters: "source",
    doc:
      "converts an XML document to a dict: attributes are `@name`, text next to them is `#text`, elements with " +
      "the same name become a list, and empty ones None. Fails if the text is not well-formed XML; None gives " +
      "None.",
    part: "xml",
  },
});

/**
 * The value of a JSON text; undefined for None and invalid JSON. A value that is not a string is returned unchanged.
 */
export function jsonValue(value: Value): Value | undefined {
  if (value === null) return undefined;
  return typeof value === "string" || value instanceof Uint8Array ? tryParseJson(textOf(value)) : value;
}
