import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { packageVersion } from "../../lib/packaging/built-files";
import type { Console } from "../../terminal/console";
import { matching, readArguments } from "../../terminal/flags";
import { UsageError, UserError } from "../../terminal/user-error";
import { type Project, projectFiles } from "./files";

const INIT_USAGE = `Usage: tencent-logs init [DIR] [FLAGS]

Creates a new project that runs: a stack with a topic, rules and two outputs, tests of both, a CI workflow and a sample log. In a
terminal it asks for values that no flag sets; elsewhere it uses the defaults.

  DIR              folder of the project, which must be empty or new (default: .)
  --name NAME      name of the project and its stack (default: the name of the folder)
  --region REGION  region to deploy to (default: ap-guangzhou)
  --app-id APPID   APPID of the account, which is the end of bucket names (default: 1250000000, which is not an account:
                   change it in log-stack.ts before you deploy)
  --package SPEC   version of this package in package.json, or the file of a tarball (default: its own version)
  --yes            does not ask

Examples:
  tencent-logs init my-logs
  tencent-logs init my-logs --region ap-singapore --app-id 1312345678 --yes
`;

const FLAGS = {
  name: { type: "string" },
  region: { type: "string" },
  "app-id": { type: "string" },
  package: { type: "string" },
  yes: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** The questions, with the format of valid answers. */
const QUESTIONS = {
  name: { pattern: /^[a-z][a-z0-9-]{0,39}$/, rule: "must have 1 to 40 lower-case letters, digits and -", text: "Name" },
  region: { pattern: /^[a-z]+-[a-z0-9-]+$/, rule: "must be a region, such as ap-guangzhou", text: "Region" },
  "app-id": { pattern: /^\d{10}$/, rule: "must have ten digits, such as 1250000000", text: "APPID of the account" },
} as const;

type Question = keyof typeof QUESTIONS;

/** `tencent-logs init`. Returns the exit status. */
export async function init(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) {
    console.stdout.write(INIT_USAGE);
    return 0;
  }
  if (positionals.length > 1) throw new UsageError(`DIR must be one folder, got ${positionals.join(", ")}; see --help`);
  const [directory = "."] = positionals;
  checkEmpty(directory);
  const defaults = { name: nameOf(directory), region: "ap-guangzhou", "app-id": "1250000000" };
  const given = { name: values.name, region: values.region, "app-id": values["app-id"] };
  for (const question of Object.keys(QUESTIONS) as Question[]) {
    if (given[question] !== undefined) checked(question, given[question]);
  }
  const isAsked = !values.yes && process.stdin.isTTY && console.stdout.isTTY === true && !process.env.CI;
  const answers = { ...defaults, ...(isAsked ? await ask(given, defaults) : definedOf(given)) };
  const project: Project = {
    name: answers.name,
    region: answers.region,
    appId: answers["app-id"],
    projectId: randomUUID(),
    packageSpec: values.package === undefined ? `^${packageVersion()}` : specOf(values.package, directory),
  };
  write(directory, projectFiles(project));
  console.stdout.write(nextSteps(directory));
  return 0;
}

function checkEmpty(directory: string): void {
  if (!existsSync(directory)) return;
  if (!statSync(directory).isDirectory())
    throw new UsageError(`DIR must be a folder, got the file ${directory}; name another`);
  const [first] = readdirSync(directory).filter((name) => name !== ".git");
  if (first === undefined) return;
  throw new UsageError(`DIR must be empty or new, got ${directory}, which holds ${first}; name another folder`);
}

/** The part of a folder's name that is allowed in a project's. */
function nameOf(directory: string): string {
  const plain = basename(resolve(directory))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return (
    plain
      .replace(/^[^a-z]+|-+$/g, "")
      .slice(0, 40)
      .replace(/-+$/, "") || "logs"
  );
}

/** A file is relative to the user's folder, but npm reads it relative to the project. */
function specOf(spec: string, directory: string): string {
  return existsSync(spec) ? `file:${relative(directory, spec).replaceAll("\\", "/")}` : spec;
}

function checked(question: Question, answer: string): string {
  const { pattern, rule } = QUESTIONS[question];
  return matching(`--${question}`, answer, pattern, rule);
}

/** Asks for missing values; an invalid answer is asked for again. */
async function ask(
  given: Readonly<Record<Question, string | undefined>>,
  defaults: Readonly<Record<Question, string>>,
): Promise<Record<Question, string>> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answers: Record<Question, string> = { ...defaults, ...definedOf(given) };
  try {
    for (const question of Object.keys(QUESTIONS) as Question[]) {
      const { pattern, rule, text } = QUESTIONS[question];
      while (given[question] === undefined) {
        const answer = (await terminal.question(`${text} (${defaults[question]}): `)).trim() || defaults[question];
        answers[question] = answer;
        if (pattern.test(answer)) break;
        process.stdout.write(`${text} ${rule}.\n`);
      }
    }
    return answers;
  } catch (error) {
    // Ctrl-C and Ctrl-D; nothing has been written.
    throw (error as Error).name === "AbortError" ? new UserError("interrupted", 130) : error;
  } finally {
    terminal.close();
  }
}

function definedOf(given: Readonly<Record<Question, string | undefined>>): Partial<Record<Question, string>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function nextSteps(directory: string): string {
  const enter =
    resolve(directory) === process.cwd()
      ? ""
      : `  cd ${/^[\w./\\:-]+$/.test(directory) ? directory : `"${directory}"`}\n`;
  return `Created a project in ${directory}. Next steps:

${enter}  npm install
  npm run dev    # run it on a local cloud with a sample log, and again at each change
  npm test       # test the stack, its plan, and its rules
`;
}
