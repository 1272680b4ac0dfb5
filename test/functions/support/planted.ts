import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { compileChanged } from "../parser/scan/compiled";

const ROOT = join(__dirname, "../../..");
const SCANNER = "functions/parser/scan/assembly/";

/** A change that breaks a source: its path from the root, a text that occurs once in it, and its replacement. */
export type Planted = readonly [path: string, code: string, fault: string];

/**
 * Loads a test suite with a fault in one of its sources; everything else is unchanged. Sources of the scanner are
 * compiled for it.
 *
 * @param suite path of a module from the root; it and all its imports are loaded again
 */
export function suiteWithFault<Suite extends object>(suite: string, planted: Planted): Suite {
  jest.resetModules();
  // Restores the modules of the previous call.
  for (const module of mocked.splice(0)) jest.dontMock(module);
  plant(planted);
  return jest.requireActual<Suite>(join(ROOT, suite));
}

const mocked: string[] = [];

function mock(module: string, factory: () => unknown): void {
  mocked.push(module);
  jest.doMock(module, factory);
}

function plant([path, code, fault]: Planted): void {
  const change = (source: string) => {
    expect(source.split(code)).toHaveLength(2);
    return source.replace(code, () => fault);
  };
  if (path.startsWith(SCANNER)) {
    const binary = compileChanged((file, source) => (SCANNER + file === path ? change(source) : source));
    const MODULE = brotliCompressSync(binary).toString("base64");
    return mock(join(ROOT, "functions/parser/scan/module"), () => ({ MODULE }));
  }
  const file = join(ROOT, path);
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = transpileModule(change(readFileSync(file, "utf8")), { compilerOptions });
  mock(file, () => {
    const module = { exports: {} };
    const requireFrom = (name: string): unknown =>
      jest.requireActual(name.startsWith(".") ? join(dirname(file), name) : name);
    new Function("require", "module", "exports", outputText)(requireFrom, module, module.exports);
    return module.exports;
  });
}
