import type { Alert } from "../alert/alert";
import type { Sample, SourceRef } from "../match/matches";

/** The objects of the state: JSON, `version: 1`. */

/** Who opened a group. */
export interface Claim {
  readonly version: 1;
  /** Instance that created the claim. */
  readonly by: string;
  /** When the batch arrived, in milliseconds. */
  readonly at: number;
  readonly source: string;
  /** Position of the batch; `sweep` if a sweep opened the group. */
  readonly position: string;
  /** Key of the count that the batch writes after its alerts are sent. */
  readonly countKey: string;
  /** Number of records by group that its alert reports: of one group, or of those that are "others". */
  readonly counted: Readonly<Record<string, number>>;
  readonly alert: Alert;
  /**
   * The alert was sent from memory while the state was unavailable: it is not sent again, and its counts are not
   * reported.
   */
  readonly isTold?: true;
  /** The next epoch, if this one is closed; the rest of the claim is then removed. */
  readonly next?: number;
  /** This epoch must not be opened: whoever finds it starts at 0. */
  readonly isForgotten?: true;
}

/** Matches of one batch. */
export interface Count {
  readonly version: 1;
  readonly source: SourceRef;
  readonly position: string;
  /** When the batch arrived, in milliseconds. */
  readonly at: number;
  readonly groups: readonly CountedGroup[];
}

export interface CountedGroup {
  readonly monitor: string;
  readonly group: readonly string[];
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Only for thresholds. */
  readonly seconds?: readonly (readonly [second: number, count: number])[];
  /** Only if a sweep may have to open the group. */
  readonly sample?: Sample;
  /** Counted among the groups beyond `maxGroups`. */
  readonly isOthers?: true;
  /** Sent from memory, while the state was unavailable. */
  readonly isTold?: true;
}

/** What was summed at a position. */
export interface Mark {
  readonly version: 1;
  /** When the batch of the count arrived. */
  readonly at: number;
  /** By group. */
  readonly groups: Readonly<Record<string, number>>;
  /** Only some groups of the batch: those whose claims a sweep took over. */
  readonly isPartial?: true;
}

/** Keys of the marks that a sweep wrote. */
export interface MarkList {
  readonly version: 1;
  readonly marks: readonly string[];
}

/** When a source had its last record. */
export interface Seen {
  readonly version: 1;
  readonly at: number;
  /** Its topic, which not every sweeper knows. */
  readonly topic?: string;
}

/** Number of muted matches of a group. */
export interface Muted {
  readonly version: 1;
  readonly count: number;
}

/** The last completed sweep. */
export interface Head {
  readonly version: 1;
  readonly number: number;
  readonly at: number;
  /** Ids of alerts that were neither accepted nor quarantined. */
  readonly failed: readonly string[];
  /** Number of open groups by monitor after the sweep. */
  readonly open: Readonly<Record<string, number>>;
  /** Number of records missing to the threshold, by group, for groups that are at least half full. */
  readonly missing?: Readonly<Record<string, number>>;
  /** Size of its ledger. */
  readonly ledgerBytes?: number;
}

/** The instance that does a sweep. It only saves duplicate work; correctness does not depend on it. */
export interface Turn {
  readonly version: 1;
  /** Instance. */
  readonly by: string;
  /** When it starts reading, in milliseconds. */
  readonly at: number;
  /** An early sweep. The sweep of the minute does not wait for it. */
  readonly isEarly?: true;
}

/** @throws Error if the text was not written by this code, with the key and a remedy */
export function parse<T extends { readonly version: 1 }>(key: string, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const version = (value as { version?: unknown } | null | undefined)?.version;
  if (version === 1) return value as T;
  const got = version === undefined ? "something else" : `version ${JSON.stringify(version)}`;
  throw new Error(
    `${key} must hold what a monitor remembers, version 1, got ${got}; remove the object, or use another prefix`,
  );
}
