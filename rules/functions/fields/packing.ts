import type { Call, Step } from "../../run/implementation";
import { toJson } from "../../run/text";
import { fail, isTrue } from "../../run/values";
import { quoted } from "../options";
import { matcherOf } from "../field-names";

/** The step of `e_pack_fields`. */
export function packing(call: Call): Step {
  const output = call.derive(call.argument("output_field")!, (name) => {
    if (typeof name !== "string" || name === "")
      fail(`e_pack_fields must get the name of a field, got ${quoted(name)}`);
    return name;
  });
  const include = call.argument("include");
  const exclude = call.argument("exclude");
  const isIncluded = include && include.constant?.value !== null ? matcherOf(call, [include], true) : undefined;
  const isExcluded = exclude && exclude.constant?.value !== null ? matcherOf(call, [exclude], true) : undefined;
  const drop = call.argument("drop_packed");
  const drops = drop ? call.derive(drop, isTrue) : () => false;

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
