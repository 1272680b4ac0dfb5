/**
 * The reporter of live logs, for functions that bundle it themselves:
 *
 * ```ts
 * import { watch } from "cdktf-tencent-logs/live";
 * export const main_handler = watch(async (event) => { ... });
 * ```
 *
 * It starts on import. What the function writes to `process.stdout` and `process.stderr` still goes to SCF's own log,
 * byte for byte. While somebody tails the function, it also goes to the live topic. If the variable `LOGS_LIVE` is not
 * set, as on a development machine, the reporter does nothing.
 * @module cdktf-tencent-logs/live
 */
import { startReporter } from "./start";
import { type ScfHandler, wrap } from "./wrap";

export type { ScfHandler } from "./wrap";

const reporter = startReporter();

/**
 * Wraps a handler so that its lines are sent before it ends. It waits for at most 100 ms, and only while somebody
 * watches. The handler's arguments, result and errors are unchanged.
 *
 * @param handler a handler in any style: with a promise, with a callback, or with neither
 */
export function watch<Handler extends ScfHandler>(handler: Handler): Handler {
  return reporter ? wrap(handler, reporter) : handler;
}
