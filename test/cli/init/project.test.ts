import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeProject, runTests } from "./support/project";

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "init-project-"))));
afterEach(() => rmSync(folder, { recursive: true }));

// `npm run init:update` writes the plan anew where a release means to change it.
it("passes its own tests in CI, its plan among them, whatever it is named and wherever it is deployed", async () => {
  await makeProject(folder, "--name", "edge", "--region", "ap-singapore", "--app-id", "1312345678");
  const { testResults, ...report } = runTests(folder, "--ci");
  expect(testResults.map(({ message }) => message)).toEqual([""]);
  expect(report).toMatchObject({
    numPassedTests: 3,
    numFailedTests: 0,
    snapshot: { total: 1, matched: 1, added: 0, unchecked: 0 },
  });
});
