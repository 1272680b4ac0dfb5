/**
 * The handler of a watched function, `logs-live.main_handler`. It starts the reporter, then loads the user's own module,
 * which the settings name, and wraps its export. The reporter starts first, so that output during the module's load is seen
 * as well.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { objectIn } from "../functions/runtime/checked-json";
import { LIVE_VARIABLE } from "../functions/live/settings";
import { stackOf, startReporter } from "../functions/live/start";
import { type ScfHandler, wrap } from "../functions/live/wrap";

const reporter = startReporter();

/** The export that the settings name, such as `index.main_handler`: from `index.js` beside this file. */
function load(name: unknown): ScfHandler {
  const [, file, member] = (typeof name === "string" && /^(.+)\.([^./]+)$/.exec(name)) || [];
  if (file === undefined || member === undefined) {
    const got = name === undefined ? "nothing" : JSON.stringify(name);
    throw new Error(
      `${LIVE_VARIABLE}.handler must be file.export, got ${got}; deploy the function through its construct`,
    );
  }
  // A handler is CommonJS. Fact: docs/design/facts/runtime.md#node-runtime.
  const loaded = createRequire(__filename)(join(__dirname, file)) as Record<string, unknown>;
  const handler = loaded[member];
  if (typeof handler === "function") return handler as ScfHandler;
  throw new Error(`handler ${String(name)} must be exported as a function, got ${typeof handler}`);
}

/**
 * The name of the user's handler. An update of a function deploys its code first and its variables later: until then it is
 * SCF's default.
 */
function handlerName(): unknown {
  const settings = process.env[LIVE_VARIABLE];
  return settings ? objectIn(settings)?.handler : "index.main_handler";
}

function loadReported(): ScfHandler {
  try {
    const handler = load(handlerName());
    return reporter ? wrap(handler, reporter) : handler;
  } catch (error) {
    reporter?.reportCrash(stackOf(error));
    reporter?.sendLast();
    throw error;
  }
}

/** The function that SCF calls. */
export const main_handler = loadReported();
