import { constants } from "node:os";
import { UserError } from "./user-error";

/**
 * Runs work that Ctrl-C or SIGTERM aborts through its signal, with a {@link UserError} as the reason. The process
 * continues until the work has cleaned up: a second signal has no effect, because Ctrl-C arrives twice if both the
 * terminal and npm send it.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void =>
    controller.abort(new UserError("interrupted", 128 + constants.signals[name]));
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** Waits for work until the signal aborts; then throws its reason, without stopping the work. */
export async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    abort = resolve;
    if (signal.aborted) resolve();
  });
  signal.addEventListener("abort", abort);
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
  signal.throwIfAborted();
}
