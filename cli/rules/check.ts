import { checkRules, positionAt, renderProblem } from "../../rules";
import type { Console } from "../../terminal/console";
import { readText, RULES_FLAGS, RULES_FLAGS_USAGE, rulesArguments, rulesOptions } from "./rules-file";

const CHECK_USAGE = `Usage: tencent-logs rules check FILE [FLAGS]

Checks a rule text and reports all problems with line and column: names, arguments, patterns, queries, outputs.

${RULES_FLAGS_USAGE}  --json                  writes one JSON object per problem: file, line, column, severity, code, message

Exits with 1 if there are errors.

Examples:
  tencent-logs rules check access.sls
  tencent-logs rules check access.sls --output errors --output archive  # there are no other outputs
  tencent-logs rules check access.sls --json | jq .message
`;

/** `tencent-logs rules check`. Returns the exit status. */
export async function check(args: readonly string[], console: Console): Promise<number> {
  const given = rulesArguments(args, { ...RULES_FLAGS, json: { type: "boolean" } });
  if (!given) {
    console.stdout.write(CHECK_USAGE);
    return 0;
  }
  const { file, values } = given;
  const text = readText(file, "FILE");
  const { problems, statements, outputs } = checkRules(text, rulesOptions(values));
  for (const problem of problems) {
    const { code, message, severity, span } = problem;
    const told = values.json
      ? JSON.stringify({ file, ...positionAt(text, span.start), severity, code, message })
      : `${file}:${renderProblem(text, problem)}`;
    console.stdout.write(`${told}\n`);
  }
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (values.json) return errors > 0 ? 1 : 0;
  const warnings = problems.length - errors;
  console.stdout.write(
    `${count(statements.length, "statement")}, ${count(errors, "error")}, ${count(warnings, "warning")}` +
      `${outputs.length > 0 ? `, outputs: ${outputs.join(", ")}` : ""}\n`,
  );
  return errors > 0 ? 1 : 0;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
