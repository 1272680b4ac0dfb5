import type { Labels } from "../definition/types";
import type { SourceRef } from "../match/matches";
import { LATE_MS } from "./alerts";
import { markKey } from "./keys";
import type { Ledger, OpenGroup, Pool, Untold } from "./ledger";
import type { Claim, Count, CountedGroup } from "./objects";

type Now = Pick<Ledger, "number" | "at">;

/** A group that an instance opened, and whose alert it sent unless it was interrupted. */
export function openOfClaim(claim: Claim, epoch: number, ledger: Now): OpenGroup {
  const { alert, at, isTold } = claim;
  // Only if the ledger that opened it is lost.
  const isSwept = claim.position === "sweep";
  return {
    epoch,
    openedAt: at,
    labels: alert.labels,
    total: isSwept ? alert.count : 0,
    told: isTold ? 0 : alert.count,
    isTold: true,
    toldAt: Math.min(at, ledger.at),
    lastArrival: at,
    firstAt: alert.firstAt,
    lastAt: alert.lastAt,
    regions: [...alert.regions],
    source: alert.source,
    ...(!isSwept && !isTold && openedBy(claim, ledger)),
  };
}

/** The claim that opened a group, until its alert is confirmed. */
export function openedBy(
  { countKey, source, position, at, counted, alert }: Claim,
  { at: since }: Now,
): Pick<OpenGroup, "opener" | "claim"> {
  const claim = { since, countKey, source, position, at, counted, alert };
  return { opener: markKey(source, position), claim };
}

/** A group that no instance opened: this sweep opens it. */
export function openOfCount(
  { at, source }: Count,
  group: CountedGroup,
  difference: number,
  { epoch, labels, ledger }: { readonly epoch: number; readonly labels: Labels; readonly ledger: Now },
): OpenGroup {
  return {
    epoch,
    openedAt: at,
    labels,
    total: difference,
    told: group.isTold ? difference : 0,
    isTold: group.isTold ?? false,
    toldAt: Math.min(at, ledger.at),
    lastArrival: at,
    firstAt: group.firstAt,
    lastAt: group.lastAt,
    regions: [source.region],
    source,
    ...(!group.isTold && { fresh: untoldOf(group, at, source), sample: group.sample }),
    openedBy: ledger.number,
  };
}

/** A group whose records have crossed its threshold. They are added to it afterwards. */
export function openOfPool(
  { firstAt, lastAt, arrivedAt, regions, source, labels, sample, seconds }: Pool,
  epoch: number,
  { number }: Now,
): OpenGroup {
  return {
    epoch,
    openedAt: arrivedAt,
    labels,
    total: 0,
    told: 0,
    isTold: false,
    toldAt: arrivedAt,
    lastArrival: Math.max(...seconds.map(([, , at]) => at)),
    firstAt,
    lastAt,
    regions: [...regions],
    source,
    sample,
    openedBy: number,
  };
}

export function untoldOf({ firstAt, lastAt }: CountedGroup, at: number, { region }: SourceRef): Untold {
  return { firstAt, lastAt, arrivedAt: at, regions: [region], isLate: at - firstAt > LATE_MS };
}

export function addUntold(open: OpenGroup, untold: Untold, source: SourceRef | undefined): void {
  if (open.fresh) widen(open.fresh, untold);
  else open.fresh = { ...untold, regions: [...untold.regions] };
  if (open.source && open.source.name !== source?.name) delete open.source;
}

export function joined(pool: Pool, other: Pool | undefined): Pool {
  if (!other) return pool;
  const both = { ...other, seconds: [...other.seconds, ...pool.seconds] };
  widen(both, pool);
  return both;
}

export function widen(wide: Untold, { firstAt, lastAt, arrivedAt, regions, isLate }: Untold): void {
  wide.firstAt = Math.min(wide.firstAt, firstAt);
  wide.lastAt = Math.max(wide.lastAt, lastAt);
  wide.arrivedAt = Math.min(wide.arrivedAt, arrivedAt);
  for (const region of regions) if (!wide.regions.includes(region)) wide.regions.push(region);
  wide.isLate ||= isLate;
}

export function spanOf({ alert, at }: Claim): Pick<Untold, "firstAt" | "lastAt" | "arrivedAt"> {
  return { firstAt: alert.firstAt, lastAt: alert.lastAt, arrivedAt: at };
}
