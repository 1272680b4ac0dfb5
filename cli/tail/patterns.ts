import { compileRegex, type Regex, RegexError } from "../../rules";
import { UsageError } from "../../terminal/user-error";
import { visible } from "./visible";

/**
 * The pattern of a flag, in the engine that no pattern and no text can make hang.
 *
 * @throws UsageError with a caret under the place where the pattern is wrong
 */
export function patternOf(flag: string, pattern: string): Regex {
  try {
    return compileRegex(pattern, "linear");
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    const before = visible(pattern.slice(0, error.offset));
    const problem = `${flag} must be a regular expression as Python's re has them, without look-around and references`;
    throw new PatternError(`${problem}: ${error.message}\n  ${visible(pattern)}\n  ${" ".repeat(before.length)}^`);
  }
}

/** A pattern that is wrong, with a caret under the place. */
class PatternError extends UsageError {
  override readonly severalLines = true;
}
