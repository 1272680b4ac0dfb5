import type { Labels, Severity } from "../definition/types";
import type { Sample, SourceRef } from "../match/matches";

/**
 * - `first`: the first match of a group, or its threshold was crossed
 * - `more`: matches since the last alert of an open group
 * - `recovered`: a group had no match for its window
 * - `missing`, `returned`: a source has no records, or has records again
 * - `lost`: records that can no longer be read, because CLS did not retain the position
 * - `unreadable`: a source that cannot be read, for example because of a wrong key, and why
 * - `test`: a person tests the receivers
 */
export type AlertKind = "first" | "more" | "recovered" | "missing" | "returned" | "lost" | "unreadable" | "test";

/** An alert, sent to people. */
export interface Alert {
  /** The same each time the same alert is sent: monitor, group, epoch, kind and, for `more`, the sweep. */
  readonly id: string;
  readonly kind: AlertKind;
  readonly monitor: string;
  readonly severity: Severity;
  /** Labels of the monitor and of the source, with `source` and `region`. */
  readonly labels: Labels;
  /** Name and value of each group field; empty if the monitor has a single group. */
  readonly group: readonly (readonly [name: string, value: string])[];
  /** Whether it covers all groups beyond the monitor's `maxGroups`. */
  readonly isOthers: boolean;
  /** Undefined if there are several. */
  readonly source?: SourceRef;
  /** Number of records that it reports. */
  readonly count: number;
  /** Regions of these records. */
  readonly regions: readonly string[];
  /** The records' own times, in milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** When the first of them arrived here, in milliseconds. */
  readonly arrivedAt: number;
  readonly windowMs: number;
  readonly sample?: Sample;
  /** A sentence with further details: the reason of `unreadable`, the hole of `lost`. */
  readonly words?: string;
  /** `late`: the records are older than they should be. `again`: the alert may have been sent before. */
  readonly marks: readonly ("late" | "again")[];
}

/** Result of sending an alert to one receiver. */
export interface AlertOutcome {
  readonly receiver: string;
  /**
   * `quarantined`: stored, and sent when the receiver is available again. `failed`: neither sent nor stored, so it must
   * be retried.
   */
  readonly outcome: "taken" | "quarantined" | "failed";
  /** Duration of sending, in milliseconds. */
  readonly ms: number;
  readonly attempts: number;
  readonly code?: string;
}

/** Sends alerts. Never throws: a failure is an outcome. */
export interface AlertSender {
  /** Resolves when each receiver of the alert's routes has accepted it, or it is quarantined. */
  send(alert: Alert): Promise<readonly AlertOutcome[]>;
}
