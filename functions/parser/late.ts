/* eslint-disable @typescript-eslint/no-require-imports -- an import would run these modules as the handler loads */

/**
 * Engines that only some content needs: loading one at startup would delay every function by a millisecond.
 */
export function loadPatterns(): typeof import("../../rules/regex/javascript") {
  return require("../../rules/regex/javascript") as typeof import("../../rules/regex/javascript");
}

export function loadTimes(): typeof import("../../rules/python/times") {
  return require("../../rules/python/times") as typeof import("../../rules/python/times");
}
