import type { Alert } from "../alert/alert";
import type { Labels } from "../definition/types";
import type { Sample, SourceRef } from "../match/matches";

/** What is known of all groups after a sweep, and what the sweep does to other objects. */
export interface Ledger {
  readonly version: 1;
  /** Of the sweep, from 1. */
  readonly number: number;
  /** Instance that made it. */
  readonly by: string;
  /** When it was made, in milliseconds. */
  readonly at: number;
  /** When the last sweep of a minute was made; absent where this is one. */
  readonly minuteAt?: number;
  /** By key of the group. */
  readonly groups: Record<string, GroupState>;
  /** By name. */
  readonly sources: Record<string, SourceState>;
  /** Keys to be removed, and when, in milliseconds. */
  trash: [due: number, key: string][];
  readonly work: Work;
}

/** A group that is open, was, or is counted before it opens. */
export interface GroupState {
  readonly monitor: string;
  readonly group: readonly string[];
  readonly isOthers?: true;
  /** Epoch in which it is opened next. */
  next: number;
  closedAt?: number;
  open?: OpenGroup;
  /** Records below a threshold. */
  pool?: Pool;
  /** Matches that were told to nobody. */
  muted?: number;
}

export interface OpenGroup {
  readonly epoch: number;
  /** When the batch that opened it arrived, in milliseconds. */
  openedAt: number;
  labels: Labels;
  /** Records counted, and told, since it opened. */
  total: number;
  told: number;
  isTold: boolean;
  toldAt: number;
  /** Arrival of the last match. */
  lastArrival: number;
  /** By the records' own times. */
  firstAt: number;
  lastAt: number;
  regions: string[];
  /** Of all that is counted; undefined where there are several. */
  source?: SourceRef;
  /** What is not told yet. */
  fresh?: Untold;
  /** The first of it, until it is told. */
  sample?: Sample;
  /** Mark of the batch that opened it and told: what it counts is told. */
  opener?: string;
  /** Number of the sweep that opened it, until the next one has seen that no instance was faster. */
  openedBy?: number;
  /** Claim of an instance that did not say yet that it told. */
  claim?: Unconfirmed;
}

export interface Untold {
  firstAt: number;
  lastAt: number;
  arrivedAt: number;
  regions: string[];
  isLate: boolean;
}

export interface Unconfirmed {
  /** When a sweep saw it first, in milliseconds. */
  readonly since: number;
  readonly countKey: string;
  readonly source: string;
  readonly position: string;
  readonly at: number;
  readonly counted: Readonly<Record<string, number>>;
  readonly alert: Alert;
}

/** Records that are counted before a threshold is crossed. */
export interface Pool extends Untold {
  seconds: [second: number, count: number, arrivedAt: number][];
  labels: Labels;
  source?: SourceRef;
  sample?: Sample;
}

export interface SourceState {
  /** When a record of it arrived last, or it was first waited for. */
  seenAt: number;
  /** Its topic, as whoever read it named it. */
  topic?: string;
  /** By monitor: since when it is silent, until when if it is not any more, and whether that was told. */
  readonly missing: Record<string, { readonly since: number; until?: number; isTold: boolean }>;
}

/**
 * What follows from a ledger once it is written; all of it can be done again. The sweep itself opens, closes, takes over and
 * sends; the rest is the next sweep's first step.
 */
export interface Work {
  /** In order. */
  readonly outbox: Outgoing[];
  /** Keys of counts that are in the sums. */
  readonly consumed: string[];
  /** Groups of positions that were summed by their claims. */
  readonly takenOver: {
    readonly mark: string;
    readonly at: number;
    readonly counted: Readonly<Record<string, number>>;
  }[];
  /** Groups that this sweep opened. */
  readonly opened: { readonly group: string; readonly epoch: number; readonly alert: Alert }[];
  readonly closed: { readonly group: string; readonly epoch: number; readonly next: number }[];
  readonly forgotten: { readonly group: string; readonly next: number }[];
  /** How many of a group are muted by now. */
  readonly muted: { readonly group: string; readonly count: number }[];
  readonly removed: string[];
}

export interface Outgoing {
  readonly alert: Alert;
  /** Only if this sweep opened that group: an instance may have been faster. */
  readonly opens?: { readonly group: string; readonly epoch: number };
}

export function emptyWork(): Work {
  return { outbox: [], consumed: [], takenOver: [], opened: [], closed: [], forgotten: [], muted: [], removed: [] };
}

/**
 * The ledger that follows one, with nothing done yet.
 *
 * @param before the ledger; it is left as it is
 * @param isEarly whether the minute has to be swept all the same
 */
export function nextLedger(before: Ledger | undefined, by: string, at: number, isEarly: boolean): Ledger {
  const { groups, sources, trash } = copied({
    groups: before?.groups ?? {},
    sources: before?.sources ?? {},
    trash: before?.trash ?? [],
  });
  const number = (before?.number ?? 0) + 1;
  const minute = isEarly && { minuteAt: before ? minuteOf(before) : 0 };
  return { version: 1, number, by, at, ...minute, groups, sources, trash, work: emptyWork() };
}

/**
 * A copy of what JSON holds. `structuredClone` writes all of it down first, in memory that is no heap's: of 10,000 groups some
 * megabytes each minute, which the process never gives back.
 */
function copied<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copied) as T;
  if (typeof value !== "object" || value === null) return value;
  // Keeps the shape of the object, and with it the memory that it takes.
  const copy = { ...value };
  for (const name in copy) if (typeof copy[name] === "object") copy[name] = copied(copy[name]);
  return copy;
}

/** When a minute was swept last, in milliseconds. */
export function minuteOf({ at, minuteAt = at }: Pick<Ledger, "at" | "minuteAt">): number {
  return minuteAt;
}

/** Open groups by monitor, without "others". */
export function openGroups({ groups }: Pick<Ledger, "groups">): Record<string, number> {
  const open: Record<string, number> = {};
  for (const { monitor, isOthers, open: group } of Object.values(groups)) {
    if (group && !isOthers) open[monitor] = (open[monitor] ?? 0) + 1;
  }
  return open;
}

/** How many sources are silent for a monitor that waits for them. */
export function missingSources({ sources }: Pick<Ledger, "sources">): number {
  const isSilent = ({ missing }: SourceState) => Object.values(missing).some(({ until }) => until === undefined);
  return Object.values(sources).filter(isSilent).length;
}

/** Whether a group is counted while it is told to nobody: it is below a threshold, or muted. */
export function isHeld({ open, pool, muted }: GroupState): boolean {
  return !open && (pool !== undefined || (muted ?? 0) > 0);
}
