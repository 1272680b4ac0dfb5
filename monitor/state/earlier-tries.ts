import type { Context } from "./context";
import { markKey } from "./keys";
import { type Claim, type Mark, parse } from "./objects";

/** Milliseconds that a batch waits for another attempt of itself, which may be in progress. */
const PATIENCE_MS = 40_000;
const LOOK_MS = 1_000;

/**
 * Of the claims of earlier attempts of a batch, those whose attempt succeeded, or succeeds during the wait. It waits
 * for all of them together; one after the other, a batch with many groups would occupy its partition for many minutes.
 *
 * @param reach resolves to undefined if the state is unavailable
 */
export async function finishedTries(
  claims: readonly Claim[],
  { store, pause }: Context,
  reach: <T>(ask: () => Promise<T>) => Promise<T | undefined>,
): Promise<ReadonlySet<Claim>> {
  const finished = new Set<Claim>();
  for (let waited = 0; waited < PATIENCE_MS && finished.size < claims.length; waited += LOOK_MS) {
    await pause(LOOK_MS);
    for (const countKey of new Set(claims.map((claim) => claim.countKey))) {
      const isCounted = await reach(async () => (await store.get(countKey)) !== undefined);
      if (isCounted === undefined) return finished;
      if (isCounted) for (const claim of claims) if (claim.countKey === countKey) finished.add(claim);
    }
  }
  for (const claim of claims) {
    if (!finished.has(claim) && (await isSummed(claim, store, reach))) finished.add(claim);
  }
  return finished;
}

async function isSummed(
  { source, position, counted }: Claim,
  store: Context["store"],
  reach: <T>(ask: () => Promise<T>) => Promise<T | undefined>,
): Promise<boolean> {
  const key = markKey(source, position);
  const mark = await reach(async () => parse<Mark>(key, await store.get(key)));
  return Object.keys(counted).some((group) => mark?.groups[group] !== undefined);
}
