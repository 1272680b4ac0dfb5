import type { Alert } from "../alert/alert";
import type { Sample, SourceRef } from "../match/matches";

/** What the objects of the state hold: JSON, `version: 1`. */

/** Who opened a group. */
export interface Claim {
  readonly version: 1;
  /** Instance that claimed. */
  readonly by: string;
  /** When the batch arrived, in milliseconds. */
  readonly at: number;
  readonly source: string;
  /** That of the batch; `sweep` where a sweep opened the group. */
  readonly position: string;
  /** Key of the count that the batch writes when its alerts are out. */
  readonly countKey: string;
  /** How many of each group its alert tells of: of one, or of those that are "others". */
  readonly counted: Readonly<Record<string, number>>;
  readonly alert: Alert;
  /** The group was told from memory, while the state was away: the alert is not sent, and what it counts is not told. */
  readonly isTold?: true;
  /** The epoch that follows, of one that is closed; the rest of the claim is gone then. */
  readonly next?: number;
  /** Nobody may open this epoch: whoever finds it begins at 0. */
  readonly isForgotten?: true;
}

/** What of a batch matched. */
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
  /** Where the group may have to be opened by a sweep. */
  readonly sample?: Sample;
  /** Counted among those beyond `maxGroups`. */
  readonly isOthers?: true;
  /** Told from memory, while the state was away. */
  readonly isTold?: true;
}

/** How much of a position was summed. */
export interface Mark {
  readonly version: 1;
  /** Arrival of the batch whose count it was. */
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

/** When a source had a record last. */
export interface Seen {
  readonly version: 1;
  readonly at: number;
  /** Its topic, which not every sweeper knows. */
  readonly topic?: string;
}

/** How many matches of a group were told to nobody. */
export interface Muted {
  readonly version: 1;
  readonly count: number;
}

/** The last sweep that is done. */
export interface Head {
  readonly version: 1;
  readonly number: number;
  readonly at: number;
  /** Ids of alerts that nobody took or kept. */
  readonly failed: readonly string[];
  /** Open groups by monitor, after it. */
  readonly open: Readonly<Record<string, number>>;
  /** Records that thresholds miss, by group: of those that are half full. */
  readonly missing?: Readonly<Record<string, number>>;
  /** Size of its ledger. */
  readonly ledgerBytes?: number;
}

/** Who does a sweep: saves work, decides nothing. */
export interface Turn {
  readonly version: 1;
  /** Instance. */
  readonly by: string;
  /** When it begins to read, in milliseconds. */
  readonly at: number;
  /** It does not wait for the minute; that of the minute does not wait for it. */
  readonly isEarly?: true;
}

/** @throws Error where the text is none of ours: the key and what is to be done about it */
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
