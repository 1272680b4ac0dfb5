/**
 * `npm run test:cdktn`: again with `cdktn`, cdktf's fork, under cdktf's name. A copy of the tree is installed with it and
 * runs the whole test suite, and the deploy tests of the main example; beside these, projects of either framework install
 * the packed tarball, type-check the README's first example and synthesize it. Exit status 1 where something failed, 3
 * where npm's registry cannot be reached.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runInLanes } from "../deploy/lanes";
import { NOT_RUN_STATUS, NotRunError } from "../deploy/not-run";
import { Report } from "../deploy/report";
import { run, runToSuccess, type Command } from "../deploy/process";
import { packTarball, testConsumer } from "./consumer";
import { CDKTF, CDKTN } from "./frameworks";
import { copyTree, installWith } from "./tree";

const SUITE = "the tree with cdktn";
const EXAMPLE = "access-log-batch";

async function main(folder: string): Promise<number> {
  const root = dirname(dirname(__dirname));
  const tree = join(folder, "tree");
  const report = new Report();
  try {
    await report.step(SUITE, "copy", () => copyTree(root, tree));
    await report.step(SUITE, "npm install", () => installWith(CDKTN, tree));
    await report.step(SUITE, "npm test", () => runToSuccess(npm(tree, "test", "--", "--ci")));
    // The deploy tests wait for the provider most of their time.
    const [failure] = await runInLanes(2, [
      () => report.step(SUITE, `npm run test:deploy -- ${EXAMPLE}`, () => testDeploy(tree)),
      () => testConsumers(root, folder, report),
    ]);
    if (failure) throw failure;
    return 0;
  } catch (error) {
    if (error instanceof NotRunError) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
}

/** Where the machine lacks what the deploy tests need, they say so; that is not cdktn's fault. */
async function testDeploy(tree: string): Promise<void> {
  const { status, output } = await run(npm(tree, "run", "--silent", "test:deploy", "--", EXAMPLE));
  if (status === NOT_RUN_STATUS) process.stderr.write(output);
  else if (status !== 0) throw new Error(`test:deploy must succeed, got exit status ${status}:\n${output}`);
}

async function testConsumers(root: string, folder: string, report: Report): Promise<void> {
  const tarball = await report.step("consumers", "npm pack", () => packTarball(root, folder));
  for (const framework of [CDKTF, CDKTN]) await testConsumer(framework, tarball, root, folder, report);
}

/** npm in a folder; a whole test suite on a machine that does other things may take its time. */
function npm(cwd: string, ...args: string[]): Command {
  return { program: "npm", args, cwd, env: process.env, timeoutMs: 20 * 60 * 1000 };
}

const folder = mkdtempSync(join(tmpdir(), "tencent-logs-cdktn-"));
main(folder)
  .catch((error: unknown) => {
    if (!(error instanceof NotRunError)) throw error;
    process.stderr.write(`tests with cdktn NOT RUN: ${error.message}\n`);
    return NOT_RUN_STATUS;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }))
  .then((status) => {
    process.exitCode = status;
  });
