/** A log record as CLS stores it: all values are strings. */
export interface ClsRecord {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Additional microseconds, 0 to 999. @default 0 */
  readonly micros?: number;
  /** Fields in order; a line that was collected unparsed has the single field `__CONTENT__`. */
  readonly contents: Readonly<Record<string, string>>;
  /** Address of the machine. */
  readonly source?: string;
  /** File that the collector read. */
  readonly filename?: string;
  readonly tags?: Readonly<Record<string, string>>;
}
