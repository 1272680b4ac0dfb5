import { group } from "./define";
import { asDict, asInt, asList } from "../python/arguments";
import { existingKey, lookUp, setKey } from "../python/keys";
import { positionOf } from "../python/points";
import type { Value } from "../run/values";

/** Lists and dicts are never changed: each function gives a new one. They may come as JSON text, as fields hold them. */
export const LIST = group("List", {
  lst_make: {
    parameters: "*values?",
    doc: "a list of the values.",
    pure: (values: readonly Value[]) => values,
  },

  lst_insert: {
    parameters: "list_string|list, location|pos:int, *values",
    doc: "the list with the values before a position; one beyond an end is that end.",
    pure(value: Value, position: Value, values: readonly Value[]) {
      const list = asList(value, "The list of lst_insert");
      const at = asInt(position, "The position of lst_insert");
      return [...list.slice(0, at), ...values, ...list.slice(at)];
    },
  },

  lst_append: {
    parameters: "list_string|list, *values",
    doc: "the list with the values behind it.",
    pure: (value: Value, values: readonly Value[]) => [...asList(value, "The list of lst_append"), ...values],
  },

  lst_delete_at: {
    parameters: "list_string|list, location|pos:int",
    doc: "the list without the item at a position, from the end for a negative one. Fails outside.",
    pure(value: Value, position: Value) {
      const list = asList(value, "The list of lst_delete_at");
      const what = "The position of lst_delete_at";
      const at = positionOf(list.length, asInt(position, what), what);
      return [...list.slice(0, at), ...list.slice(at + 1)];
    },
  },

  lst_reverse: {
    parameters: "list_string|list",
    doc: "the list from its end to its start.",
    pure: (value: Value) => [...asList(value, "The list of lst_reverse")].reverse(),
  },

  lst_get: {
    parameters: "list_string|list, location|pos:int",
    doc: "the item at a position, from the end for a negative one. Fails outside.",
    pure(value: Value, position: Value) {
      const list = asList(value, "The list of lst_get");
      const what = "The position of lst_get";
      return list[positionOf(list.length, asInt(position, what), what)];
    },
  },
});

export const DICTIONARY = group("Dictionary", {
  dct_make: {
    parameters: "*(key, value)?",
    doc: "a dict of the keys and values; of equal keys the last value counts.",
    pure(pairs: readonly Value[]) {
      const dict = new Map<Value, Value>();
      for (let at = 0; at + 1 < pairs.length; at += 2) setKey(dict, pairs[at], pairs[at + 1]);
      return dict;
    },
  },

  dct_update: {
    parameters: "dict1, dict2",
    doc: "the first dict with the entries of the second over it.",
    pure(first: Value, second: Value) {
      const dict = new Map(asDict(first, "The first dict of dct_update"));
      for (const [key, value] of asDict(second, "The second dict of dct_update")) setKey(dict, key, value);
      return dict;
    },
  },

  dct_delete: {
    parameters: "dict, *keys",
    doc: "the dict without the keys; one that it does not have changes nothing.",
    pure(value: Value, keys: readonly Value[]) {
      const dict = new Map(asDict(value, "The dict of dct_delete"));
      for (const key of keys) dict.delete(existingKey(dict, key) ?? key);
      return dict;
    },
  },

  dct_keys: {
    parameters: "dict",
    doc: "the list of the keys.",
    pure: (value: Value) => Array.from(asDict(value, "The dict of dct_keys").keys()),
  },

  dct_values: {
    parameters: "dict",
    doc: "the list of the values.",
    pure: (value: Value) => Array.from(asDict(value, "The dict of dct_values").values()),
  },

  dct_get: {
    parameters: "dict, key, default=None",
    doc: "the value of a key, the default where the dict does not have it.",
    pure(value: Value, key: Value, fallback: Value) {
      const found = lookUp(asDict(value, "The dict of dct_get"), key);
      return found === undefined ? fallback : found;
    },
  },
});
