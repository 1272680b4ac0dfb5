import type { Console } from "../../terminal/console";
import { readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { type FileProblem, problemJson, readDefinitionText, renderFileProblem, type Severity } from "./definition-file";

const CHECK_USAGE = `Usage: tencent-logs monitor check FILE [FLAGS]

Checks a monitor definition, YAML or JSON, and reports all problems with line, column and a caret. It warns about what is
hardly intended, such as a mute that has ended.

  --json    writes one JSON object per problem: file, line, column, path, message;
            severity: warning for warnings

Exits with 1 if there are errors.

Examples:
  tencent-logs monitor check monitors.yaml
  tencent-logs monitor check cdktf.out/stacks/logs/Errors.monitor.json   # written by LogMonitor
`;

const FLAGS = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** `tencent-logs monitor check`. Returns the exit status. */
export function check(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) {
    console.stdout.write(CHECK_USAGE);
    return Promise.resolve(0);
  }
  return Promise.resolve(checkFile(fileOf(positionals), values.json ?? false, console));
}

function checkFile(path: string, isJson: boolean, console: Console): number {
  const { file, text, problems, warnings } = readDefinitionText(path);
  const tell = (found: readonly FileProblem[], severity: Severity): void => {
    for (const problem of found) {
      const told = isJson
        ? JSON.stringify(problemJson(path, text, problem, severity))
        : renderFileProblem(path, text, problem, severity);
      console.stdout.write(`${told}\n`);
    }
  };
  tell(problems, "error");
  tell(warnings, "warning");
  const { monitors = [], sources = {}, receivers = {} } = file ?? {};
  const counts = file
    ? [
        count(monitors.length, "monitor"),
        count(Object.keys(sources).length, "source"),
        count(Object.keys(receivers).length, "receiver"),
      ]
    : [];
  const warned = warnings.length > 0 ? [count(warnings.length, "warning")] : [];
  if (!isJson) console.stdout.write(`${[...counts, count(problems.length, "error"), ...warned].join(", ")}\n`);
  return problems.length > 0 ? 1 : 0;
}

/** The single file of a command line. Throws {@link UsageError}. */
export function fileOf([file, extra]: readonly string[]): string {
  if (file === undefined) throw new UsageError("FILE must be a definition of monitors, got nothing; see --help");
  if (extra !== undefined) throw new UsageError(`FILE must be one definition, got ${extra} as well; see --help`);
  return file;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
