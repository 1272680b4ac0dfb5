import { setMaxListeners } from "node:events";
import { ServiceError } from "../../../functions/tencent/service-error";
import { ProbedAccount, type ProbeRun } from "./account";
import type { Leftover } from "./clean-up";
import type { Probe } from "./probe";

/** What came of one probe. */
export interface Outcome {
  readonly id: string;
  readonly question: string;
  readonly stated: string;
  readonly fact: string;
  readonly observed?: string;
  /** Why nothing was seen. */
  readonly failure?: string;
  readonly leftovers: readonly Leftover[];
}

/** Runs a probe and takes away what it made, also where it fails or the run is ended. Never rejects. */
export async function runProbe(probe: Probe, run: ProbeRun): Promise<Outcome> {
  // A listener for each request under way.
  setMaxListeners(0, run.signal);
  const account = new ProbedAccount(run);
  const { id, question, stated, fact } = probe;
  try {
    const seen = await observe(probe, account, run.signal);
    // The signal that ended the run must not keep what was made.
    const leftovers = await account.cleanUp.run((ms) => run.stopwatch.wait(ms));
    return { id, question, stated, fact, ...seen, leftovers };
  } finally {
    account.close();
  }
}

async function observe(
  probe: Probe,
  account: ProbedAccount,
  signal: AbortSignal,
): Promise<Pick<Outcome, "observed" | "failure">> {
  try {
    return { observed: await probe.run(account) };
  } catch (error) {
    if (signal.aborted) return { failure: "interrupted" };
    if (error instanceof ServiceError) return { failure: error.message };
    // A fault of the probe's own, such as an answer of a form that it does not know, ends no other.
    return { failure: `the probe failed: ${(error as Error).message}` };
  }
}
