import type { Definitions } from "../define";
import { asInt, asOptionalInt, asText } from "../../python/arguments";
import { count, endsWith, find, startsWith } from "../../python/search";
import { partition, rightPartition, split, splitLines } from "../../python/split";
import { isList, isTrue, type Value } from "../../run/values";

type Search<Wanted, Found> = (text: string, wanted: Wanted, start?: number, end?: number) => Found;

/** Searching and splitting strings. Positions count characters; negative ones count from the end. */
export const SEARCHING = {
  str_count: {
    parameters: "value|x, sub, start:int=None, end:int=None",
    doc: "the number of non-overlapping occurrences of a text in another.",
    ...within("str_count", (...args: Parameters<typeof count>) => BigInt(count(...args))),
  },

  str_find: {
    parameters: "value|x, str|sub, begin|start:int=None, end:int=None",
    doc: "the position of the first occurrence of a text in another, or -1.",
    ...within("str_find", (text, part, start, end) => BigInt(find(text, part, start, end))),
  },

  str_rfind: {
    parameters: "value|x, substr|sub, beg|start:int=None, end:int=None",
    doc: "the position of the last occurrence of a text in another, or -1.",
    ...within("str_rfind", (text, part, start, end) => BigInt(find(text, part, start, end, true))),
  },

  str_endswith: {
    parameters: "value|x, suffix, start:int=None, end:int=None",
    doc: "whether a text ends with another, or with one of a list.",
    ...withAny("str_endswith", endsWith),
  },

  str_startswith: {
    parameters: "value|x, prefix, start:int=None, end:int=None",
    doc: "whether a text starts with another, or with one of a list.",
    ...withAny("str_startswith", startsWith),
  },

  str_split: {
    parameters: "value|x, sep:separator=None, maxsplit:int=-1",
    doc:
      "splits at separators and returns a list; without a separator, at runs of white space; after `maxsplit` " +
      "cuts, the rest stays in one piece. Fails for an empty separator.",
    pure: (value: Value, separator: Value, limit: Value) =>
      split(asText(value), separator === null ? undefined : asText(separator), asInt(limit, "maxsplit of str_split")),
  },

  str_splitlines: {
    parameters: "value|x, keepends:bool?=False",
    doc: "splits into lines and returns a list, including line ends if requested.",
    pure: (value: Value, keepEnds: Value) => splitLines(asText(value), isTrue(keepEnds)),
  },

  str_partition: {
    parameters: 'value|x, substr|sep:separator=" "',
    doc:
      "the text before the first separator, the separator, and the rest; if there is no separator, the text " +
      "and two empty texts. Fails for an empty separator.",
    pure: (value: Value, separator: Value) => partition(asText(value), asText(separator)),
  },

  str_rpartition: {
    parameters: 'value|x, substr|sep:separator=" "',
    doc: "like `str_partition`, at the last separator; if there is none, two empty texts and the text.",
    pure: (value: Value, separator: Value) => rightPartition(asText(value), asText(separator)),
  },
} satisfies Definitions;

function within(name: string, search: Search<string, Value>) {
  return {
    pure: (value: Value, wanted: Value, start: Value, end: Value) =>
      search(asText(value), asText(wanted), bound(start, "start", name), bound(end, "end", name)),
  };
}

function withAny(name: string, search: Search<readonly string[], boolean>) {
  return {
    pure: (value: Value, wanted: Value, start: Value, end: Value) =>
      search(
        asText(value),
        isList(wanted) ? wanted.map(asText) : [asText(wanted)],
        bound(start, "start", name),
        bound(end, "end", name),
      ),
  };
}

function bound(value: Value, which: string, name: string): number | undefined {
  return asOptionalInt(value, `The ${which} of ${name}`);
}
