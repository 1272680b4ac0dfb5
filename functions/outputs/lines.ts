import type { LogRecord } from "../records/contracts";

/** The line of a record, without its line end: as it was read where it is unchanged, else the JSON of its fields. */
export function lineOf(record: LogRecord): Uint8Array {
  return record.changed ? Buffer.from(JSON.stringify(record.fields)) : record.raw;
}
