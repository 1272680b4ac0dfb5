import { whereThrown } from "../processors/where-thrown";
import { logError } from "../runtime/log";
import { QUARANTINED } from "../settings";

/** The function's code threw outside of any call of ours: in a timer, or in a listener. */
export class UncaughtError extends Error {
  override readonly name = "UncaughtError";
  readonly code = "LOGS_UNCAUGHT";
}

/** An invocation in progress. */
interface AtWork {
  /** Ends its work. */
  fail(error: Error): void;
  /** Names of its marked inputs. */
  underWay(): Iterable<string>;
}

const atWork = new Set<AtWork>();

/**
 * Watches, during an invocation, for errors of code that no call of ours waits for. Returns a function that ends the watch.
 *
 * - An exception in a timer or a listener leaves an unknown state, so it fails the invocation.
 * - The end of the process is reported on stderr, which is written immediately, because nothing can be sent any more. The
 *   marks of the inputs stay.
 * - A rejected promise that nobody awaits is only logged, because all records are accounted for without it. Node would end
 *   the process.
 */
export function watchStrays(invocation: AtWork): () => void {
  watchRejections();
  if (atWork.size === 0) process.on("uncaughtException", onUncaught).on("exit", onExit);
  atWork.add(invocation);
  return () => {
    atWork.delete(invocation);
    if (atWork.size === 0) process.off("uncaughtException", onUncaught).off("exit", onExit);
  };
}

function onUncaught(error: unknown): void {
  const where = whereThrown(error);
  logError(`code of the function threw outside of any call: ${where}`);
  const fault = new UncaughtError(`timers and listeners must not throw, got ${where}; catch what they throw`);
  for (const invocation of atWork) invocation.fail(fault);
}

function onExit(code: number): void {
  for (const name of [...atWork].flatMap((invocation) => [...invocation.underWay()])) {
    logError(`${QUARANTINED} ${name}: killed, for the process ended with code ${code}; code must not end it`);
  }
}

let isWatching = false;

/** Stays installed: a promise of one invocation can reject in the next, or between two. */
function watchRejections(): void {
  if (isWatching) return;
  isWatching = true;
  process.on("unhandledRejection", (reason) => {
    logError(`a promise that nobody awaits was rejected: ${whereThrown(reason)}; await it, or catch what it throws`);
  });
}
