import type { BoundCall, Derived, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import type { Value } from "../../run/values";
import { isFieldKeyword } from "./field-keyword";
import { fieldNames, optionsOf, textOf } from "../common/options";
import type { TakePair } from "./kv-scanner";

/** Finds key-value pairs in a text. */
export type FindPairs = (text: string, take: TakePair) => void;

/** Affixes of the written keys. */
interface Affixes {
  readonly prefix: Value;
  readonly suffix: Value;
}

/**
 * Implements functions that find pairs in fields and write each pair as a field.
 *
 * @param parameters those that describe the syntax of pairs
 */
export function pairStep<Name extends string>(
  call: BoundCall,
  parameters: readonly Name[],
  finder: (options: Readonly<Record<Name, Value>>) => FindPairs,
): Step {
  const sources = optionsOf(call, ["field_or_list"], (options) =>
    fieldNames(call.name, "field_or_list", options.field_or_list),
  );
  const settings: Derived<{ findPairs: FindPairs; prefix: string; suffix: string }> = optionsOf(
    call,
    ["prefix", "suffix", ...parameters],
    (options: Readonly<Record<Name, Value>> & Affixes) => ({
      findPairs: finder(options),
      prefix: textOf(options.prefix),
      suffix: textOf(options.suffix),
    }),
  );
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const { findPairs, prefix, suffix } = settings(event, run);
    for (const field of sources(event, run)) {
      const text = event.get(field);
      if (text === undefined) continue;
      findPairs(text, (key, value) => {
        if (isFieldKeyword(key)) write(event, prefix + key + suffix, value);
      });
    }
    return event;
  };
}
