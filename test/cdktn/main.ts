/**
 * `npm run test:cdktn`: everything again with `cdktn`, cdktf's fork, under cdktf's name. A copy of the tree is installed
 * with it and runs the whole test suite and the deploy tests; then projects of either framework install the packed
 * tarball, type-check the README's first example and synthesize it. Exit status 1 where something failed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { NOT_RUN_STATUS } from "../deploy/not-run";
import { Report } from "../deploy/report";
import { run, runToSuccess } from "../deploy/process";
import { packTarball, testConsumer } from "./consumer";
import { CDKTF, CDKTN } from "./frameworks";
import { copyTree, installWith } from "./tree";

const SUITE = "the tree with cdktn";

async function testTree(root: string, folder: string, report: Report): Promise<void> {
  await report.step(SUITE, "copy", () => copyTree(root, folder));
  await report.step(SUITE, "npm install", () => installWith(CDKTN, folder));
  const npm = (...args: string[]) => ({ program: "npm", args, cwd: folder, env: process.env });
  await report.step(SUITE, "npm test", () => runToSuccess(npm("test", "--", "--ci")));
  await report.step(SUITE, "npm run test:deploy", async () => {
    const { status, output } = await run(npm("run", "--silent", "test:deploy"));
    if (status === NOT_RUN_STATUS) process.stderr.write(output);
    else if (status !== 0) throw new Error(`test:deploy must succeed, got exit status ${status}:\n${output}`);
  });
}

async function main(folder: string): Promise<number> {
  const root = dirname(dirname(__dirname));
  const report = new Report();
  try {
    await testTree(root, join(folder, "tree"), report);
    const tarball = await report.step("consumer", "npm pack", () => packTarball(root, folder));
    for (const framework of [CDKTF, CDKTN]) await testConsumer(framework, tarball, root, folder, report);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
}

const folder = mkdtempSync(join(tmpdir(), "tencent-logs-cdktn-"));
main(folder)
  .finally(() => rmSync(folder, { recursive: true, force: true }))
  .then((status) => {
    process.exitCode = status;
  });
