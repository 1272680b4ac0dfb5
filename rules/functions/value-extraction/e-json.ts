import type { BoundCall, Derived, Step } from "../../run/implementation";
import { tryParseJson } from "../../run/json";
import { writer, type Mode, type Write } from "../../run/mode";
import type { Event } from "../../run/event";
import { isTrue, type Value } from "../../run/values";
import { jmesSelection, type Select } from "../common/jmes-part";
import { fieldNames, optionsOf, textOf } from "../common/options";
import { expandJson, type Expansion, nodeFilter } from "./json-expansion";
import { arrayNames, nodeNames } from "./json-names";

export function json(call: BoundCall): Step {
  const sources = optionsOf(call, ["field"], ({ field }) => fieldNames("e_json", "field", field));
  const selection = jmesSelection(call);
  const output = optionsOf(call, ["output"], (options) => textOf(options.output));
  const settings = optionsOf(call, ["expand", "jmes_ignore_none"], (options) => ({
    expand: options.expand === null ? undefined : isTrue(options.expand),
    ignoreNone: isTrue(options.jmes_ignore_none),
  }));
  const expansion = expansionOf(call);
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const select = selection?.(event, run);
    const target = select ? output(event, run) : "";
    const { expand, ignoreNone } = settings(event, run);
    const expands = expand ?? target === "";
    for (const field of sources(event, run)) {
      const text = event.get(field);
      if (text === undefined) continue;
      const value = selected(text, select);
      if (value === undefined || (value === null && select && ignoreNone)) continue;

      const found = new Map<string, string>();
      if (target !== "") found.set(target, textOf(value));
      if (expands) expandJson(field, value, expansion(event, run), found);
      writeAll(event, found, write);
    }
    return event;
  };
}

/** The selected value in the text; undefined if it is not JSON, or JMESPath fails on it. */
function selected(text: string, select: Select | undefined): Value | undefined {
  const value = tryParseJson(text);
  return value === undefined || !select ? value : select(value);
}

const NAMING = ["fmt", "sep", "prefix", "suffix", "expand_array", "fmt_array", "depth"] as const;
const FILTERS = ["include_node", "exclude_node", "include_path", "exclude_path"] as const;

function expansionOf(call: BoundCall): Derived<Expansion> {
  return optionsOf(call, [...NAMING, ...FILTERS], (options) => ({
    depth: depthOf(options.depth),
    expandsArrays: isTrue(options.expand_array),
    arrayName: arrayNames(textOf(options.fmt_array)),
    name: nodeNames(textOf(options.fmt), {
      sep: textOf(options.sep),
      prefix: textOf(options.prefix),
      suffix: textOf(options.suffix),
    }),
    accepts: nodeFilter(call, {
      includeNode: textOf(options.include_node),
      excludeNode: textOf(options.exclude_node),
      includePath: textOf(options.include_path),
      excludePath: textOf(options.exclude_path),
    }),
  }));
}

/** Maximum levels to expand; 0 and None mean 100. */
function depthOf(depth: Value): number {
  return typeof depth === "bigint" && depth > 0n ? Math.min(Number(depth), 2000) : 100;
}

function writeAll(event: Event, found: ReadonlyMap<string, string>, write: Write): void {
  for (const [name, text] of found) write(event, name, text);
}
