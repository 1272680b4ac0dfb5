import { setFlagsFromString } from "node:v8";

/**
 * A match that has gone back this often is given up and done anew by V8's linear-time engine. Patterns that are fine go
 * back some hundred times at most.
 */
const BACKTRACKS_BEFORE_FALLBACK = 5_000;

let isReady: boolean | undefined;

/**
 * Has V8 go over to its linear-time engine where a pattern goes back too often, which holds for patterns of the dialect
 * that engine takes. `false` where this V8 has no such engine: then our own matcher does all the work, slower.
 */
export function prepareV8(): boolean {
  return (isReady ??= switchOn());
}

function switchOn(): boolean {
  setFlagsFromString("--enable-experimental-regexp-engine");
  if (!isLinear("a", "")) return false;
  setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
  setFlagsFromString(`--regexp-backtracks-before-fallback=${BACKTRACKS_BEFORE_FALLBACK}`);
  return true;
}

/** Whether the linear-time engine takes a pattern: it alone knows the flag `l`. */
export function isLinear(source: string, flags: string): boolean {
  try {
    new RegExp(source, `${flags}l`);
    return true;
  } catch {
    return false;
  }
}
