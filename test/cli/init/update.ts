/** `npm run init:update`: writes the plan that a new project's test compares with, as Jest writes it in such a project. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { makeProject, runTests } from "./support/project";

const FILE = join(__dirname, "../../../cli/init/first-plan.ts");
const HEAD = "/** The plan of a new project, as `planSerializer` shows it; written by `npm run init:update`. */";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "init-update-"));
  try {
    await makeProject(folder, "--name", "logs");
    const { numFailedTests, testResults } = runTests(folder, "--updateSnapshot");
    if (numFailedTests > 0) throw new Error(testResults.map(({ message }) => message).join("\n"));
    const snapshots: Record<string, string> = {};
    const text = readFileSync(join(folder, "__snapshots__/log-stack.test.ts.snap"), "utf8");
    runInNewContext(text, { exports: snapshots });
    const [plan = ""] = Object.values(snapshots);
    writeFileSync(FILE, `${HEAD}\nexport const FIRST_PLAN = ${plan.trim()};\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
