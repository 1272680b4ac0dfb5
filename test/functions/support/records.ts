import { MadeRecord } from "../../../functions/records/made-record";
import type { Batch, Fields, LogRecord } from "../../../functions/records/contracts";

export const OBJECT = "cos://logs-1250000000/a.gz";

/** A record as the parser reads it from the line of an object. */
export class LineRecord implements LogRecord {
  changed = false;
  #fields: Fields | undefined;
  readonly raw: Buffer;
  readonly place;

  constructor(text: string, line: number, byte: number) {
    this.raw = Buffer.from(text);
    this.place = { object: OBJECT, line, byte };
  }

  get fields(): Readonly<Fields> {
    return (this.#fields ??= JSON.parse(this.raw.toString()) as Fields);
  }

  set fields(fields: Fields) {
    this.#fields = fields;
    this.changed = true;
  }
}

/** The records of an object that holds these lines. */
export function recordsOf(lines: readonly string[]): LogRecord[] {
  let byte = 0;
  return lines.map((text, index) => {
    const record = new LineRecord(text, index + 1, byte);
    byte += record.raw.length + 1;
    return record;
  });
}

/** Records with these fields, in one line each. */
export function madeRecords(...fields: Fields[]): Batch {
  return fields.map((one, index) => new MadeRecord({ object: OBJECT, line: index + 1, byte: index }, one));
}

/** The same records in batches of these sizes, as often as it takes. */
export function inBatches(records: Batch, sizes: readonly number[]): Batch[] {
  const batches: Batch[] = [];
  for (let at = 0, turn = 0; at < records.length; turn++) {
    const size = sizes[turn % sizes.length];
    batches.push(records.slice(at, at + size));
    at += size;
  }
  return batches;
}
