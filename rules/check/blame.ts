import type { Argument } from "../run/implementation";
import { spanIn } from "./literal-span";
import { ProblemError, problem } from "./problem";
import { RegexError } from "../regex/regex";
import type { RuleFailure } from "../run/values";

/** Where a fault is reported: an argument, or a call's name. */
type Blamed = Pick<Argument, "span" | "constant">;

/**
 * Creates something while the rules are compiled, and turns a failure into a `ProblemError` in the text.
 *
 * @param find the place to report for a parameter's failure; the empty name is for failures without a parameter
 */
export function blaming<T>(ruleText: string, find: (parameter: string) => Blamed, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RegexError) {
      const { span, constant } = find("");
      const place = spanIn(ruleText, span, constant?.value, error.offset);
      throw new ProblemError(problem("RULES_REGEX", place, error.remedied));
    }
    if (!isRuleFailure(error)) throw error;
    throw new ProblemError(problem("RULES_VALUE", find(error.parameter ?? "").span, error.message));
  }
}

/** Whether a function failed, rather than our code. Parts bundle their own copy of the class. */
export function isRuleFailure(error: unknown): error is RuleFailure {
  return (error as Partial<RuleFailure> | undefined)?.ruleFailure === true;
}
