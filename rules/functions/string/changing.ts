import type { Definitions } from "../define";
import { asInt, asOptionalText, asText, describe } from "../../python/arguments";
import { capitalize, lower, swapCase, title, upper } from "../../python/casing";
import { logstashToJson } from "../../python/logstash";
import { replace } from "../../python/search";
import { strip } from "../../python/split";
import { joined, replaceEach } from "../../run/length";
import { fail, type Value } from "../../run/values";

/** Functions that change one string. */
export const CHANGING = {
  str_replace: {
    parameters: 'value|x, old, new="", count:int=-1',
    doc: "replaces all occurrences of `old`, or the first `count` ones. An empty `old` occurs between all characters.",
    pure: (value: Value, old: Value, by: Value, limit: Value) =>
      replace(asText(value), asText(old), asText(by), asInt(limit, "The count of str_replace")),
  },

  str_logstash_config_normalize: {
    parameters: "value|x",
    doc:
      'converts Logstash\'s `{"a" => 1}` to the JSON `{"a" : 1}`: arrows, bare words, single quotes and missing ' +
      "commas; JSON stays unchanged.",
    pure: (value: Value) => logstashToJson(asText(value)),
  },

  str_translate: {
    parameters: "value|x, from_chars|replace_string, to_chars|mapping_string",
    doc:
      "replaces each character of the first set with the one at the same position in the second. Fails for " +
      "sets of different length.",
    pure(value: Value, from: Value, to: Value) {
      const table = tableOf(asText(from), asText(to));
      if (!table) fail(`str_translate must get two sets of one length, got ${describe(from)} and ${describe(to)}`);
      return joined(mapped(asText(value), table));
    },
  },

  str_strip: {
    parameters: "value|x, chars=None",
    doc: "removes the characters of a set at both ends; without a set, white space.",
    pure: (value: Value, set: Value) => strip(asText(value), asOptionalText(set), true, true),
  },

  str_lstrip: {
    parameters: "value|x, chars=None",
    doc: "like `str_strip`, only at the start.",
    pure: (value: Value, set: Value) => strip(asText(value), asOptionalText(set), true, false),
  },

  str_rstrip: {
    parameters: "value|x, chars=None",
    doc: "like `str_strip`, only at the end.",
    pure: (value: Value, set: Value) => strip(asText(value), asOptionalText(set), false, true),
  },

  str_lower: {
    parameters: "value|x",
    doc: "converts to lower case.",
    pure: (value: Value) => lower(asText(value)),
  },

  str_upper: {
    parameters: "value|x",
    doc: "converts to upper case.",
    pure: (value: Value) => upper(asText(value)),
  },

  str_title: {
    parameters: "value|x",
    doc: "converts the first letter of each run of letters to title case, the others to lower case.",
    pure: (value: Value) => title(asText(value)),
  },

  str_capitalize: {
    parameters: "value|x",
    doc: "converts the first character to title case, all others to lower case.",
    pure: (value: Value) => capitalize(asText(value)),
  },

  str_swapcase: {
    parameters: "value|x",
    doc: "converts lower case to upper case, and upper case to lower case.",
    pure: (value: Value) => swapCase(asText(value)),
  },

  str_regex_escape: {
    parameters: "value|x",
    doc: "escapes a text as a regular expression that matches exactly the text.",
    pure: (value: Value) => replaceEach(asText(value), REGEX_SPECIAL, ([character]) => `\\${character}`),
  },
} satisfies Definitions;

/** The replacement of each character; none if one set is longer. Sets can be as long as a string. */
function tableOf(from: string, to: string): ReadonlyMap<string, string> | undefined {
  const table = new Map<string, string>();
  const others = to[Symbol.iterator]();
  for (const key of from) {
    const { value, done } = others.next();
    if (done) return undefined;
    table.set(key, value);
  }
  return others.next().done ? table : undefined;
}

function* mapped(text: string, table: ReadonlyMap<string, string>): Generator<string> {
  for (const character of text) yield table.get(character) ?? character;
}

/** The characters that Python's `re.escape` escapes since 3.7. */
const REGEX_SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;
