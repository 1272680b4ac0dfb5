import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { LogProcessor } from "../../../lib";
import { findNode18 } from "../support/node18";

const ENRICH = `import { parseLevel } from "./level";

export default {
  record(record: { fields: Record<string, unknown> }) {
    parseLevel(String(record.fields.secret));
    return record;
  },
};
`;
const LEVEL = `interface Level {
  readonly name: string;
}

export function parseLevel(text: string): Level {
  throw new RangeError("no level: " + text);
}
`;

/** A handler of nothing but the processor: one batch of two records, on both of which the processor fails. */
const HANDLER = `
import { CodeProcessor } from ${JSON.stringify(join(__dirname, "../../../functions/processors/code"))};
import { loadProcessor } from ${JSON.stringify(join(__dirname, "../../../functions/processors/load"))};
import { recordsOf } from ${JSON.stringify(join(__dirname, "../support/records"))};

const processor = new CodeProcessor(loadProcessor(__dirname), { outputs: {} });
const lines = [1, 2].map((n) => JSON.stringify({ secret: "hidden\\n    at hidden (/hidden.js:1:" + n + ")" }));
Promise.resolve(processor.process(recordsOf(lines))).then(({ failed }) => console.log(failed));
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "source-map-"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/enrich.ts"), ENRICH);
  writeFileSync(join(folder, "src/level.ts"), LEVEL);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the handler prints beside a processor that was bundled with or without a source map. */
function run(sourceMap: boolean, node = process.execPath) {
  const zip = mkdtempSync(join(folder, "zip-"));
  const { files } = LogProcessor.fromEntry(join(folder, "src/enrich.ts"), { sourceMap });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(zip, name), content);
  const stdin = { contents: HANDLER, resolveDir: zip, loader: "ts" } as const;
  buildSync({ stdin, outfile: join(zip, "index.js"), bundle: true, platform: "node", target: "node18", format: "cjs" });
  return { zip, ...spawnSync(node, [join(zip, "index.js")], { encoding: "utf8" }) };
}

const node18 = findNode18();

it.each([["this Node", process.execPath], ...("path" in node18 ? [["the Node of SCF", node18.path]] : [])])(
  "a failure names the user's lines where the bundle has a source map, once and without the record: %s",
  (_name, node) => {
    const { zip, stderr, stdout } = run(true, node);
    expect(stdout).toBe("2\n");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/^cos:\/\/logs-1250000000\/a\.gz, line 1: the processor threw RangeError at /);
    const [level, enrich] = stderr.matchAll(/([^( ]+\.ts):(\d+):\d+/g);
    expect([level.slice(1), enrich.slice(1)]).toEqual([
      [join(zip, "level.ts"), "6"],
      [join(zip, "enrich.ts"), "5"],
    ]);
    expect(stderr).not.toContain("hidden");
  },
);

it("a failure names the bundle's line where there is no source map", () => {
  const { stderr, zip } = run(false);
  expect(stderr).toContain(`${join(zip, "processor.js")}:`);
  expect(stderr).not.toContain(".ts:");
});
