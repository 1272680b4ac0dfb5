import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

interface Manifest {
  exports: Record<string, { types: string; default: string } | string>;
  typesVersions: { "*": Record<string, string[]> };
}

describe("the package's entry points", () => {
  const { exports, typesVersions } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  const entries = Object.entries(exports).flatMap(([name, target]) =>
    typeof target === "string" ? [] : [{ name, ...target }],
  );

  it("are built", () => {
    for (const { types, default: main } of entries) {
      expect([types, existsSync(join(ROOT, types))]).toEqual([types, true]);
      expect([main, existsSync(join(ROOT, main))]).toEqual([main, true]);
    }
  });

  it("have types for projects that resolve as `cdktf init` sets them up, without regard to exports", () => {
    const expected = entries
      .filter(({ name }) => name !== ".")
      .map(({ name, types }) => [name.slice("./".length), [types.slice("./".length)]]);
    expect(typesVersions["*"]).toEqual(Object.fromEntries(expected));
  });
});
