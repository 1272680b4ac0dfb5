/** Types between matching and the state. */

/** Where a batch was read. */
export interface SourceRef {
  /** Name in the definition. */
  readonly name: string;
  readonly topic: string;
  readonly region: string;
}

/** Matches of one batch. */
export interface BatchMatches {
  readonly source: SourceRef;
  /**
   * Position of the batch, the same each time it is handled, so that a repeat overwrites its own counts. Partition and
   * offset if it is pulled, the hash of its content if it is delivered.
   */
  readonly position: string;
  /** When it arrived here, in milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** Each group of each monitor, once. */
  readonly groups: readonly GroupMatches[];
}

/** Matches of one batch in one group of one monitor. */
export interface GroupMatches {
  readonly monitor: string;
  /** Values of the monitor's group fields, in order, as text; "" if a record lacks the field. */
  readonly group: readonly string[];
  readonly count: number;
  /** The records' own times, in milliseconds; the time of arrival if a record has none or it is in the future. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Number of matches in each second of the records' own time, in order; empty if the monitor has no threshold. */
  readonly seconds: readonly (readonly [second: number, count: number])[];
  /** The first matched record. */
  readonly sample: Sample;
}

/** A record as shown in an alert. */
export interface Sample {
  /** Its own time, in milliseconds. */
  readonly at: number;
  /** Fields in display order. The values are text, masked as the definition specifies. */
  readonly fields: readonly (readonly [name: string, text: string])[];
  /** Records before it in the same batch, oldest first. */
  readonly around: readonly string[];
}
