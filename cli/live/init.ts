import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Console } from "../../terminal/console";
import { readFlags } from "../../terminal/flags";
import { UserError, UsageError } from "../../terminal/user-error";

const USAGE = `Usage: tencent-logs live init --lang python [--directory DIR] [--force]

Writes logs.py, which a function of Python imports to be seen by "tencent-logs tail" as it writes: "import logs" as its
first line is all. A function with the prop liveLog needs it not: its zip has it.

  --lang python    the language; a function of Node imports "cdktf-tencent-logs/live" instead
  --directory DIR  where it is written (.)
  --force          writes over a logs.py that is another

Examples:
  tencent-logs live init --lang python
  tencent-logs live init --lang python --directory functions/orders --force
`;

const FLAGS = {
  lang: { type: "string" },
  directory: { type: "string" },
  force: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** The built file, next to the compiled command. */
const SOURCE = join(__dirname, "../../live/logs.py");

/** Writes the reporter for Python next to a function. */
export async function init(args: readonly string[], console: Console): Promise<number> {
  const { lang, directory = ".", force, help } = readFlags(args, FLAGS);
  if (help) {
    console.stdout.write(USAGE);
    return 0;
  }
  if (lang !== "python") {
    const remedy = lang === "node" ? 'a function of Node imports "cdktf-tencent-logs/live"' : "see --help";
    throw new UsageError(
      `--lang must be python, got ${lang === undefined ? "nothing" : JSON.stringify(lang)}; ${remedy}`,
    );
  }
  if (!existsSync(directory)) {
    throw new UsageError(`--directory must be a folder that exists, got ${JSON.stringify(directory)}; make it first`);
  }
  const source = readFileSync(SOURCE, "utf8");
  const file = join(directory, "logs.py");
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before !== undefined && before !== source && !force) {
    throw new UserError(`${file} must not be another file, got one that differs; --force writes over it`);
  }
  writeFileSync(file, source);
  console.stdout.write(`${file}: "import logs" as the function's first line is all\n`);
  return 0;
}
