import { readJson } from "../../../functions/parser/read-json";
import { BufferRecord } from "../../../functions/records/buffer-record";
import type { Batch, Fields, LogRecord } from "../../../functions/records/contracts";
import { MadeRecord } from "../../../functions/records/made-record";
import { OneLine } from "../../../functions/records/record-lines";

export const OBJECT = "cos://logs-1250000000/a.gz";

/** The records of an object with these lines. */
export function recordsOf(lines: readonly string[]): LogRecord[] {
  const origin = { object: OBJECT, readFields: readJson };
  const input = Buffer.from(lines.join("\n"));
  let start = 0;
  return lines.map((text, index) => {
    const end = start + Buffer.byteLength(text);
    const record = new BufferRecord(new OneLine(origin, input, start, end, index + 1, start), 0);
    start = end + 1;
    return record;
  });
}

/** Records with these fields, one line each. */
export function madeRecords(...fields: Fields[]): Batch {
  return fields.map((one, index) => new MadeRecord({ object: OBJECT, line: index + 1, byte: index }, one));
}

/** The same records in batches of these sizes, repeated as needed. */
export function inBatches(records: Batch, sizes: readonly number[]): Batch[] {
  const batches: Batch[] = [];
  for (let at = 0, turn = 0; at < records.length; turn++) {
    const size = sizes[turn % sizes.length];
    batches.push(records.slice(at, at + size));
    at += size;
  }
  return batches;
}
