import type { Regex } from "../../rules";
import { UsageError } from "../../terminal/user-error";
import { visible } from "./visible";

/**
 * The pattern of a flag, for the engine that neither patterns nor texts can make hang.
 *
 * @throws UsageError with a caret under the error in the pattern
 */
export function patternOf(flag: string, pattern: string): Regex {
  const { compileRegex, RegexError } = loadRules();
  try {
    return compileRegex(pattern, "linear");
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    const before = visible(pattern.slice(0, error.offset));
    const problem = `${flag} must be a regular expression as Python's re has them, without look-around and references`;
    throw new PatternError(`${problem}: ${error.message}\n  ${visible(pattern)}\n  ${" ".repeat(before.length)}^`);
  }
}

/** Loaded only for patterns: the rules are most of what a tail would load, and it does not wait for them. */
function loadRules(): typeof import("../../rules") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would ask for extensions that the sources do not have
  return require("../../rules") as typeof import("../../rules");
}

/** An invalid pattern, with a caret under the error. */
class PatternError extends UsageError {
  override readonly severalLines = true;
}
