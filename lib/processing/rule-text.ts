import type { Checks } from "../errors";
import { Annotations, type Construct } from "../framework";
import type { Outputs } from "../outputs/output";
import type { LogRules } from "../rules/log-rules";
import type { LogProcessor } from "./processor";

/** The props that determine how records are processed. */
interface RuleTextProps {
  readonly rules?: LogRules;
  readonly processor?: LogProcessor;
  readonly outputs?: Outputs;
}

/** Checks the whole rule text of a pipeline against the pipeline's outputs. */
export function checkRuleText(checks: Checks, { outputs = {}, processor, rules }: RuleTextProps): void {
  checks.that(
    rules === undefined || processor === undefined,
    "LOGS_RULES_BESIDE",
    () => "rules must be left out beside processor, got both; call one from the other, or make two pipelines",
  );
  const text = rules ?? processor?.rules;
  if (!text) return;
  const { errors } = text.check(Object.keys(outputs));
  const count = `${errors.length} ${errors.length === 1 ? "error" : "errors"}`;
  checks.that(
    errors.length === 0,
    "LOGS_RULES",
    () => `rules must have no errors, got ${count}; correct them:\n${errors.join("\n")}`,
  );
}

/** Adds the warnings of a rule text, which are not errors, at synth. */
export function warnOfRules(scope: Construct, rules: LogRules | undefined, outputs: Outputs = {}): void {
  for (const warning of rules?.check(Object.keys(outputs)).warnings ?? []) Annotations.of(scope).addWarning(warning);
}
