import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../markdown";

/** Entry points of the package whose types are ours, by the names that users import. */
export const ENTRIES: Readonly<Record<string, string>> = {
  "cdktf-tencent-logs": "lib/index",
  "cdktf-tencent-logs/processor": "functions/processors/define",
  "cdktf-tencent-logs/testing": "lib/testing/index",
  "cdktf-tencent-logs/live": "functions/live/index",
};

/** The declarations of an entry point, as the build made them. */
export function declarationsOf(entry: string): string {
  return join(ROOT, "dist", `${ENTRIES[entry]}.d.ts`);
}

export const FIXTURES = join(ROOT, "test/docs/support/fixtures.ts");

/**
 * One program for all that the docs need of the compiler: texts that are on no disk, by their paths, the fixtures, and the
 * declarations of all entry points. The framework's and the provider's types are read once, and taken over from an old one.
 */
export function programOf(sources: ReadonlyMap<string, string>, old?: ts.Program): ts.Program {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.test.json"), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // What a block shows need not be used in it.
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
