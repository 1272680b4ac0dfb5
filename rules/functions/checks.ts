import type { Event } from "../run/event";
import type { Argument, Call, Derived, Implementations } from "../run/implementation";
import { toText } from "../run/text";
import { fail, isTrue, typeName, type Value } from "../run/values";
import { regexOf } from "./patterns";

export const CHECKS: Implementations = {
  /** `v(field, ..., default=None)`: the value of the first field that exists, be it empty; always a text. */
  v: {
    thunk: (call) => {
      const fallback = call.argument("default")?.evaluate ?? none;
      const names = call.rest.map((argument) => fieldName(call, argument));
      const [first] = names;
      if (names.length === 1) return (event, run) => event.get(first(event, run)) ?? fallback(event, run);
      return (event, run) => {
        for (const name of names) {
          const value = event.get(name(event, run));
          if (value !== undefined) return value;
        }
        return fallback(event, run);
      };
    },
  },

  /** `e_has(field)`: whether the field exists, be it empty. */
  e_has: {
    thunk: (call) => {
      const name = fieldName(call, call.argument("field")!);
      return (event, run) => event.has(name(event, run));
    },
  },

  /** `e_not_has(field)`: whether the field does not exist. */
  e_not_has: {
    thunk: (call) => {
      const name = fieldName(call, call.argument("field")!);
      return (event, run) => !event.has(name(event, run));
    },
  },

  /** `e_search(query)`: whether the event fits a query. */
  e_search: {
    thunk: (call) => {
      const test = call.derive(call.argument("query")!, (query): ((event: Event) => boolean) => {
        if (typeof query !== "string") fail(`e_search must get a query, got ${typeName(query)}`);
        return call.query(query);
      });
      return (event, run) => test(event, run)(event);
    },
  },

  /** `e_match(field, regex, full=True)`: whether a field exists and all of it matches, or a part where `full` is false. */
  e_match: {
    thunk: (call) => fieldTest(call, call.argument("field")!, call.argument("regex")!),
  },

  /** `e_match_all(field1, regex1, field2, regex2, ..., full=True)`: whether all fields match as in e_match. */
  e_match_all: {
    thunk: (call) => {
      const tests = fieldTests(call);
      return (event, run) => tests.every((test) => test(event, run));
    },
  },

  /** `e_match_any(field1, regex1, field2, regex2, ..., full=True)`: whether any field matches as in e_match. */
  e_match_any: {
    thunk: (call) => {
      const tests = fieldTests(call);
      return (event, run) => tests.some((test) => test(event, run));
    },
  },
};

function fieldTests(call: Call): readonly Derived<boolean>[] {
  const tests: Derived<boolean>[] = [];
  for (let at = 0; at < call.rest.length; at += 2) tests.push(fieldTest(call, call.rest[at], call.rest[at + 1]));
  return tests;
}

/** Whether a field matches a pattern. */
function fieldTest(call: Call, field: Argument, pattern: Argument): Derived<boolean> {
  const name = fieldName(call, field);
  const regex = regexOf(call, pattern);
  const full = call.argument("full");
  const isFull = full ? call.derive(full, isTrue) : () => true;
  return (event, run) => {
    const text = event.get(name(event, run));
    if (text === undefined) return false;
    return isFull(event, run) ? regex(event, run).testFull(text) : regex(event, run).test(text);
  };
}

const none = (): Value => null;

function fieldName(call: Call, argument: Argument) {
  return call.derive(argument, (name) => (name === null ? "" : toText(name)));
}
