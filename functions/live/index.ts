/**
 * The reporter of a function that is watched, for functions that bundle it themselves:
 *
 * ```ts
 * import { watch } from "cdktf-tencent-logs/live";
 * export const main_handler = watch(async (event) => { ... });
 * ```
 *
 * It starts on import. What the function writes to `process.stdout` and `process.stderr` goes on to SCF's own log byte
 * for byte; while somebody tails the function, it goes to its live topic as well. Where the variable `LOGS_LIVE` is not
 * set, as on a laptop, nothing happens.
 * @module cdktf-tencent-logs/live
 */
import { startReporter } from "./start";
import { type ScfHandler, wrap } from "./wrap";

export type { ScfHandler } from "./wrap";

const reporter = startReporter();

/**
 * The same handler, whose lines leave before it ends, for which it waits 100 ms at most, and only while somebody watches.
 * What it gets, returns and throws is untouched.
 *
 * @param handler with a promise, with a callback, or with neither
 */
export function watch<Handler extends ScfHandler>(handler: Handler): Handler {
  return reporter ? wrap(handler, reporter) : handler;
}
