/**
 * The contracts between the stages of a pipeline: the parser yields batches of records and invalid lines, a processor
 * routes records, an output writes them. Everything else in `functions/` implements or uses these types.
 */

/** Where a record stands in its input: enough to find it again with `zcat object | sed -n LINEp`. */
export interface Place {
  /** The input: `cos://bucket/key` for an object, `cls://topic/event-hash` for a delivered batch. */
  readonly object: string;
  /** Line number in the decompressed input, from 1. */
  readonly line: number;
  /** Offset in bytes of the line's first byte in the decompressed input, from 0. */
  readonly byte: number;
}

/** What a JSON object may hold. */
export type FieldValue = string | number | boolean | null | FieldValue[] | { [name: string]: FieldValue };

/** The fields of a record, by name. */
export type Fields = Record<string, FieldValue>;

/** What a record is labelled with when it becomes a log of a CLS topic. */
export interface ClsLabels {
  /** Kept as the tag `topic`, since a log of CLS has no topic of its own beside the one that it lies in. */
  readonly topic?: string;
  /** Where the log comes from, such as an address. */
  readonly source?: string;
  /** Tags of the log group, which CLS shows as `__TAG__.<name>`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** One log record: a line that holds a JSON object. */
export interface LogRecord {
  /** The line as it was read, without its line end. */
  readonly raw: Uint8Array;
  /** Where the record stands in its input. */
  readonly place: Place;
  /** Whether `fields` was assigned and `raw` is not its line; an unchanged record is written as `raw`, byte for byte. */
  readonly changed: boolean;
  /** For outputs that are topics; others take no notice. */
  readonly labels?: ClsLabels;
  /**
   * The parsed fields; parsed on first use. Assign a new object to change the record: what is read is read-only, so
   * that an unchanged record can be written without serializing it again.
   */
  get fields(): Readonly<Fields>;
  set fields(fields: Fields);
  /**
   * The value of one field, as `fields` has it; undefined where there is no field of that name. Of a record that was read
   * from JSON and is not changed it makes this one value and nothing else, so it is the way to look at few of many fields.
   * A list or an object may be made anew at each call, so ask once; it is read-only like `fields`.
   */
  get(name: string): FieldValue | undefined;
  /** Whether `fields` has a field of that name, be it null. */
  has(name: string): boolean;
}

/** A record that nobody assigns to any more: what outputs get. */
export type OutgoingRecord = Readonly<LogRecord>;

/** Records that travel together; its size is bounded by the parser's settings, never by the size of the input. */
export type Batch = LogRecord[];

/** A non-empty line that is not a record. Its text goes to the `invalid` output where there is one, never to the log. */
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
 * What follows each other in an input: the records of a stretch of it, and the lines of that stretch that are none. Each
 * list is in the order of the input; the places tell how they mix.
 */
export interface ParsedBatch {
  /** Made when they are asked for first. */
  readonly records: Batch;
  readonly invalid: readonly InvalidLine[];
  /** Set in batches without records that tell how far reading came, where that was asked for. */
  readonly reached?: Reached;
}

/** A moment at which all that was counted has been handed out. */
export interface Reached {
  /** Offset of the first line of which nothing was handed out; 0 where the content is not cut at its line ends. */
  readonly line: number;
  /**
   * Offset of the first record that waits for more of the input and stands before others that were handed out; Infinity where
   * none does.
   */
  readonly waiting: number;
}

/** Records on their way to the output of that name. */
export interface Routed {
  readonly output: string;
  readonly records: readonly OutgoingRecord[];
}

/** What an output did in one invocation. */
export interface OutputReport {
  readonly records: number;
  /** Bytes written, as they were sent. */
  readonly bytes: number;
  /** Requests that were sent again, where there were any. */
  readonly retries?: number;
  /** Records that could not be delivered and are kept in quarantine, where there are any. */
  readonly quarantined?: number;
  /** Records of which the destination takes only the start, or values of them, where there are any. */
  readonly cut?: number;
  /** Records of which something fits into no column and is in `_rest`, where there are any. */
  readonly rest?: number;
}

/** Where records go. */
export interface Output {
  /** Accepts a batch; resolves when the output is ready for more, not when the batch is stored. */
  write(batch: readonly OutgoingRecord[]): Promise<void>;
  /** Resolves when all that was written is stored. */
  flush(): Promise<void>;
  report(): OutputReport;
}
