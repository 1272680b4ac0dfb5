import { format } from "node:util";
import { isMainThread } from "node:worker_threads";
import { hookConsole, hookDescriptors, hookStreams, type Tap } from "./hook";
import { Reporter, troubleLine } from "./reporter";
import { LIVE_VARIABLE, readLiveSettings } from "./settings";

/** Where the reporter of this process is found by another copy of this code: each line is reported once. */
const REPORTER = Symbol.for("cdktf-tencent-logs.live");

type Shared = { [REPORTER]?: { readonly reporter?: Reporter } };

/**
 * Starts the reporter of this process, or finds the one that runs: undefined where the function is no watched one, or
 * cannot be. That it cannot is one line in SCF's own log; it never throws.
 */
export function startReporter(environment: NodeJS.ProcessEnv = process.env): Reporter | undefined {
  const shared = globalThis as Shared;
  shared[REPORTER] ??= { reporter: start(environment) };
  return shared[REPORTER].reporter;
}

function start(environment: NodeJS.ProcessEnv): Reporter | undefined {
  // What a worker thread writes comes through the streams of the main one, which are hooked.
  if (!environment[LIVE_VARIABLE] || !isMainThread) return undefined;
  // As it was before it was hooked: what the reporter says of itself is not reported.
  const tell = process.stderr.write.bind(process.stderr) as (line: string) => boolean;
  try {
    const reporter = new Reporter(readLiveSettings(environment[LIVE_VARIABLE]), tell, environment);
    const tap: Tap = (stream, chunk, encoding) => reporter.take(stream, chunk, encoding);
    hookStreams(tap);
    hookDescriptors(tap);
    hookConsole((level) => reporter.setLevel(level));
    listen(reporter);
    return reporter;
  } catch (error) {
    tell(troubleLine(error));
    return undefined;
  }
}

/** The ends that no handler tells of. */
function listen(reporter: Reporter): void {
  process.on("beforeExit", () => void reporter.leave());
  process.on("exit", () => reporter.sendLast());
  process.on("uncaughtExceptionMonitor", (error) => {
    // Where somebody listens, it is theirs to tell, and the process may live on.
    if (process.listenerCount("uncaughtException") === 0) reporter.reportCrash(format("%s", stackOf(error)));
  });
}

/** What Node writes of an error that nobody catches, past `process.stderr`. */
export function stackOf(error: unknown): string {
  try {
    return error instanceof Error && typeof error.stack === "string" ? error.stack : format(error);
  } catch {
    return "an error that cannot be shown";
  }
}
