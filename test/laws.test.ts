import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

type Import = [file: string, module: string];

const FORBIDDEN: Import[] = [
  ["functions/x.ts", "../lib/errors"],
  ["functions/x.ts", "../local/cloud"],
  ["functions/x.ts", "cdktf"],
  ["functions/events/x.ts", "constructs"],
  ["functions/events/x.ts", "cdktf-tencent-logs"],
  ["lib/x.ts", "cdktf"],
  ["lib/x.ts", "cdktf/lib/testing"],
  ["lib/scf/x.ts", "cdktf"],
  ["lib/scf/x.ts", "../../functions/parser/lines"],
  ["lib/x.ts", "../functions/handlers/cos-batch/cos-batch"],
  ["rules/x.ts", "../lib/errors"],
  ["functions/processors/x.ts", "../../rules/native/compile"],
  ["functions/x.ts", "../parts/rules"],
  ["parts/x.ts", "../rules/native/compile"],
  ["lib/x.ts", "../local/cloud"],
  ["lib/scf/x.ts", "../../local/cloud"],
  ["lib/x.ts", "../test/lib/support/stack"],
  ["local/x.ts", "../functions/settings"],
  ["local/x.ts", "../lib/errors"],
  ["local/x.ts", "cdktf"],
  ["deploy/x.ts", "../functions/events/cos-event"],
  ["deploy/x.ts", "../lib/errors"],
  ["examples/x/main.ts", "../../lib/index"],
  ["examples/x/main.ts", "../../functions/settings"],
];

const ALLOWED: Import[] = [
  ["functions/x.ts", "./settings"],
  ["functions/x.ts", "node:fs"],
  ["lib/framework.ts", "cdktf"],
  ["lib/scf/x.ts", "../framework"],
  ["lib/scf/x.ts", "../../functions/settings"],
  ["lib/x.ts", "../functions/invocation/summary"],
  ["lib/x.ts", "../rules/native/compile"],
  ["lib/x.ts", "../functions/runtime/loader"],
  ["lib/testing/x.ts", "../../local/cloud"],
  ["local/x.ts", "./cloud"],
  ["deploy/x.ts", "../functions/tencent/signature"],
  ["examples/x/main.ts", "cdktf-tencent-logs"],
  ["examples/x/main.ts", "cdktf"],
];

/** Lints files that hold one import each, in a process of its own: ESLint loads its configuration as a module. */
function lint(imports: Import[]): string[][] {
  const script = `
    import { ESLint } from "eslint";
    const eslint = new ESLint();
    const found = [];
    for (const [filePath, module] of ${JSON.stringify(imports)}) {
      const code = 'import * as it from "' + module + '";\\nexport { it };\\n';
      const [{ messages }] = await eslint.lintText(code, { filePath });
      found.push(messages.map(({ ruleId }) => ruleId));
    }
    console.log(JSON.stringify(found));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: ROOT, encoding: "utf8" });
  return JSON.parse(output) as string[][];
}

describe("the laws of who may import what", () => {
  const found = lint([...FORBIDDEN, ...ALLOWED]);

  it.each(FORBIDDEN.map((it, index) => [...it, found[index]] as const))(
    "%s may not import %s",
    (_file, _module, rules) => {
      expect(rules).toEqual(["no-restricted-imports"]);
    },
  );

  it.each(ALLOWED.map((it, index) => [...it, found[FORBIDDEN.length + index]] as const))(
    "%s may import %s",
    (_file, _module, rules) => {
      expect(rules).toEqual([]);
    },
  );
});
