/** Milliseconds after which the process ends whatever is under way: SIGTERM leaves within 10 s. */
const LIMIT_MS = 9_500;

/**
 * Does work until SIGTERM or Ctrl-C aborts its signal: leaving is then how it ends well. A worker whose parent is gone
 * leaves too. What hangs, such as a user's code, does not keep the process: what it worked on comes again.
 */
export async function untilTold(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const leave = (): void => {
    if (controller.signal.aborted) return;
    controller.abort(new Error("the process is told to end"));
    const end = (): void => {
      process.stderr.write(`work was still in progress ${LIMIT_MS / 1000} s after the stop signal; exiting\n`);
      process.exit(1);
    };
    setTimeout(end, LIMIT_MS).unref();
  };
  process.on("SIGINT", leave).on("SIGTERM", leave).on("disconnect", leave);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", leave).off("SIGTERM", leave).off("disconnect", leave);
    if (process.connected) process.disconnect();
  }
}
