import type { Argument, Call, Derived } from "../implementation";
import type { Regex } from "../regex/regex";
import { fail } from "../values";
import { quoted } from "./options";

/** The pattern of an argument, compiled: once where it is constant. */
export function regexOf(call: Call, argument: Argument): Derived<Regex> {
  return call.derive(argument, (pattern) => {
    if (typeof pattern !== "string") fail(`${call.name} must get a regular expression, got ${quoted(pattern)}`);
    return call.regex(pattern);
  });
}
