import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";

const ROOT = join(__dirname, "../..");

/** The tests that `npm run check` runs where a file changed. */
function testsOf(file: string): string[] {
  const args = [join(ROOT, "node_modules/jest/bin/jest.js"), "--listTests", "--findRelatedTests", file];
  const listed = execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  return listed.split("\n").map((path) => relative(ROOT, path));
}

describe("npm run check", () => {
  it.each([
    ["functions/parser/lines.ts", "test/functions/parser/lines.test.ts"],
    ["lib/cos/bucket.ts", "test/lib/cos/bucket.test.ts"],
  ])("for a change of %s runs %s", (file, test) => {
    expect(testsOf(file)).toContain(test);
  });
});
