import type { Event } from "../../run/event";
import type { Argument, BoundCall, Derived, Step } from "../../run/implementation";
import { fail } from "../../run/values";
import { isRegexCall, matcherOf, type FieldMatcher } from "./field-matcher";
import { quoted } from "../common/options";

interface Pair {
  readonly old: Derived<FieldMatcher>;
  readonly new: Derived<string>;
}

/** Implements `e_rename`. */
export function renaming(call: BoundCall): Step {
  const isRegex = isRegexCall(call);
  const pairs: Pair[] = [];
  for (let at = 0; at < call.rest.length; at += 2) {
    pairs.push({ old: matcherOf(call, [call.rest[at]], isRegex), new: newName(call, call.rest[at + 1]) });
  }

  return (event, run) => {
    // All renames are determined first: a new name can be the old name of another pair.
    const renamed = new Map<string, string>();
    for (const pair of pairs) {
      const to = pair.new(event, run);
      for (const name of matching(event, pair.old(event, run))) if (!renamed.has(name)) renamed.set(name, to);
    }
    const moved = Array.from(renamed, ([from, to]) => ({ from, to, value: event.get(from) as string }));
    for (const { from } of moved) event.delete(from);
    for (const { to, value } of moved) event.set(to, value);
    return event;
  };
}

function matching(event: Event, { names, has }: FieldMatcher): readonly string[] {
  return names ? [...names].filter((name) => event.has(name)) : event.names().filter(has);
}

function newName(call: BoundCall, argument: Argument): Derived<string> {
  return call.derive(argument, (name) => {
    if (typeof name !== "string" || name === "") fail(`e_rename must get a name as the new one, got ${quoted(name)}`);
    return name;
  });
}
