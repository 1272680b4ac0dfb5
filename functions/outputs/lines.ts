import { gzipSync } from "node:zlib";
import type { Batch, LogRecord } from "../records";

const LINE_FEED = Buffer.from("\n");

/** The line of a record, without its line end: as it was read where it is unchanged, else the JSON of its fields. */
export function lineOf(record: LogRecord): Uint8Array {
  return record.changed ? Buffer.from(JSON.stringify(record.fields)) : record.raw;
}

/** Records as gzip JSON lines. */
export function gzipLines(records: Batch): Uint8Array {
  return gzipSync(Buffer.concat(records.flatMap((record) => [lineOf(record), LINE_FEED])));
}
