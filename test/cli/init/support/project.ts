import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { init } from "../../../../cli/init/init";

const ROOT = join(__dirname, "../../../..");

/** Writes a project as `init` does, and links its dependencies to the installed ones. */
export async function makeProject(folder: string, ...flags: string[]): Promise<void> {
  await init([folder, "--yes", ...flags], { stdout: { write: () => true }, stderr: { write: () => true } });
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  symlinkSync(ROOT, join(modules, "cdktf-tencent-logs"));
}

/** Jest's report on a project's tests. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly message: string }[];
  readonly snapshot: { readonly total: number; readonly matched: number; readonly added: number };
}

/** Runs a project's tests, as `npx jest` would. */
export function runTests(folder: string, ...args: string[]): TestReport {
  const program = join(folder, "node_modules/jest/bin/jest.js");
  const { stdout, stderr } = spawnSync(process.execPath, [program, "--json", "--runInBand", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  if (stdout === "") throw new Error(`jest must tell what it ran, got ${stderr}`);
  return JSON.parse(stdout) as TestReport;
}
