import { spanIn } from "./literal-span";
import { faultOfConstant, isConstantType } from "./constant-types";
import type { JmesPart } from "../functions/common/jmes-part";
import type { PartName } from "../run/implementation";
import type { Parameter, ParameterType } from "./parameters";
import { problem, type Problem, type ProblemCode, type Span } from "./problem";
import { checkRegex } from "../regex/check";
import { RegexError, type RegexEngine } from "../regex/regex";
import { suggestion } from "./similar";
import { typeName, type Value } from "../run/values";

/** A constant argument that must meet further conditions. */
export interface ConstantCheck {
  readonly type: ParameterType;
  /** The parameter that it is passed to, unless it is variadic. */
  readonly parameter?: Parameter;
  readonly value: Value;
  readonly span: Span;
  /** The rule text, for the position of a fault within a literal. */
  readonly text: string;
  /** Additional patterns of a grok call, if there are any; absent if only the event provides them. */
  readonly extend?: { readonly value: Value };
  readonly outputs?: readonly string[];
  readonly regexEngine: RegexEngine;
  regex(pattern: string): unknown;
  query(text: string): unknown;
  part<T>(name: PartName): T;
  report(problem: Problem): void;
}

/** A problem that a part finds in a text. */
interface Fault {
  readonly message: string;
  /** Position in the text, in UTF-16 units. */
  readonly offset: number;
}

/** Checks a constant pattern, query, output name, or value of a closed set, and reports problems. */
export function checkConstant(check: ConstantCheck): void {
  const { type, value } = check;
  if (value === null) return;
  if (isConstantType(type)) {
    const fault = faultOfConstant(type, check.parameter?.names[0] ?? "the value", value);
    if (fault !== undefined) {
      check.report({
        ...problem("RULES_VALUE", check.span, fault),
        severity: check.parameter?.lenient ? "warning" : "error",
      });
    }
    return;
  }
  if (typeof value !== "string") {
    return report(check, "RULES_VALUE", `a text must stand here, got ${typeName(value)}`);
  }
  if (type === "output") checkOutput(check, value);
  else if (type === "regex") checkPattern(check, value);
  else if (type === "query") checkText(check, "RULES_QUERY", () => check.query(value));
  else if (type === "jmes" && value !== "") {
    const fault = check.part<JmesPart>("jmes").checkJmes(value);
    if (fault) reportAt(check, "RULES_JMES", fault, fault.isHint ? "warning" : "error");
  } else if (type === "grok" && check.extend) {
    const part = check.part<{ checkGrok(text: string, extend: Value): Fault | undefined }>("grok");
    const fault = part.checkGrok(value, check.extend.value);
    if (fault) reportAt(check, "RULES_GROK", fault);
  }
}

function checkOutput(check: ConstantCheck, value: string): void {
  const { outputs } = check;
  // This name drops events deliberately, whether or not an output has it.
  if (outputs === undefined || value === "dropped" || outputs.includes(value)) return;
  const known = outputs.length > 0 ? `it has ${outputs.join(", ")}` : "it has none";
  const hint = suggestion(value, outputs) || "; add it to the pipeline's outputs";
  report(check, "RULES_OUTPUT", `the pipeline has no output ${JSON.stringify(value)}, ${known}${hint}`);
}

/** Patterns that the linear engine would refuse are also reported if the other engine runs them. */
function checkPattern(check: ConstantCheck, value: string): void {
  checkText(check, "RULES_REGEX", () => check.regex(value));
  if (check.regexEngine === "linear") return;
  const fault = checkRegex(value, "linear");
  if (fault?.needsBacktracking) reportAt(check, "RULES_REGEX", { ...fault, message: fault.message }, "warning");
}

function checkText(check: ConstantCheck, code: ProblemCode, compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    const { message, offset } = error as Partial<Fault>;
    if (!(error instanceof Error) || offset === undefined || message === undefined) throw error;
    reportAt(check, code, { message: error instanceof RegexError ? error.remedied : message, offset });
  }
}

/** At the character within the literal, if the rule text contains it unescaped. */
function reportAt(
  check: ConstantCheck,
  code: ProblemCode,
  { message, offset }: Fault,
  severity: Problem["severity"] = "error",
): void {
  const { value, text, span } = check;
  check.report({ ...problem(code, spanIn(text, span, value, offset), message), severity });
}

function report(check: ConstantCheck, code: ProblemCode, message: string): void {
  check.report(problem(code, check.span, message));
}
