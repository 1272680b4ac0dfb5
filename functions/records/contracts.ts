/**
 * The contracts between the stages of a pipeline: the parser produces batches of records and invalid lines, a processor
 * routes records, and an output writes them. Everything else in `functions/` implements or uses these types.
 */

/** Location of a record in its input. To find the record again, use `zcat object | sed -n LINEp`. */
export interface Place {
  /** The input: `cos://bucket/key` for an object, `cls://topic/event-hash` for a delivered batch. */
  readonly object: string;
  /** Line number in the decompressed input, starting at 1. */
  readonly line: number;
  /** Byte offset of the line's first byte in the decompressed input, starting at 0. */
  readonly byte: number;
}

/** A value of a field: anything that JSON supports. */
export type FieldValue = string | number | boolean | null | FieldValue[] | { [name: string]: FieldValue };

/** The fields of a record, by name. */
export type Fields = Record<string, FieldValue>;

/** Labels of a record that is written to a CLS topic. */
export interface ClsLabels {
  /** Stored as the tag `topic`, because a log in CLS has no topic other than the one that contains it. */
  readonly topic?: string;
  /** Source of the log, such as an address. */
  readonly source?: string;
  /** Tags of the log group, which CLS shows as `__TAG__.<name>`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A log record, such as a line with a JSON object. */
export interface LogRecord {
  /** The line as it was read, without its line end. */
  readonly raw: Uint8Array;
  /** Location of the record in its input. */
  readonly place: Place;
  /**
   * Whether `fields` was assigned, so that `raw` is not its line. An unchanged record is written as `raw`, byte for
   * byte.
   */
  readonly changed: boolean;
  /** Labels for outputs that are topics; other outputs ignore them. */
  readonly labels?: ClsLabels;
  /**
   * The fields, parsed on first use. They are read-only, so that an unchanged record can be written without serializing
   * it again. To change the record, assign a new object.
   */
  get fields(): Readonly<Fields>;
  set fields(fields: Fields);
  /**
   * Returns the value of one field as in `fields`; undefined if there is no such field. For an unchanged record that
   * was read from JSON, only this value is decoded, so use it to read a few of many fields. Lists and objects may be
   * decoded again at each call, so call it once. They are read-only, like `fields`.
   */
  get(name: string): FieldValue | undefined;
  /** Whether `fields` has a field of that name, including one that is null. */
  has(name: string): boolean;
}

/** A record that is not assigned to any more, in the form that outputs receive. */
export type OutgoingRecord = Readonly<LogRecord>;

/** Records that are processed together. The parser's settings limit its size; the size of the input does not matter. */
export type Batch = LogRecord[];

/**
 * A non-empty line that is not a record. Its text goes to the `invalid` output if there is one, and never to the log.
 */
export interface InvalidLine {
  readonly raw: Uint8Array;
  readonly place: Place;
  readonly reason:
    | "not a JSON object"
    | "without what expand names"
    | "not a CSV record"
    | `not a record of ${string}`
    | "over the line limit"
    | "over the limit of objects";
}

/**
 * A consecutive part of an input: its records, and the lines that are not records. Each list is in the order of the
 * input; the places show how they interleave.
 */
export interface ParsedBatch {
  /** Created on first access. */
  readonly records: Batch;
  readonly invalid: readonly InvalidLine[];
  /** Set in batches without records that report the progress of reading, if it was requested. */
  readonly reached?: Reached;
}

/** A moment at which everything that was counted has been passed on. */
export interface Reached {
  /** Offset of the first line of which nothing was passed on; 0 if the content is not split at line ends. */
  readonly line: number;
  /**
   * Offset of the first record that waits for more input and precedes others that were passed on; Infinity if there is
   * none.
   */
  readonly waiting: number;
}

/** Records for the output of that name. */
export interface Routed {
  readonly output: string;
  readonly records: readonly OutgoingRecord[];
}

/** What an output wrote in one invocation. */
export interface OutputReport {
  readonly records: number;
  /** Bytes sent, after compression. */
  readonly bytes: number;
  /** Requests that were retried; left out if there are none. */
  readonly retries?: number;
  /** Records that could not be delivered and are stored in quarantine; left out if there are none. */
  readonly quarantined?: number;
  /** Records of which the destination stores only the start, or the start of a value; left out if there are none. */
  readonly cut?: number;
  /** Records with a value that fits no column and is in `_rest`; left out if there are none. */
  readonly rest?: number;
}

/** A destination of records. */
export interface Output {
  /** Accepts a batch. Resolves when the output is ready for more, not when the batch is stored. */
  write(batch: readonly OutgoingRecord[]): Promise<void>;
  /** Resolves when everything written so far is stored. */
  flush(): Promise<void>;
  report(): OutputReport;
}
