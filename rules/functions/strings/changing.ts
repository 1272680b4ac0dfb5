import type { Implementations } from "../../run/implementation";
import { asInt, asOptionalText, asText, checkLength, describe } from "../../python/arguments";
import { capitalize, swapCase, title } from "../../python/casing";
import { logstashToJson } from "../../python/logstash";
import { count, replace } from "../../python/search";
import { strip } from "../../python/split";
import { fail, type Value } from "../../run/values";

/** Texts made of one text. */
export const CHANGING: Implementations = {
  /**
   * `str_replace(x, old, new="", count=-1)`: a text with another in the place of each `old`, or of the first `count` ones. An
   * empty `old` stands between all characters.
   */
  str_replace: {
    pure(value: Value, old: Value, by: Value = "", limit: Value = -1n) {
      const text = asText(value);
      const [search, put] = [asText(old), asText(by)];
      if (put.length > search.length && text.length * put.length > 2 ** 20) {
        checkLength(text.length + count(text, search) * (put.length - search.length), "str_replace");
      }
      return replace(text, search, put, asInt(limit, "The count of str_replace"));
    },
  },

  /**
   * `str_logstash_config_normalize(x)`: Logstash's `{"a" => 1}` as the JSON `{"a" : 1}`: arrows, bare words, single quotes and
   * missing commas; what is JSON stays.
   */
  str_logstash_config_normalize: { pure: (value: Value) => logstashToJson(asText(value)) },

  /**
   * `str_translate(x, from_chars, to_chars)`: each character of the first set replaced by the one in its place in the second.
   * Fails for sets of different length.
   */
  str_translate: {
    pure(value: Value, from: Value, to: Value) {
      const [keys, by] = [Array.from(asText(from)), Array.from(asText(to))];
      if (keys.length !== by.length) {
        fail(`str_translate must get two sets of one length, got ${describe(from)} and ${describe(to)}`);
      }
      const table = new Map(keys.map((key, index) => [key, by[index]]));
      return Array.from(asText(value), (character) => table.get(character) ?? character).join("");
    },
  },

  /** `str_strip(x, chars=None)`: without the characters of a set at both ends; without a set, white space. */
  str_strip: { pure: (value: Value, set?: Value) => strip(asText(value), asOptionalText(set), true, true) },

  /** `str_lstrip(x, chars=None)`: likewise at the start. */
  str_lstrip: { pure: (value: Value, set?: Value) => strip(asText(value), asOptionalText(set), true, false) },

  /** `str_rstrip(x, chars=None)`: likewise at the end. */
  str_rstrip: { pure: (value: Value, set?: Value) => strip(asText(value), asOptionalText(set), false, true) },

  /** `str_lower(x)`: in lower case. */
  str_lower: { pure: (value: Value) => asText(value).toLowerCase() },

  /** `str_upper(x)`: in upper case. */
  str_upper: { pure: (value: Value) => asText(value).toUpperCase() },

  /** `str_title(x)`: the first letter of each run of letters in title case, the others in lower case. */
  str_title: { pure: (value: Value) => title(asText(value)) },

  /** `str_capitalize(x)`: the first character in title case, all others in lower case. */
  str_capitalize: { pure: (value: Value) => capitalize(asText(value)) },

  /** `str_swapcase(x)`: lower case letters in upper case, and the other way round. */
  str_swapcase: { pure: (value: Value) => swapCase(asText(value)) },

  /** `str_regex_escape(x)`: as a regular expression that matches just the text. */
  str_regex_escape: { pure: (value: Value) => asText(value).replace(REGEX_SPECIAL, "\\$&") },
};

/** What Python's `re.escape` escapes since 3.7. */
const REGEX_SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;
