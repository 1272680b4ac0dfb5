import { builtFile } from "../packaging/built-files";
import type { ZipContents } from "../packaging/zip";

/** The wrapper in a watched function's zip, which runs first and calls the user's handler. */
export interface Wrapper {
  /** File and export that SCF calls instead of the user's. */
  readonly handler: string;
  /** The wrapper's file. */
  files(): ZipContents;
}

const NODE: Wrapper = {
  handler: "logs-live.main_handler",
  files: () => ({ "logs-live.js": builtFile("parts/live.js") }),
};

const PYTHON: Wrapper = {
  handler: "logs.main_handler",
  files: () => ({ "logs.py": builtFile("live/logs.py") }),
};

/** The wrapper for functions of a runtime; undefined if there is no reporter in its language. */
export function wrapperFor(runtime: string): Wrapper | undefined {
  if (/^Nodejs/.test(runtime)) return NODE;
  return /^Python3/.test(runtime) ? PYTHON : undefined;
}
