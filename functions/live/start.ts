import { format } from "node:util";
import { isMainThread } from "node:worker_threads";
import { hookConsole, hookDescriptors, hookStreams, type Tap } from "./hook";
import { Reporter, troubleLine } from "./reporter";
import { LIVE_VARIABLE, readLiveSettings } from "./settings";

/** Lets another copy of this code find the reporter of this process, so that each line is reported once. */
const REPORTER = Symbol.for("cdktf-tencent-logs.live");

type Shared = { [REPORTER]?: { readonly reporter?: Reporter } };

/**
 * Starts the reporter of this process, or returns the running one; undefined if the function is not watched, or cannot be.
 * The latter is logged as one line in SCF's own log. Never throws.
 */
export function startReporter(environment: NodeJS.ProcessEnv = process.env): Reporter | undefined {
  const shared = globalThis as Shared;
  shared[REPORTER] ??= { reporter: start(environment) };
  return shared[REPORTER].reporter;
}

function start(environment: NodeJS.ProcessEnv): Reporter | undefined {
  // Output of a worker thread comes through the streams of the main thread, which are hooked.
  if (!environment[LIVE_VARIABLE] || !isMainThread) return undefined;
  // The original write, before the hook: the reporter's own messages are not reported.
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

/** Ends of the process that no handler reports. */
function listen(reporter: Reporter): void {
  process.on("beforeExit", () => void reporter.leave());
  process.on("exit", () => reporter.sendLast());
  process.on("uncaughtExceptionMonitor", (error) => {
    // If there is a listener, it reports the error, and the process can survive.
    if (process.listenerCount("uncaughtException") === 0) reporter.reportCrash(format("%s", stackOf(error)));
  });
}

/** What Node writes about an uncaught error, past `process.stderr`. */
export function stackOf(error: unknown): string {
  try {
    return error instanceof Error && typeof error.stack === "string" ? error.stack : format(error);
  } catch {
    return "an error that cannot be shown";
  }
}
