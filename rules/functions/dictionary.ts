import { group } from "./define";
import { asDict } from "../python/arguments";
import { existingKey, lookUp, setKey } from "../python/keys";
import type { Value } from "../run/values";

/** Dicts are immutable: each function returns a new one. They can be given as JSON text, as in fields. */
export const DICTIONARY = group("Dictionary", {
  dct_make: {
    parameters: "*(key, value)?",
    doc: "a dict of the keys and values; if a key occurs twice, the last value applies.",
    pure(pairs: readonly Value[]) {
      const dict = new Map<Value, Value>();
      for (let at = 0; at + 1 < pairs.length; at += 2) setKey(dict, pairs[at], pairs[at + 1]);
      return dict;
    },
  },

  dct_update: {
    parameters: "dict1, dict2",
    doc: "the first dict, updated with the entries of the second.",
    pure(first: Value, second: Value) {
      const dict = new Map(asDict(first, "The first dict of dct_update"));
      for (const [key, value] of asDict(second, "The second dict of dct_update")) setKey(dict, key, value);
      return dict;
    },
  },

  dct_delete: {
    parameters: "dict, *keys",
    doc: "the dict without the keys; a missing key has no effect.",
    pure(value: Value, keys: readonly Value[]) {
      const dict = new Map(asDict(value, "The dict of dct_delete"));
      for (const key of keys) dict.delete(existingKey(dict, key) ?? key);
      return dict;
    },
  },

  dct_keys: {
    parameters: "dict",
    doc: "a list of the keys.",
    pure: (value: Value) => Array.from(asDict(value, "The dict of dct_keys").keys()),
  },

  dct_values: {
    parameters: "dict",
    doc: "a list of the values.",
    pure: (value: Value) => Array.from(asDict(value, "The dict of dct_values").values()),
  },

  dct_get: {
    parameters: "dict, key, default=None",
    doc: "the value of a key, or the default if the dict does not have it.",
    pure(value: Value, key: Value, fallback: Value) {
      const found = lookUp(asDict(value, "The dict of dct_get"), key);
      return found === undefined ? fallback : found;
    },
  },
});
