import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** The files that a command line loads, from the package's folder. */
function loadedBy(...args: string[]): string[] {
  const script = `
    require("./dist/cli/run.js").run(${JSON.stringify(args)}, { stdout: { write() {} }, stderr: { write() {} } })
      .then(() => console.log(JSON.stringify(Object.keys(require.cache))));`;
  const files = JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" })) as string[];
  return files.map((file) => file.slice(ROOT.length + 1).replaceAll("\\", "/"));
}

it("loads for a command what that needs, and nothing of the others", () => {
  const usage = loadedBy("--help");
  // What tells near names stands with the rules, and imports nothing.
  const ofRules = usage.filter((file) => /^dist\/rules|node_modules/.test(file));
  expect(ofRules).toEqual(["dist/rules/check/similar.js"]);

  for (const command of ["tail", "consume", "doctor", "graph"]) {
    expect(loadedBy(command, "--help").filter((file) => file.startsWith("dist/rules/"))).toEqual(ofRules);
  }

  const check = loadedBy("rules", "check", "--help");
  expect(check).toContain("dist/rules/check/binding.js");
  expect(
    check.filter((file) => /^dist\/cli\/(?:quarantine|replay)|node_modules|^dist\/functions\/tencent\/c/.test(file)),
  ).toEqual([]);
});
