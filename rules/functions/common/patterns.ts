import type { Argument, BoundCall, Derived } from "../../run/implementation";
import { RegexError, type Regex } from "../../regex/regex";
import { fail } from "../../run/values";
import { quoted } from "./options";

/** The compiled pattern of an argument: compiled once if it is constant. */
export function regexOf(call: BoundCall, argument: Argument): Derived<Regex> {
  return call.derive(argument, (pattern) => {
    if (typeof pattern !== "string") fail(`${call.name} must get a regular expression, got ${quoted(pattern)}`);
    return call.regex(pattern);
  });
}

/** A pattern that includes the text of a parameter; errors in it are reported for that parameter. */
export function regexWith(call: BoundCall, parameter: string, pattern: string): Regex {
  try {
    return call.regex(pattern);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return fail(`${call.name} must get a pattern as ${parameter}: ${error.remedied}`, parameter);
  }
}
