import type { Implementations } from "../run/implementation";
import { asDict, asInt, asList } from "../python/arguments";
import { existingKey, lookUp, setKey } from "../python/keys";
import { positionOf } from "../python/points";
import type { Value } from "../run/values";

/** Lists and dicts are never changed: each function gives a new one. They may come as JSON text, as fields hold them. */
export const LISTS: Implementations = {
  /** `lst_make(v1, v2, ...)`: a list of the values. */
  lst_make: { pure: (values: readonly Value[]) => values },

  /** `lst_insert(list, pos, v1, v2, ...)`: the list with the values before a position; one beyond an end is that end. */
  lst_insert: {
    pure(value: Value, position: Value, values: readonly Value[]) {
      const list = asList(value, "The list of lst_insert");
      const at = asInt(position, "The position of lst_insert");
      return [...list.slice(0, at), ...values, ...list.slice(at)];
    },
  },

  /** `lst_append(list, v1, v2, ...)`: the list with the values behind it. */
  lst_append: {
    pure: (value: Value, values: readonly Value[]) => [...asList(value, "The list of lst_append"), ...values],
  },

  /** `lst_delete_at(list, pos)`: the list without the item at a position, from the end for a negative one. Fails outside. */
  lst_delete_at: {
    pure(value: Value, position: Value) {
      const list = asList(value, "The list of lst_delete_at");
      const what = "The position of lst_delete_at";
      const at = positionOf(list.length, asInt(position, what), what);
      return [...list.slice(0, at), ...list.slice(at + 1)];
    },
  },

  /** `lst_reverse(list)`: the list from its end to its start. */
  lst_reverse: { pure: (value: Value) => [...asList(value, "The list of lst_reverse")].reverse() },

  /** `lst_get(list, pos)`: the item at a position, from the end for a negative one. Fails outside. */
  lst_get: {
    pure(value: Value, position: Value) {
      const list = asList(value, "The list of lst_get");
      const what = "The position of lst_get";
      return list[positionOf(list.length, asInt(position, what), what)];
    },
  },

  /** `dct_make(k1, v1, k2, v2, ...)`: a dict of the keys and values; of equal keys the last value counts. */
  dct_make: {
    pure(pairs: readonly Value[]) {
      const dict = new Map<Value, Value>();
      for (let at = 0; at + 1 < pairs.length; at += 2) setKey(dict, pairs[at], pairs[at + 1]);
      return dict;
    },
  },

  /** `dct_update(dict1, dict2)`: the first dict with the entries of the second over it. */
  dct_update: {
    pure(first: Value, second: Value) {
      const dict = new Map(asDict(first, "The first dict of dct_update"));
      for (const [key, value] of asDict(second, "The second dict of dct_update")) setKey(dict, key, value);
      return dict;
    },
  },

  /** `dct_delete(dict, k1, k2, ...)`: the dict without the keys; one that it does not have changes nothing. */
  dct_delete: {
    pure(value: Value, keys: readonly Value[]) {
      const dict = new Map(asDict(value, "The dict of dct_delete"));
      for (const key of keys) dict.delete(existingKey(dict, key) ?? key);
      return dict;
    },
  },

  /** `dct_keys(dict)`: the list of the keys. */
  dct_keys: { pure: (value: Value) => Array.from(asDict(value, "The dict of dct_keys").keys()) },

  /** `dct_values(dict)`: the list of the values. */
  dct_values: { pure: (value: Value) => Array.from(asDict(value, "The dict of dct_values").values()) },

  /** `dct_get(dict, key, default=None)`: the value of a key, the default where the dict does not have it. */
  dct_get: {
    pure(value: Value, key: Value, fallback: Value = null) {
      const found = lookUp(asDict(value, "The dict of dct_get"), key);
      return found === undefined ? fallback : found;
    },
  },
};
