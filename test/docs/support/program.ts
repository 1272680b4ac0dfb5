import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../markdown";

/** Entry points of the package with our own types, by their import names. */
export const ENTRIES: Readonly<Record<string, string>> = {
  "cdktf-tencent-logs": "lib/index",
  "cdktf-tencent-logs/processor": "functions/processors/define",
  "cdktf-tencent-logs/testing": "lib/testing/index",
  "cdktf-tencent-logs/live": "functions/live/index",
};

/** The built declarations of an entry point. */
export function declarationsOf(entry: string): string {
  return join(ROOT, "dist", `${ENTRIES[entry]}.d.ts`);
}

export const FIXTURES = join(ROOT, "test/docs/support/fixtures.ts");

/**
 * One compiler program for the docs: in-memory texts by path, the fixtures, and the declarations of all entry points.
 * The framework's and the provider's types are parsed once, and reused from an old program.
 */
export function programOf(sources: ReadonlyMap<string, string>, old?: ts.Program): ts.Program {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.test.json"), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // A block need not use everything that it shows.
  const loose = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(loose);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = sources.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    return old?.getSourceFile(file) ?? getSourceFile(file, ...rest);
  };
  return ts.createProgram([...sources.keys(), FIXTURES, ...Object.keys(ENTRIES).map(declarationsOf)], loose, host, old);
}
