import type { BoundCall, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { isTrue, type Value } from "../../run/values";
import { fieldNames, optionsOf } from "../common/options";
import { dictEntries } from "./arguments";

/** The value of a dict for a text; `undefined` if there is neither an entry nor the default `*`. */
type Lookup = (text: string) => Value | undefined;

export function dictMap(call: BoundCall): Step {
  const data = call.argument("data");
  const exact = call.derive(data, (value) => exactLookup(dictEntries(call.name, value)));
  const folded = call.derive(data, (value) => foldedLookup(dictEntries(call.name, value)));
  const settings = optionsOf(call, ["field", "output_field", "case_insensitive", "missing"], (options) => ({
    sources: fieldNames(call.name, "field", options.field),
    targets: fieldNames(call.name, "output_field", options.output_field),
    lookup: isTrue(options.case_insensitive) ? folded : exact,
    missing: options.missing,
  }));
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const { sources, targets, lookup, missing } = settings(event, run);
    const find = lookup(event, run);
    let isFound = false;
    for (const field of sources) {
      const text = event.get(field);
      const value = text === undefined ? undefined : find(text);
      if (value === undefined) continue;
      isFound = true;
      for (const target of targets) write(event, target, value);
    }
    if (!isFound) for (const target of targets) write(event, target, missing);
    return event;
  };
}

type Entries = ReturnType<typeof dictEntries>;

function exactLookup(entries: Entries): Lookup {
  const values = new Map(entries);
  const fallback = values.get("*");
  return (text) => values.get(text) ?? fallback;
}

/** An entry with exactly this text takes precedence, then the last one that differs only in case. */
function foldedLookup(entries: Entries): Lookup {
  const values = new Map(entries);
  const folded = new Map(entries.map(([key, value]) => [key.toLowerCase(), value] as const));
  const fallback = values.get("*");
  return (text) => values.get(text) ?? folded.get(text.toLowerCase()) ?? fallback;
}
