import { checkItems, checkLength, MAX_LENGTH } from "./length";
import type { Derived } from "./implementation";
import { isBytes, isList, RuleFailure, type Value } from "./values";

/** Checks a value that a function created; fails if it exceeds the maximum length. */
export function checkMade(value: Value): Value {
  if (typeof value === "string") {
    if (value.length > MAX_LENGTH) checkLength(value.length);
  } else if (isList(value)) checkItems(value.length);
  else if (isBytes(value)) checkLength(value.length);
  return value;
}

/** An error from a function, with the function's name in the message of a failure that lacks it. */
export function failureIn(name: string, error: unknown): unknown {
  const { ruleFailure, caller, message, code } = error as Partial<RuleFailure> & { readonly code?: string };
  if (ruleFailure === true && caller === undefined) {
    const named = error as RuleFailure;
    named.caller = name;
    if (!new RegExp(`\\b${name}\\b`).test(named.message)) named.message = `${name}: ${named.message}`;
    return named;
  }
  // JavaScript's own limit is far beyond ours. If it is reached, a check of ours is missing.
  if (code === "ERR_STRING_TOO_LONG" || (error instanceof RangeError && /^Invalid .*length/.test(message ?? ""))) {
    return failureIn(name, new RuleFailure(`A text must have at most ${MAX_LENGTH} characters, got more`));
  }
  return error;
}

/** Wraps the work of a function for an event so that failures name the function. */
export function named<T>(name: string, work: Derived<T>): Derived<T> {
  return (event, run) => {
    try {
      return work(event, run);
    } catch (error) {
      throw failureIn(name, error);
    }
  };
}
