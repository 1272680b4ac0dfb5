import type { Labels, Severity } from "../definition/types";
import type { Sample, SourceRef } from "../match/matches";

/**
 * - `first`: the first match of a group, or the threshold was crossed
 * - `more`: what came since the last alert of an open group
 * - `recovered`: a group had no match for its window
 * - `missing`, `returned`: a source has no records, or has them again
 * - `lost`: records that nobody can read any more: CLS has not kept the position
 * - `unreadable`: a source that cannot be read, such as for a wrong key, and why
 * - `test`: a person tries the receivers
 */
export type AlertKind = "first" | "more" | "recovered" | "missing" | "returned" | "lost" | "unreadable" | "test";

/** Something that people are told. */
export interface Alert {
  /** The same whenever the same alert is sent again: monitor, group, epoch, kind and, for `more`, the sweep. */
  readonly id: string;
  readonly kind: AlertKind;
  readonly monitor: string;
  readonly severity: Severity;
  /** Those of the monitor and of the source, with `source` and `region`. */
  readonly labels: Labels;
  /** Name and value of each group field; empty where the monitor has one group. */
  readonly group: readonly (readonly [name: string, value: string])[];
  /** Whether it stands for all groups beyond the monitor's `maxGroups`. */
  readonly isOthers: boolean;
  /** Undefined where it is of several. */
  readonly source?: SourceRef;
  /** Records that it tells of. */
  readonly count: number;
  /** Regions that they were seen in. */
  readonly regions: readonly string[];
  /** The records' own times, in milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** When the first of them arrived here, in milliseconds. */
  readonly arrivedAt: number;
  readonly windowMs: number;
  readonly sample?: Sample;
  /** What else is to be said, in a sentence: the reason of `unreadable`, the hole of `lost`. */
  readonly words?: string;
  /** `late`: the records are older than they should be. `again`: it may have been sent before. */
  readonly marks: readonly ("late" | "again")[];
}

/** What became of an alert at one receiver. */
export interface AlertOutcome {
  readonly receiver: string;
  /** `quarantined` is kept, and told again when the receiver is back; `failed` is neither, and must be tried again. */
  readonly outcome: "taken" | "quarantined" | "failed";
  /** Milliseconds from the start of the sending to its end. */
  readonly ms: number;
  readonly attempts: number;
  readonly code?: string;
}

/** Tells people. Never throws: what failed is an outcome. */
export interface AlertSender {
  /** Resolves when each receiver that the alert's routes name took it, or it is kept. */
  send(alert: Alert): Promise<readonly AlertOutcome[]>;
}
