import type { Alert } from "../alert/alert";
import type { Labels } from "../definition/types";
import type { Sample, SourceRef } from "../match/matches";

/** The state of all groups after a sweep, and the changes that the sweep makes to other objects. */
export interface Ledger {
  readonly version: 1;
  /** Number of the sweep, from 1. */
  readonly number: number;
  /** Instance that wrote it. */
  readonly by: string;
  /** When it was written, in milliseconds. */
  readonly at: number;
  /** When the last sweep of a minute was done; absent if this is one. */
  readonly minuteAt?: number;
  /** By key of the group. */
  readonly groups: Record<string, GroupState>;
  /** By name. */
  readonly sources: Record<string, SourceState>;
  /** Keys to remove, and when, in milliseconds. */
  trash: [due: number, key: string][];
  readonly work: Work;
}

/** A group that is open, was open, or is counted before it opens. */
export interface GroupState {
  readonly monitor: string;
  readonly group: readonly string[];
  readonly isOthers?: true;
  /** Next epoch to open. */
  next: number;
  closedAt?: number;
  open?: OpenGroup;
  /** Records below a threshold. */
  pool?: Pool;
  /** Number of matches that were muted. */
  muted?: number;
}

export interface OpenGroup {
  readonly epoch: number;
  /** When the batch that opened it arrived, in milliseconds. */
  openedAt: number;
  labels: Labels;
  /** Records counted, and reported, since it opened. */
  total: number;
  told: number;
  isTold: boolean;
  toldAt: number;
  /** Arrival of the last match. */
  lastArrival: number;
  /** In the records' own time. */
  firstAt: number;
  lastAt: number;
  regions: string[];
  /** Source of all counted records; undefined if there are several. */
  source?: SourceRef;
  /** What has not been reported yet. */
  fresh?: Untold;
  /** The first record, until it is reported. */
  sample?: Sample;
  /** Mark of the batch that opened it and sent the alert: its counts are already reported. */
  opener?: string;
  /** Number of the sweep that opened it, until the next sweep has checked that no instance was faster. */
  openedBy?: number;
  /** Claim of an instance that has not confirmed yet that it sent the alert. */
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
  /** When a sweep first saw it, in milliseconds. */
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
  /** When its last record arrived, or when waiting for it began. */
  seenAt: number;
  /** Its topic, as named by whoever read it. */
  topic?: string;
  /** By monitor: when it went silent, when that ended, and whether it was reported. */
  readonly missing: Record<string, { readonly since: number; until?: number; isTold: boolean }>;
}

/**
 * The actions that follow when a ledger is written; all of them can be repeated. The sweep itself opens, closes, takes
 * over and sends; the rest is the first step of the next sweep.
 */
export interface Work {
  /** In order. */
  readonly outbox: Outgoing[];
  /** Keys of counts that are included in the sums. */
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
  /** Current number of muted matches by group. */
  readonly muted: { readonly group: string; readonly count: number }[];
  readonly removed: string[];
}

export interface Outgoing {
  readonly alert: Alert;
  /** Only if this sweep opened that group, because an instance may have been faster. */
  readonly opens?: { readonly group: string; readonly epoch: number };
}

export function emptyWork(): Work {
  return { outbox: [], consumed: [], takenOver: [], opened: [], closed: [], forgotten: [], muted: [], removed: [] };
}

/**
 * The ledger that follows another, before any work.
 *
 * @param before the previous ledger, which is not changed
 * @param isEarly whether the minute still has to be swept
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
 * Copies a JSON value. `structuredClone` first serializes all of it outside the heap: for 10,000 groups, some megabytes
 * each minute, which the process never releases.
 */
function copied<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copied) as T;
  if (typeof value !== "object" || value === null) return value;
  // Preserves the shape of the object, and so its memory size.
  const copy = { ...value };
  for (const name in copy) if (typeof copy[name] === "object") copy[name] = copied(copy[name]);
  return copy;
}

/** When a minute was swept last, in milliseconds. */
export function minuteOf({ at, minuteAt = at }: Pick<Ledger, "at" | "minuteAt">): number {
  return minuteAt;
}

/** Number of open groups by monitor, without "others". */
export function openGroups({ groups }: Pick<Ledger, "groups">): Record<string, number> {
  const open: Record<string, number> = {};
  for (const { monitor, isOthers, open: group } of Object.values(groups)) {
    if (group && !isOthers) open[monitor] = (open[monitor] ?? 0) + 1;
  }
  return open;
}

/** Number of sources that are silent for a monitor that detects missing records. */
export function missingSources({ sources }: Pick<Ledger, "sources">): number {
  const isSilent = ({ missing }: SourceState) => Object.values(missing).some(({ until }) => until === undefined);
  return Object.values(sources).filter(isSilent).length;
}

/** Whether a group is counted without being reported: it is below a threshold, or muted. */
export function isHeld({ open, pool, muted }: GroupState): boolean {
  return !open && (pool !== undefined || (muted ?? 0) > 0);
}
