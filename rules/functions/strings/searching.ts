import type { Implementation, Implementations } from "../../run/implementation";
import { asInt, asOptionalInt, asText } from "../../python/arguments";
import { count, endsWith, find, startsWith } from "../../python/search";
import { partition, rightPartition, split, splitLines } from "../../python/split";
import { isList, isTrue, type Value } from "../../run/values";

type Search<Wanted, Found> = (text: string, wanted: Wanted, start?: number, end?: number) => Found;

/** Places in texts, and texts cut there. Positions count characters; negative ones count from the end. */
export const SEARCHING: Implementations = {
  /** `str_count(x, sub, start=None, end=None)`: how often a text holds another, without overlaps. */
  str_count: within("str_count", (...args: Parameters<typeof count>) => BigInt(count(...args))),

  /** `str_find(x, str, begin=None, end=None)`: the position of the first place of a text in another, -1 where there is none. */
  str_find: within("str_find", (text, part, start, end) => BigInt(find(text, part, start, end))),

  /** `str_rfind(x, substr, beg=None, end=None)`: likewise of the last place. */
  str_rfind: within("str_rfind", (text, part, start, end) => BigInt(find(text, part, start, end, true))),

  /** `str_endswith(x, suffix, start=None, end=None)`: whether a text ends with another, or with one of a list. */
  str_endswith: withAny("str_endswith", endsWith),

  /** `str_startswith(x, prefix, start=None, end=None)`: whether a text starts with another, or with one of a list. */
  str_startswith: withAny("str_startswith", startsWith),

  /**
   * `str_split(x, sep=None, maxsplit=-1)`: the list of what stands between separators, without one between runs of white
   * space; after `maxsplit` cuts the rest stays in one piece. Fails for an empty separator.
   */
  str_split: {
    pure: (value: Value, separator: Value = null, limit: Value = -1n) =>
      split(asText(value), separator === null ? undefined : asText(separator), asInt(limit, "maxsplit of str_split")),
  },

  /** `str_splitlines(x, keepends=False)`: the list of the lines, with their ends if wanted. */
  str_splitlines: {
    pure: (value: Value, keepEnds: Value = false) => splitLines(asText(value), isTrue(keepEnds)),
  },

  /**
   * `str_partition(x, substr=" ")`: what stands before the first separator, it, and what follows; without one in the text the text
   * and two empty texts. Fails for an empty separator.
   */
  str_partition: { pure: (value: Value, separator: Value = " ") => partition(asText(value), asText(separator)) },

  /** `str_rpartition(x, substr=" ")`: likewise at the last separator; without one two empty texts and the text. */
  str_rpartition: { pure: (value: Value, separator: Value = " ") => rightPartition(asText(value), asText(separator)) },
};

function within(name: string, search: Search<string, Value>): Implementation {
  return {
    pure: (value: Value, wanted: Value, start?: Value, end?: Value) =>
      search(asText(value), asText(wanted), bound(start, "start", name), bound(end, "end", name)),
  };
}

function withAny(name: string, search: Search<readonly string[], boolean>): Implementation {
  return {
    pure: (value: Value, wanted: Value, start?: Value, end?: Value) =>
      search(
        asText(value),
        isList(wanted) ? wanted.map(asText) : [asText(wanted)],
        bound(start, "start", name),
        bound(end, "end", name),
      ),
  };
}

function bound(value: Value | undefined, which: string, name: string): number | undefined {
  return asOptionalInt(value, `The ${which} of ${name}`);
}
