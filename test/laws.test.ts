import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(__dirname, "..");

/** A file of the tree, and what it imports: another file, or a package. */
type Import = [file: string, imported: string];

const FORBIDDEN: Import[] = [
  ["functions/x.ts", "lib/errors.ts"],
  ["functions/x.ts", "local/cloud.ts"],
  ["functions/x.ts", "parts/rules.ts"],
  ["functions/x.ts", "terminal/flags.ts"],
  ["functions/x.ts", "cdktf"],
  ["functions/events/x.ts", "constructs"],
  ["functions/events/x.ts", "kafkajs"],
  ["functions/processors/x.ts", "rules/native/compile.ts"],
  ["functions/processors/x.ts", "rules/run/engine.ts"],
  ["rules/x.ts", "lib/errors.ts"],
  ["rules/x.ts", "functions/records/contracts.ts"],
  ["rules/functions/x.ts", "cdktf"],
  ["monitor/x.ts", "rules/run/engine.ts"],
  ["monitor/x.ts", "rules/literals/idle.ts"],
  ["monitor/x.ts", "functions/records/contracts.ts"],
  ["monitor/x.ts", "lib/errors.ts"],
  ["functions/x.ts", "monitor/state/store.ts"],
  ["cli/x.ts", "monitor/state/store.ts"],
  ["parts/x.ts", "rules/native/compile.ts"],
  ["parts/x.ts", "lib/errors.ts"],
  ["parts/x.ts", "cdktf"],
  ["lib/x.ts", "cdktf"],
  ["lib/scf/x.ts", "cdktf"],
  ["lib/scf/x.ts", "functions/parser/lines.ts"],
  ["lib/x.ts", "functions/handlers/cos-batch/cos-batch.ts"],
  ["lib/x.ts", "rules/run/engine.ts"],
  ["lib/x.ts", "parts/rules.ts"],
  ["lib/x.ts", "local/cloud.ts"],
  ["lib/x.ts", "test/lib/support/stack.ts"],
  ["lib/testing/x.ts", "cdktf"],
  ["lib/testing/x.ts", "cli/run.ts"],
  ["lib/x.ts", "cli/rules/test.ts"],
  ["lib/cls/x.ts", "lib/scf/function.ts"],
  ["lib/cos/x.ts", "lib/scf/function.ts"],
  ["deploy/x.ts", "functions/events/cos-event.ts"],
  ["deploy/x.ts", "functions/runtime/loader.ts"],
  ["deploy/x.ts", "lib/errors.ts"],
  ["local/x.ts", "functions/settings/reader.ts"],
  ["local/x.ts", "functions/invocation/summary.ts"],
  ["local/x.ts", "rules/index.ts"],
  ["local/x.ts", "lib/errors.ts"],
  ["local/x.ts", "cli/run.ts"],
  ["local/x.ts", "terminal/flags.ts"],
  ["local/x.ts", "cdktf"],
  ["cli/local/x.ts", "lib/errors.ts"],
  ["cli/local/x.ts", "local/cloud.ts"],
  ["cli/dev/x.ts", "local/plan/stack.ts"],
  ["cli/dev/x.ts", "monitor/index.ts"],
  ["cli/app/x.ts", "local/index.ts"],
  ["cli/x.ts", "cdktf"],
  ["page/x.ts", "cli/graph/draw.ts"],
  ["page/x.ts", "cli/page/server.ts"],
  ["page/x.ts", "functions/runtime/checked-json.ts"],
  ["page/x.ts", "cdktf"],
  ["cli/x.ts", "constructs"],
  ["cli/x.ts", "local/cloud.ts"],
  ["cli/x.ts", "lib/cam/account-roles.ts"],
  ["cli/x.ts", "examples/y/main.ts"],
  ["cli/x.ts", "rules/run/engine.ts"],
  ["terminal/x.ts", "cli/run.ts"],
  ["terminal/x.ts", "lib/errors.ts"],
  ["terminal/x.ts", "yaml"],
  ["terminal/x.ts", "rules/index.ts"],
  ["examples/x/main.ts", "lib/index.ts"],
  ["examples/x/main.ts", "functions/settings/reader.ts"],
  ["examples/x/main.ts", "examples/y/main.ts"],
];

