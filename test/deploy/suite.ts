import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOT_RUN_STATUS, NotRunError } from "./not-run";

/**
 * Runs a suite as the process's main work, with a folder for its files. The process exits with the status that it
 * resolves to, or with 3 if it throws {@link NotRunError}.
 */
export async function runSuite(name: string, suite: (folder: string) => Promise<number>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tencent-logs-"));
  try {
    process.exitCode = await suite(folder);
  } catch (error) {
    if (!(error instanceof NotRunError)) throw error;
    process.stderr.write(`${name} NOT RUN: ${error.message}\n`);
    process.exitCode = NOT_RUN_STATUS;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
