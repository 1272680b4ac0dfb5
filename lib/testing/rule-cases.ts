import { parseCases } from "../../cli/rules/cases";
import { eventMaker, readyRules } from "../../cli/rules/rules-file";
import { differenceAlone, differenceOf } from "../../cli/rules/test";
import { rulePartsIn } from "../../functions/runtime/loader";
import { RulesError, type Rules, type RulesOptions } from "../../rules";
import { refuse } from "../errors";
import { partsFolder } from "../packaging/built-files";
import { CASES_CODE, casesFor, caseText, rowsOf, type CaseRow } from "./cases";

/** Options of {@link ruleCases}. */
export interface RuleCasesOptions {
  /**
   * Names of the pipeline's outputs. The text must name no other.
   * @default any name is accepted
   */
  readonly outputs?: readonly string[];
  /**
   * Variables that `res_local` reads, in addition to the environment of the process.
   * @default the environment of the process
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Engine for regular expressions, as in `LogRules.fromText`.
   * @default "linear"
   */
  readonly regexEngine?: "linear" | "backtracking";
  /**
   * Whether events are records as CLS delivers them to a function, with `__TIMESTAMP__`, `__SOURCE__` and `__TAG__`.
   * @default false
   */
  readonly cls?: boolean;
}

/**
 * Returns the test cases of a rule text as rows for `test.each`. It reads the same file as `tencent-logs rules test`.
 *
 * ```ts
 * test.each(ruleCases("rules/access.sls"))("%s", (_, check) => check());
 * ```
 *
 * @param rules path of the rule text, or of a file of cases (`.yaml`) that each contain their own rule text
 * @param cases path of the cases; by default the file next to the rule text: `access.test.yaml` for `access.sls`
 * @throws `LogsError` with all problems of the cases; each check throws the problems of the rules
 */
export function ruleCases(rules: string, cases?: string | RuleCasesOptions, options?: RuleCasesOptions): CaseRow[] {
  const given = typeof cases === "object" ? cases : (options ?? {});
  const alone = /\.ya?ml$/i.test(rules);
  const path = alone ? rules : typeof cases === "string" ? cases : casesFor(SCOPE, rules);
  const text = alone ? "" : caseText(SCOPE, "rules", rules);
  const read = parseCases(caseText(SCOPE, "cases", path), { alone });
  if (read.faults.length > 0) {
    const told = read.faults.map((fault) => `${path}:${fault}`).join("\n");
    refuse(SCOPE, CASES_CODE, `cases must be right, got ${read.faults.length} faults; correct them:\n${told}`);
  }
  const engine = optionsOf(given);
  // One for all cases, as for all events of a function.
  let shared: Promise<Rules> | undefined;
  return rowsOf(read.cases, async (one) => {
    const make = eventMaker(given);
    if (alone) return differenceAlone(one, engine, make);
    shared ??= readyRules(text, engine).catch((error: unknown) => {
      if (!(error instanceof RulesError)) throw error;
      return refuse(
        SCOPE,
        "LOGS_RULES",
        `rules must have no errors, got some in ${rules}; correct them:\n${error.message}`,
      );
    });
    return differenceOf(one, await shared, make);
  });
}

const SCOPE = "ruleCases";

function optionsOf({ environment, outputs, regexEngine = "linear" }: RuleCasesOptions): RulesOptions {
  return {
    parts: rulePartsIn(partsFolder()),
    regexEngine,
    environment: { ...process.env, ...environment },
    ...(outputs && { outputs }),
  };
}
