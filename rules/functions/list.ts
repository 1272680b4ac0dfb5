import { group } from "./define";
import { asInt, asList } from "../python/arguments";
import { positionOf } from "../python/points";
import type { Value } from "../run/values";

/** Lists are immutable: each function returns a new one. They can be given as JSON text, as in fields. */
export const LIST = group("List", {
  lst_make: {
    parameters: "*values?",
    doc: "a list of the values.",
    pure: (values: readonly Value[]) => values,
  },

  lst_insert: {
    parameters: "list_string|list, location|pos:int, *values",
    doc: "the list with the values inserted before a position; a position beyond an end is that end.",
    pure(value: Value, position: Value, values: readonly Value[]) {
      const list = asList(value, "The list of lst_insert");
      const at = asInt(position, "The position of lst_insert");
      return [...list.slice(0, at), ...values, ...list.slice(at)];
    },
  },

  lst_append: {
    parameters: "list_string|list, *values",
    doc: "the list with the values appended.",
    pure: (value: Value, values: readonly Value[]) => [...asList(value, "The list of lst_append"), ...values],
  },

  lst_delete_at: {
    parameters: "list_string|list, location|pos:int",
    doc: "the list without the item at a position; a negative position counts from the end. Fails outside the list.",
    pure(value: Value, position: Value) {
      const list = asList(value, "The list of lst_delete_at");
      const what = "The position of lst_delete_at";
      const at = positionOf(list.length, asInt(position, what), what);
      return [...list.slice(0, at), ...list.slice(at + 1)];
    },
  },

  lst_reverse: {
    parameters: "list_string|list",
    doc: "the list in reverse order.",
    pure: (value: Value) => [...asList(value, "The list of lst_reverse")].reverse(),
  },

  lst_get: {
    parameters: "list_string|list, location|pos:int",
    doc: "the item at a position; a negative position counts from the end. Fails outside the list.",
    pure(value: Value, position: Value) {
      const list = asList(value, "The list of lst_get");
      const what = "The position of lst_get";
      return list[positionOf(list.length, asInt(position, what), what)];
    },
  },
});
