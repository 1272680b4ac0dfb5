import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Console } from "../../terminal/console";
import { readFlags } from "../../terminal/flags";
import { UserError, UsageError } from "../../terminal/user-error";

const USAGE = `Usage: tencent-logs live init --lang python [--directory DIR] [--force]

Creates logs.py, which a Python function imports so that "tencent-logs tail" shows its log while it is written. All it needs is
"import logs" in its first line. A function with the prop liveLog does not need it: its zip already contains it.

  --lang python    language of the function; a Node.js function imports "cdktf-tencent-logs/live" instead
  --directory DIR  folder to write it to (default: .)
  --force          overwrites a logs.py with other content

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
    throw new UsageError(`--directory must be a folder that exists, got ${JSON.stringify(directory)}; create it first`);
  }
  const source = readFileSync(SOURCE, "utf8");
  const file = join(directory, "logs.py");
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before !== undefined && before !== source && !force) {
    throw new UserError(`${file} must not exist with other content, got a file that differs; --force overwrites it`);
  }
  writeFileSync(file, source);
  console.stdout.write(`${file}: put "import logs" in the function's first line\n`);
  return 0;
}
