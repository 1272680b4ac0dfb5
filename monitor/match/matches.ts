/** What passes between what matches records and what remembers matches. */

/** Where a batch was read. */
export interface SourceRef {
  /** As the definition names it. */
  readonly name: string;
  readonly topic: string;
  readonly region: string;
}

/** What of one batch matched. */
export interface BatchMatches {
  readonly source: SourceRef;
  /**
   * Where the batch begins: the same whenever it is handled again, so that a repeat overwrites its own counts. Partition and
   * offset where it is pulled, the hash of its content where it is delivered.
   */
  readonly position: string;
  /** Milliseconds since the epoch at which it arrived here. */
  readonly arrivedAt: number;
  /** Each group of each monitor once. */
  readonly groups: readonly GroupMatches[];
}

/** What of a batch matched in one group of one monitor. */
export interface GroupMatches {
  readonly monitor: string;
  /** Values of the monitor's group fields, in its order, as text; "" where a record has no such field. */
  readonly group: readonly string[];
  readonly count: number;
  /** The records' own times, in milliseconds; the time of arrival where a record has none or lies in the future. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** How many matched in each second of the records' own time, in order; empty where the monitor has no threshold. */
  readonly seconds: readonly (readonly [second: number, count: number])[];
  /** The first of them. */
  readonly sample: Sample;
}

/** A record as an alert shows it. */
export interface Sample {
  /** Its own time, in milliseconds. */
  readonly at: number;
  /** Fields in the order in which they are shown; the values are texts, masked where the definition says so. */
  readonly fields: readonly (readonly [name: string, text: string])[];
  /** Records before it in the same batch, oldest first. */
  readonly around: readonly string[];
}
