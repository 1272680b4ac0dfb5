import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FUNCTIONS } from "../../rules/functions";

const root = join(__dirname, "../..");

describe("docs/rules-functions.md", () => {
  it("is what scripts/rules-functions.mjs makes of the definitions", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/rules-functions.mjs"), "--check"], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("has one line for each function", () => {
    const lines = readFileSync(join(root, "docs/rules-functions.md"), "utf8").split("\n");
    const names = lines.flatMap((line) => /^- `(\w+)/.exec(line)?.[1] ?? []);
    expect(names.sort()).toEqual([...FUNCTIONS.keys()].sort());
  });
});
