import { builtFile } from "../packaging/built-files";
import type { ZipContents } from "../packaging/zip";

/** What stands in a watched function's zip before the user's handler, and calls it. */
export interface Wrapper {
  /** File and export that SCF calls in place of the user's. */
  readonly handler: string;
  /** Its file. */
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

/** The wrapper for functions of a runtime; none where there is no reporter in its language. */
export function wrapperFor(runtime: string): Wrapper | undefined {
  if (/^Nodejs/.test(runtime)) return NODE;
  return /^Python3/.test(runtime) ? PYTHON : undefined;
}
