import { checkItems, checkLength, MAX_LENGTH } from "./length";
import type { Derived } from "./implementation";
import { isBytes, isList, RuleFailure, type Value } from "./values";

/** A value that a function has made; fails where it is longer than values may be. */
export function checkMade(value: Value): Value {
  if (typeof value === "string") {
    if (value.length > MAX_LENGTH) checkLength(value.length);
  } else if (isList(value)) checkItems(value.length);
  else if (isBytes(value)) checkLength(value.length);
  return value;
}

/** An error that a function has thrown, with the function's name in a failure's message, where that lacks it. */
export function failureIn(name: string, error: unknown): unknown {
  const { ruleFailure, caller, message, code } = error as Partial<RuleFailure> & { readonly code?: string };
  if (ruleFailure === true && caller === undefined) {
    const named = error as RuleFailure;
    named.caller = name;
    if (!new RegExp(`\\b${name}\\b`).test(named.message)) named.message = `${name}: ${named.message}`;
    return named;
  }
  // JavaScript has a limit of its own, far behind ours: whoever comes to it has forgotten ours.
  if (code === "ERR_STRING_TOO_LONG" || (error instanceof RangeError && /^Invalid .*length/.test(message ?? ""))) {
    return failureIn(name, new RuleFailure(`A text must have at most ${MAX_LENGTH} characters, got more`));
  }
  return error;
}

/** Something that a function does for an event, its failures named. */
export function named<T>(name: string, work: Derived<T>): Derived<T> {
  return (event, run) => {
    try {
      return work(event, run);
    } catch (error) {
      throw failureIn(name, error);
    }
  };
}
