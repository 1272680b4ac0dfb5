import { group } from "../define";
import type { Argument, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { toText } from "../../run/text";
import { fail } from "../../run/values";
import { isRegexCall, matcherOf } from "./field-matcher";
import { packing } from "./packing";
import { renaming } from "./renaming";

export const ASSIGNMENT = group("Assignment", {
  e_set: {
    parameters: '*(key, value), mode:mode="overwrite"',
    doc:
      "assigns values from left to right, so that a later value can read an earlier one. None is not assigned. " +
      "`__time__` must be a number of seconds since 1970.",
    noneIsDefault: true,
    step: (call) => {
      const write = writer(call.constant("mode") as Mode);
      const pairs: { key: Argument; value: Argument }[] = [];
      for (let at = 0; at < call.rest.length; at += 2) pairs.push({ key: call.rest[at], value: call.rest[at + 1] });
      const steps = pairs.map(({ key, value }): Step => {
        const name = call.derive(key, (given) => (given === null ? "" : toText(given)));
        return (event, run) => {
          const field = name(event, run);
          const assigned = value.evaluate(event, run);
          if (field === "__time__" && assigned !== null && !isSeconds(toText(assigned))) {
            fail(`__time__ must be seconds since 1970, got ${toText(assigned).slice(0, 100)}; use dt_parsetimestamp`);
          }
          write(event, field, assigned);
          return event;
        };
      });
      if (steps.length === 1) return steps[0];
      return (event, run) => {
        for (const step of steps) step(event, run);
        return event;
      };
    },
  },
});

export const FIELD_OPERATIONS = group("Field operations", {
  e_drop_fields: {
    parameters: "*fields, regex:bool?=True",
    doc: "deletes fields. Names are patterns that match whole names, unless `regex=False` is given.",
    noneIsDefault: true,
    step: (call) => {
      const matcher = matcherOf(call, call.rest, isRegexCall(call));
      return (event, run) => {
        const { names, has } = matcher(event, run);
        if (names) for (const name of names) event.delete(name);
        else for (const name of event.names()) if (has(name)) event.delete(name);
        return event;
      };
    },
  },

  e_keep_fields: {
    parameters: "*fields, regex:bool?=True",
    doc: "deletes all other fields; names are as in `e_drop_fields`.",
    noneIsDefault: true,
    step: (call) => {
      const matcher = matcherOf(call, call.rest, isRegexCall(call));
      return (event, run) => {
        const { has } = matcher(event, run);
        for (const name of event.names()) if (!has(name)) event.delete(name);
        return event;
      };
    },
  },

  e_rename: {
    parameters: "*(old, new), regex:bool?=True",
    doc:
      "renames fields, all at once. If several pairs match a field, the first one applies; an existing field " +
      "with the new name is overwritten. Old names are as in `e_drop_fields`.",
    noneIsDefault: true,
    step: renaming,
  },

  e_pack_fields: {
    parameters: 'output_field, include=".*", exclude=None, drop_packed:bool?=False',
    doc:
      "writes the fields whose whole names match `include` but not `exclude` to one field, as a JSON object; " +
      "`drop_packed` deletes them.",
    step: packing,
  },
});

function isSeconds(text: string): boolean {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(text);
}
