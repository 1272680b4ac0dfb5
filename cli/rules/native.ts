import { checkRules, renderProblem } from "../../rules";
import { compileNative } from "../../rules/native";
import type { Console } from "../../terminal/console";
import { readText, RULES_FLAGS, RULES_FLAGS_USAGE, rulesArguments, rulesOptions } from "./rules-file";

const NATIVE_USAGE = `Usage: tencent-logs rules native FILE [FLAGS]

Translates a rule text to the dialect of CLS's own data processing and prints it. Differences in behavior go to stderr. If CLS
cannot run the rules, it prints the reasons with line and column instead.

  --default-output NAME   alias for events that name no output; without it, they are dropped
${RULES_FLAGS_USAGE}
Exits with 1 if CLS cannot run the rules.

Examples:
  tencent-logs rules native access.sls
  tencent-logs rules native access.sls --default-output parsed > access.cls
`;

/** `tencent-logs rules native`. Returns the exit status. */
export async function native(args: readonly string[], console: Console): Promise<number> {
  const given = rulesArguments(args, { ...RULES_FLAGS, "default-output": { type: "string" } });
  if (!given) {
    console.stdout.write(NATIVE_USAGE);
    return 0;
  }
  const { file, values } = given;
  const text = readText(file, "FILE");
  const options = rulesOptions(values);
  const { problems } = checkRules(text, options);
  const errors = problems.filter(({ severity }) => severity === "error");
  const warnings = problems.filter(({ severity }) => severity === "warning");
  const compiled =
    errors.length > 0 ? undefined : compileNative(text, { ...options, defaultOutput: values["default-output"] });
  const obstacles = compiled?.problems ?? errors;
  for (const one of [...warnings, ...obstacles, ...(compiled?.notes ?? [])]) {
    console.stderr.write(`${file}:${renderProblem(text, one)}\n`);
  }
  if (!compiled || obstacles.length > 0) return 1;
  console.stdout.write(compiled.text);
  return 0;
}
