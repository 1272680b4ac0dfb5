import type { Context } from "./context";
import { claimKey } from "./keys";
import { type Claim, parse } from "./objects";

/** Maximum steps from claim to claim. More indicate an error. */
const MAX_STEPS = 20;

/** Result of an attempt to open a group. */
export type Claimed =
  /** This batch opened it, so it sends the alert. */
  | { readonly result: "won"; readonly epoch: number; readonly claim: Claim }
  /** An earlier attempt of the same batch, or a concurrent one, opened it. */
  | { readonly result: "own"; readonly epoch: number; readonly claim: Claim }
  /** It is already open: only count. */
  | { readonly result: "open"; readonly epoch: number; readonly claim: Claim };

/**
 * Opens a group, unless it is open.
 *
 * @param known the epoch in which it was last seen open
 * @param make creates the claim of an epoch
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
    // It was removed between two requests, because it had been closed for a long time: no instance knows the group.
    if (!found || found.isForgotten) epoch = 0;
    else if (isSameBatch(found, claim)) return { result: "own", epoch, claim: found };
    else if (found.next === undefined) return { result: "open", epoch, claim: found };
    else epoch = found.next;
  }
  throw new Error(`group ${group} must have an epoch that is open or can be claimed, got ${MAX_STEPS} that are closed`);
}

/** The claim of a group that was opened; undefined if it is not open. */
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
