/**
 * `npm run test:cdktn [-- --quick]`: runs the tests with `cdktn`, the fork of cdktf, under cdktf's name. It installs a
 * copy of the tree with it, and runs the whole test suite or, with `--quick`, the tests of the examples' plans and
 * names; then the deploy tests of the main example. Exit status 1 if something failed, 3 if npm's registry is
 * unreachable, or the deploy tests lack what they need.
 */
import { dirname, join } from "node:path";
import { NOT_RUN_STATUS, NotRunError } from "../deploy/not-run";
import { run, runToSuccess, type Command } from "../deploy/process";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { CDKTN } from "./frameworks";
import { copyTree, installWith } from "./tree";

const SUITE = "the tree with cdktn";
const EXAMPLE = "access-log-batch";
/** Tests that synthesize every example and every construct. */
const QUICK = ["test/examples", "test/contract"];

async function main(folder: string): Promise<number> {
  const root = dirname(dirname(__dirname));
  const tree = join(folder, "tree");
  const isQuick = process.argv.includes("--quick");
  const tests = isQuick ? QUICK : [];
  const report = new Report();
  const step = <T>(name: string, work: () => Promise<T>): Promise<T> => report.step(SUITE, name, work);
  try {
    await step("copy", () => copyTree(root, tree));
    await step("npm install", () => installWith(CDKTN, tree));
    await step(["npm test", ...tests].join(" "), () => runToSuccess(npm(tree, "test", "--", "--ci", ...tests)));
    if (!isQuick) await step("npm run test:system", () => runToSuccess(npm(tree, "run", "test:system", "--", "--ci")));
    return await step(`npm run test:deploy -- ${EXAMPLE}`, () => testDeploy(tree));
  } catch (error) {
    if (error instanceof NotRunError) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
}

/**
 * Resolves to the exit status. If the machine lacks what the deploy tests need, they report it, and this run counts as
 * not run too.
 */
async function testDeploy(tree: string): Promise<number> {
  const { status, output } = await run(npm(tree, "run", "--silent", "test:deploy", "--", EXAMPLE));
  if (status === NOT_RUN_STATUS) process.stderr.write(output);
  else if (status !== 0) throw new Error(`test:deploy must succeed, got exit status ${status}:\n${output}`);
  return status;
}

/** Runs npm in a folder; a whole test suite on a busy machine can take long. */
function npm(cwd: string, ...args: string[]): Command {
  return { program: "npm", args, cwd, env: process.env, timeoutMs: 20 * 60 * 1000 };
}

void runSuite("tests with cdktn", main);
