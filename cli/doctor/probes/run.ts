import { setMaxListeners } from "node:events";
import { ServiceError } from "../../../functions/tencent/service-error";
import { ProbedAccount, type ProbeRun } from "./account";
import type { Leftover } from "./clean-up";
import type { Probe } from "./probe";

/** Result of one probe. */
export interface Outcome {
  readonly id: string;
  readonly question: string;
  readonly stated: string;
  readonly fact: string;
  readonly observed?: string;
  /** Why there is no observation. */
  readonly failure?: string;
  readonly leftovers: readonly Leftover[];
}

/** Runs a probe and removes what it created, even if it fails or the run is aborted. Never rejects. */
export async function runProbe(probe: Probe, run: ProbeRun): Promise<Outcome> {
  // A listener for each request in progress.
  setMaxListeners(0, run.signal);
  const account = new ProbedAccount(run);
  const { id, question, stated, fact } = probe;
  try {
    const seen = await observe(probe, account, run.signal);
    // The signal that ended the run must not prevent the removal.
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
    // A bug in the probe, such as an answer in an unknown format, does not end the others.
    return { failure: `the probe failed: ${(error as Error).message}` };
  }
}
