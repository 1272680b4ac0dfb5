import { group } from "./define";
import type { Event } from "../run/event";
import type { Argument, BoundCall, Derived } from "../run/implementation";
import { toText } from "../run/text";
import { fail, isTrue, typeName } from "../run/values";
import { regexOf } from "./common/patterns";

export const EVENT_CHECKS = group("Event checks", {
  v: {
    parameters: "*fields, default=None",
    doc: "the value of the first field that exists, even if it is empty; always a text.",
    givesText: (call) => call.argument("default").constant?.value === null,
    thunk: (call) => {
      const fallback = call.argument("default").evaluate;
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

  e_has: {
    parameters: "field",
    doc: "whether the field exists, even if it is empty.",
    thunk: (call) => {
      const name = fieldName(call, call.argument("field"));
      return (event, run) => event.has(name(event, run));
    },
  },

  e_not_has: {
    parameters: "field",
    doc: "whether the field does not exist.",
    thunk: (call) => {
      const name = fieldName(call, call.argument("field"));
      return (event, run) => !event.has(name(event, run));
    },
  },

  e_search: {
    parameters: "query:query",
    doc: "whether the event matches a query.",
    thunk: (call) => {
      const test = call.derive(call.argument("query"), (query): ((event: Event) => boolean) => {
        if (typeof query !== "string") fail(`e_search must get a query, got ${typeName(query)}`);
        return call.query(query);
      });
      return (event, run) => test(event, run)(event);
    },
  },

  e_match: {
    parameters: "field, regex:regex, full:bool?=True",
    doc: "whether a field exists and matches the pattern as a whole, or in part if `full` is false.",
    thunk: (call) => fieldTest(call, call.argument("field"), call.argument("regex")),
  },

  e_match_all: {
    parameters: "*(field, regex:regex), full:bool?=True",
    doc: "whether all fields match, as in `e_match`.",
    thunk: (call) => {
      const tests = fieldTests(call);
      return (event, run) => tests.every((test) => test(event, run));
    },
  },

  e_match_any: {
    parameters: "*(field, regex:regex), full:bool?=True",
    doc: "whether any field matches, as in `e_match`.",
    thunk: (call) => {
      const tests = fieldTests(call);
      return (event, run) => tests.some((test) => test(event, run));
    },
  },
});

function fieldTests(call: BoundCall): readonly Derived<boolean>[] {
  const tests: Derived<boolean>[] = [];
  for (let at = 0; at < call.rest.length; at += 2) tests.push(fieldTest(call, call.rest[at], call.rest[at + 1]));
  return tests;
}

/** Whether a field matches a pattern. */
function fieldTest(call: BoundCall, field: Argument, pattern: Argument): Derived<boolean> {
  const name = fieldName(call, field);
  const regex = regexOf(call, pattern);
  const isFull = call.derive(call.argument("full"), isTrue);
  return (event, run) => {
    const text = event.look(name(event, run));
    if (text === undefined) return false;
    return isFull(event, run) ? regex(event, run).testFull(text) : regex(event, run).test(text);
  };
}

function fieldName(call: BoundCall, argument: Argument) {
  return call.derive(argument, (name) => (name === null ? "" : toText(name)));
}
