import type { Argument, BoundCall, Step } from "../../run/implementation";
import { toJson } from "../../run/text";
import { fail, isTrue } from "../../run/values";
import { quoted } from "../common/options";
import { matcherOf } from "./field-matcher";

/** Implements `e_pack_fields`. */
export function packing(call: BoundCall): Step {
  const output = call.derive(call.argument("output_field"), (name) => {
    if (typeof name !== "string" || name === "")
      fail(`e_pack_fields must get the name of a field, got ${quoted(name)}`);
    return name;
  });
  const include = call.argument("include");
  const exclude = call.argument("exclude");
  const isIncluded = takesAll(include) ? undefined : matcherOf(call, [include], true);
  const isExcluded = exclude.constant?.value === null ? undefined : matcherOf(call, [exclude], true);
  const drops = call.derive(call.argument("drop_packed"), isTrue);

  return (event, run) => {
    const included = isIncluded?.(event, run);
    const excluded = isExcluded?.(event, run);
    const packed = new Map<string, string>();
    for (const name of event.names()) {
      if ((included?.has(name) ?? true) && !excluded?.has(name)) packed.set(name, event.get(name) as string);
    }
    if (drops(event, run)) for (const name of packed.keys()) event.delete(name);
    event.set(output(event, run), toJson(packed));
    return event;
  };
}

/** Whether every name is accepted without examination. */
function takesAll({ constant, isDefault }: Argument): boolean {
  return isDefault === true || constant?.value === null;
}
