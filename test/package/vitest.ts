import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInstall } from "../cdktn/tree";
import { cleanEnvironment, runToSuccess } from "../deploy/process";
import type { PackageTest } from "./project";

/** The last major version that runs on Node 20. */
const VITEST = "vitest@4.1.12";

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly snapshot: { readonly matched: number; readonly added: number };
}

/** Uses `./testing` in a project of `init` with Vitest: rows of cases, a pipeline, the plan, and its snapshot in CI. */
export async function testVitest({ report }: PackageTest, project: string): Promise<void> {
  const step = <T>(title: string, work: () => Promise<T>): Promise<T> => report.step("Vitest", title, work);
  const command = (program: string, ...args: string[]) => ({ program, args, cwd: project, env: cleanEnvironment() });
  const vitest = async (env: NodeJS.ProcessEnv): Promise<TestReport> => {
    const file = join(project, "vitest.json");
    const args = ["vitest", "run", "--reporter=json", `--outputFile=${file}`];
    await runToSuccess({ ...command("npx", ...args), env: { ...cleanEnvironment(), ...env } });
    return JSON.parse(readFileSync(file, "utf8")) as TestReport;
  };

  await step("npm install", () =>
    runInstall(command("npm", "install", "--no-audit", "--no-fund", "--save-dev", VITEST)),
  );
  cpSync(join(__dirname, "vitest"), project, { recursive: true });
  // Vitest's own declarations want libraries that the project does not have.
  await step("type-check", () => runToSuccess(command("npx", "tsc", "--noEmit", "--skipLibCheck")));
  await step("first run", async () => {
    const { numPassedTests, numFailedTests, snapshot } = await vitest({ CI: "" });
    assert.deepEqual([numPassedTests, numFailedTests, snapshot.added], [7, 0, 1]);
  });
  await step("in CI", async () => {
    const { numPassedTests, snapshot } = await vitest({ CI: "1" });
    assert.deepEqual([numPassedTests, snapshot.matched, snapshot.added], [7, 1, 0]);
  });
}
