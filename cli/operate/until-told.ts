/**
 * Milliseconds after which the process exits regardless of work in progress: after SIGTERM it must exit within 10 s.
 */
const LIMIT_MS = 9_500;

/**
 * Runs work until SIGTERM or Ctrl-C aborts its signal, which is the normal way to end. A worker whose parent has exited
 * also stops. Hanging work, such as user code, does not keep the process alive: its input comes again.
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
