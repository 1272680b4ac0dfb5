import type { Context } from "./context";
import { claimKey } from "./keys";
import { type Claim, parse } from "./objects";

/** Steps from claim to claim before something must be wrong. */
const MAX_STEPS = 20;

/** How a try to open a group ended. */
export type Claimed =
  /** This batch opened it: it tells. */
  | { readonly result: "won"; readonly epoch: number; readonly claim: Claim }
  /** It was opened by an earlier try of the same batch, or by one that is under way. */
  | { readonly result: "own"; readonly epoch: number; readonly claim: Claim }
  /** It is open: only count. */
  | { readonly result: "open"; readonly epoch: number; readonly claim: Claim };

/**
 * Opens a group, unless it is open.
 *
 * @param known the epoch in which it was open when it was looked at last
 * @param make the claim of an epoch
 */
export async function claimGroup(
  { store }: Context,
  group: string,
  known: number | undefined,
  make: (epoch: number) => Claim,
): Promise<Claimed> {
  let epoch = known ?? 0;
  for (let step = known === undefined ? 0 : 1; step < MAX_STEPS; step++) {
    const key = claimKey(group, epoch);
    const isAsked = step === 1 && known !== undefined;
    const claim = make(epoch);
    if (!isAsked && (await store.create(key, JSON.stringify(claim))) === "created")
      return { result: "won", epoch, claim };
    const found = parse<Claim>(key, await store.get(key));
    // Removed between two requests, as what is long closed is: nobody has seen the group since.
    if (!found || found.isForgotten) epoch = 0;
    else if (isSameBatch(found, claim)) return { result: "own", epoch, claim: found };
    else if (found.next === undefined) return { result: "open", epoch, claim: found };
    else epoch = found.next;
  }
  throw new Error(`group ${group} must have an epoch that is open or can be claimed, got ${MAX_STEPS} that are closed`);
}

/** The claim of a group that somebody has opened; undefined where it is not open. */
export async function openClaim({ store }: Context, group: string): Promise<Claim | undefined> {
  let epoch: number | undefined = 0;
  for (let step = 0; epoch !== undefined && step < MAX_STEPS; step++) {
    const key = claimKey(group, epoch);
    const claim: Claim | undefined = parse<Claim>(key, await store.get(key));
    if (!claim || claim.isForgotten) return undefined;
    if (claim.next === undefined) return claim;
    epoch = claim.next;
  }
  return undefined;
}

function isSameBatch(one: Claim, other: Claim): boolean {
  return one.source === other.source && one.position === other.position;
}