const ALLOWED: Import[] = [
  ["functions/x.ts", "functions/settings/reader.ts"],
  ["functions/x.ts", "rules/index.ts"],
  ["functions/x.ts", "node:fs"],
  ["rules/x.ts", "rules/run/engine.ts"],
  ["parts/x.ts", "functions/outputs/kafka-part.ts"],
  ["parts/x.ts", "rules/run/engine.ts"],
  ["parts/x.ts", "kafkajs"],
  ["lib/framework.ts", "cdktf"],
  ["lib/framework.ts", "lib/template.ts"],
  ["lib/scf/x.ts", "lib/framework.ts"],
  ["lib/scf/x.ts", "lib/cls/topic.ts"],
  ["lib/scf/x.ts", "functions/settings/reader.ts"],
  ["lib/x.ts", "functions/invocation/summary.ts"],
  ["lib/x.ts", "functions/runtime/loader.ts"],
  ["lib/x.ts", "rules/index.ts"],
  ["lib/x.ts", "rules/native/compile.ts"],
  ["lib/x.ts", "constructs"],
  ["lib/testing/x.ts", "local/cloud.ts"],
  ["lib/testing/x.ts", "lib/errors.ts"],
  ["lib/testing/x.ts", "cli/rules/test.ts"],
  ["lib/testing/x.ts", "cli/monitor/cases.ts"],
  ["deploy/x.ts", "functions/runtime/checked-json.ts"],
  ["deploy/x.ts", "functions/tencent/signature.ts"],
  ["local/x.ts", "local/cloud.ts"],
  ["cli/local/x.ts", "local/index.ts"],
  ["cli/local/x.ts", "terminal/flags.ts"],
  ["cli/local/x.ts", "functions/parser/content-kind.ts"],
  ["cli/dev/x.ts", "local/index.ts"],
  ["cli/dev/x.ts", "cli/app/app.ts"],
  ["cli/x.ts", "terminal/flags.ts"],
  ["cli/x.ts", "functions/tencent/signature.ts"],
  ["cli/x.ts", "rules/native/compile.ts"],
  ["cli/x.ts", "rules/check/similar.ts"],
  ["cli/x.ts", "lib/cam/service-roles.ts"],
  ["terminal/x.ts", "rules/check/similar.ts"],
  ["examples/x/main.ts", "cdktf-tencent-logs"],
  ["examples/x/main.ts", "cdktf"],
  ["examples/x/main.ts", "examples/x/log.ts"],
];

/** Circles: each of their files imports the next, in the way that is told. */
const CIRCLES: Record<string, string[]> = {
  "of values": ["lib/a.ts: import { b } from './b'", "lib/b.ts: import { a } from './a'"],
  "of types": ["lib/c.ts: import type { d } from './d'", "lib/d.ts: import type { c } from './c'"],
  "of a value and a type": ["cli/a.ts: import { b } from './b'", "cli/b.ts: import type { a } from './a'"],
  "through a file that only passes on": [
    "local/a.ts: import { c } from './b'",
    "local/b.ts: export { c } from './c'",
    "local/c.ts: import type { a } from './a'",
  ],
  "of tests": ["test/a.ts: import { b } from './lib/b'", "test/lib/b.ts: import { a } from '../a'"],
};

/** What is wrong with a tree of files: the law, and from where to where. */
interface Violation {
  readonly law: string;
  readonly from: string;
  readonly to: string;
}

/** Judges a tree as `npm run lint` judges ours, in a process of its own: dependency-cruiser is a module. */
function judge(files: ReadonlyMap<string, string>): Violation[] {
  const folder = mkdtempSync(join(tmpdir(), "tencent-logs-laws-"));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const script = `
      import { cruise } from "dependency-cruiser";
      import config from ${JSON.stringify(pathToFileURL(join(ROOT, "laws.config.mjs")).href)};
      const options = { ...config.options, ruleSet: config, validate: true, baseDir: ${JSON.stringify(folder)} };
      const { output } = await cruise(["."], options);
      console.log(JSON.stringify(output.summary.violations.map(({ rule, from, to }) => ({ law: rule.name, from, to }))));`;
    const args = ["--input-type=module", "-e", script];
    return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as Violation[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const isPackage = (imported: string): boolean => !imported.endsWith(".ts");

/** Where a package's own file lies; ours is taken as it was built. */
const packageFile = (name: string): string => (name === "cdktf-tencent-logs" ? "dist/" : `node_modules/${name}/`);

function treeOf(imports: readonly Import[]): Map<string, string> {
  const files = new Map<string, string>();
  const add = (file: string, line: string): unknown => files.set(file, `${files.get(file) ?? ""}${line}\n`);
  for (const [file, imported] of imports) {
    const path = isPackage(imported) ? imported : `./${relative(dirname(file), imported).replace(/\.ts$/, "")}`;
    // A type is as good as a value: it is what the eye misses.
    add(file, `import type {} from "${path}";`);
    if (!isPackage(imported)) add(imported, "");
    else if (!imported.startsWith("node:")) add(`node_modules/${imported}/index.js`, "");
  }
  for (const line of Object.values(CIRCLES).flat()) {
    const [file = "", text = ""] = line.split(": ");
    add(file, `${text};`);
  }
  return files;
}

describe("the laws of who may import what", () => {
  let violations: Violation[];
  beforeAll(() => {
    violations = judge(treeOf([...FORBIDDEN, ...ALLOWED]));
  });

  /** The laws that an import breaks. */
  const broken = ([file, imported]: Import): string[] =>
    violations
      .filter(({ from, to }) => from === file && to.startsWith(isPackage(imported) ? packageFile(imported) : imported))
      .map(({ law }) => law);

  it.each(FORBIDDEN)("%s may not import %s", (...imports) => {
    expect(broken(imports)).not.toEqual([]);
  });

  it.each(ALLOWED)("%s may import %s", (...imports) => {
    expect(broken(imports)).toEqual([]);
  });

  // A circle is told once, at its first file.
  it.each(Object.entries(CIRCLES))("a circle %s is found", (_name, [line = ""]) => {
    const [file] = line.split(": ");
    expect(violations).toContainEqual(expect.objectContaining({ law: "no circle", from: file }));
  });
});
