import type { DirectoryFiles } from "../packaging/directory";
import { zip, type ZipContents } from "../packaging/zip";
import { mergeZips, zipNames } from "../packaging/zip-merge";

/** Where a function's zip comes from. */
export interface CodeSource {
  /** Names of its files; undefined for a zip that only SCF can read. */
  readonly names: readonly string[] | undefined;
  /** Returns the zip with these files added. Existing files stay unchanged. */
  pack(beside: ZipContents): Uint8Array;
}

/** Files that we pack into a zip. */
export function sourceOfFiles({ contents, executables }: DirectoryFiles): CodeSource {
  return { names: Object.keys(contents), pack: (beside) => zip({ ...contents, ...beside }, executables) };
}

/** A zip that already exists. */
export function sourceOfZip(bytes: Uint8Array): CodeSource {
  return {
    names: zipNames(bytes),
    pack: (beside) => (Object.keys(beside).length === 0 ? bytes : mergeZips(bytes, zip(beside))),
  };
}

/**
 * Files that can contain the handler (`index.main_handler`), in the language of the runtime; undefined if the language
 * is not known. Fact: docs/design/facts/runtime.md#handler-and-context.
 */
export function handlerFiles(handler: string, runtime: string): readonly string[] | undefined {
  const module = handler.slice(0, handler.lastIndexOf("."));
  if (/^Nodejs/.test(runtime)) return [`${module}.js`, `${module}/index.js`];
  if (!/^Python/.test(runtime)) return undefined;
  const path = module.replace(/\./g, "/");
  return [`${path}.py`, `${path}/__init__.py`];
}
