import type { Source } from "../../functions/consume";
import { LinkedAbort } from "../../functions/runtime/linked-abort";
import { UserError } from "../../terminal/user-error";

/**
 * Runs sources until all have left, or have completed their work. If one cannot continue, the others leave in order,
 * and its error is thrown: the service manager restarts the process.
 *
 * @param open creates the sources, which leave when its signal aborts
 */
export async function runSources(signal: AbortSignal, open: (signal: AbortSignal) => readonly Source[]): Promise<void> {
  const ending = new LinkedAbort(signal);
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    open(ending.signal).map((source) =>
      source.run().catch((error: unknown) => {
        failure ??= { error };
        ending.abort(new Error("another source cannot go on"));
      }),
    ),
  );
  if (!failure) return;
  const { error } = failure;
  throw error instanceof Error ? Object.assign(new UserError(error.message), { cause: error }) : error;
}
