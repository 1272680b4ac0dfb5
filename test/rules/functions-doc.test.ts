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

  it.each(["README.md", "CHANGELOG.md", "docs/rules.md", "docs/rules-functions.md"])(
    "%s says how many functions there are",
    (file) => {
      const available = [...FUNCTIONS.values()].filter((definition) => !("refused" in definition)).length;
      const told = readFileSync(join(root, file), "utf8").match(/\d+ of (?:its|the) \d+ functions/g);
      expect(told?.map((text) => text.match(/\d+/g))).toEqual([[String(available), String(FUNCTIONS.size)]]);
    },
  );

  it("has one line for each function", () => {
    const lines = readFileSync(join(root, "docs/rules-functions.md"), "utf8").split("\n");
    const names = lines.flatMap((line) => /^- `(\w+)/.exec(line)?.[1] ?? []);
    expect(names.sort()).toEqual([...FUNCTIONS.keys()].sort());
  });
});
