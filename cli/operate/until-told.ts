/**
 * Does work until SIGTERM or Ctrl-C aborts its signal: leaving is then how it ends well. A worker whose parent is gone
 * leaves too.
 */
export async function untilTold(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const leave = (): void => controller.abort(new Error("the process is told to end"));
  process.on("SIGINT", leave).on("SIGTERM", leave).on("disconnect", leave);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", leave).off("SIGTERM", leave).off("disconnect", leave);
    if (process.connected) process.disconnect();
  }
}
