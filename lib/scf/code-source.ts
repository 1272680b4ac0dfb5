import type { DirectoryFiles } from "../packaging/directory";
import { zip, type ZipContents } from "../packaging/zip";
import { mergeZips, zipNames } from "../packaging/zip-merge";

/** Where a function's zip comes from. */
export interface CodeSource {
  /** Names of its files; undefined where it is a zip that only SCF can read. */
  readonly names: readonly string[] | undefined;
  /** The zip, with these files beside its own, which stay as they are. */
  pack(beside: ZipContents): Uint8Array;
}

/** Files that we make a zip of. */
export function sourceOfFiles({ contents, executables }: DirectoryFiles): CodeSource {
  return { names: Object.keys(contents), pack: (beside) => zip({ ...contents, ...beside }, executables) };
}

/** A zip that somebody else made. */
export function sourceOfZip(bytes: Uint8Array): CodeSource {
  return {
    names: zipNames(bytes),
    pack: (beside) => (Object.keys(beside).length === 0 ? bytes : mergeZips(bytes, zip(beside))),
  };
}

/**
 * The files that may hold a handler, `index.main_handler`, in the runtime's language; none where it is not known.
 * Fact: docs/design/facts/runtime.md#handler-and-context.
 */
export function handlerFiles(handler: string, runtime: string): readonly string[] | undefined {
  const module = handler.slice(0, handler.lastIndexOf("."));
  if (/^Nodejs/.test(runtime)) return [`${module}.js`, `${module}/index.js`];
  if (!/^Python/.test(runtime)) return undefined;
  const path = module.replace(/\./g, "/");
  return [`${path}.py`, `${path}/__init__.py`];
}
