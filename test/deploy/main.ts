/**
 * `npm run test:deploy`: the real Terraform with the real provider against the local cloud, for every example. Exit status
 * 1 where a step failed, 3 where the machine lacks Terraform or the provider.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findBinary } from "./binary";
import { testCommandLine } from "./command-line";
import { findExamples } from "./examples";
import { testLifecycle } from "./lifecycle";
import { NOT_RUN_STATUS, NotRunError } from "./not-run";
import { findProvider } from "./provider";
import { Report } from "./report";

async function main(folder: string): Promise<number> {
  const root = dirname(dirname(__dirname));
  const binary = findBinary();
  const provider = await findProvider(binary, folder);
  process.stdout.write(`${binary}, provider from ${provider.from}\n`);

  const tools = { root, folder, binary, provider };
  const report = new Report();
  try {
    for (const [name, test] of findExamples(root)) await testLifecycle(name, test, tools, report);
    await testCommandLine(tools, report);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
}

const folder = mkdtempSync(join(tmpdir(), "tencent-logs-deploy-"));
main(folder)
  .catch((error: unknown) => {
    if (!(error instanceof NotRunError)) throw error;
    process.stderr.write(`deploy tests NOT RUN: ${error.message}\n`);
    return NOT_RUN_STATUS;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }))
  .then((status) => {
    process.exitCode = status;
  });
