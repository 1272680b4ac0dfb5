import type { Fields } from "../../records/contracts";
import type { RecordLines, ScannedLines } from "../../records/record-lines";
import type { ParseCounts } from "../counts";
import { ValueSink } from "../json-values";
import type { BatchLimits } from "../sink";
import { FieldFault, type TypedFields } from "./typed-fields";

/**
 * Reads the fields of a record from its bytes.
 *
 * @param parsed the already parsed value, if it is JSON
 */
export type ReadRecord = (buffer: Buffer, start: number, end: number, parsed?: Fields) => Fields | FieldFault;

/** How a preset's records are named, read and typed. */
export interface PresetRecords {
  readonly name: string;
  readonly types: TypedFields;
  readonly read: ReadRecord;
}

/**
 * Accepts what a line reader has found as records of a preset. A record that the preset cannot read completely is
 * invalid.
 */
export class PresetSink extends ValueSink {
  readonly #records: PresetRecords;

  constructor(object: string, records: PresetRecords, counts: ParseCounts, limits?: BatchLimits) {
    const readFields = (buffer: Buffer, start: number, end: number) => {
      const fields = records.read(buffer, start, end);
      return fields instanceof FieldFault ? undefined : fields;
    };
    super({ object, readFields }, counts, limits);
    this.#records = records;
  }

  override accept(buffer: Buffer, start: number, end: number, line: number, byte: number, parsed?: Fields): void {
    const { name, read, types } = this.#records;
    const fields = read(buffer, start, end, parsed);
    if (fields instanceof FieldFault) {
      return this.reject(buffer, start, end, line, byte, `not a record of ${name}: ${fields.message}`);
    }
    if (types.bigNumbers > 0) {
      this.count("bigNumbers", types.bigNumbers);
      types.bigNumbers = 0;
    }
    super.accept(buffer, start, end, line, byte, fields);
  }

  override acceptLine(lines: RecordLines, index: number): void {
    this.accept(lines.buffer, lines.start(index), lines.end(index), lines.line(index), lines.byte(index));
  }

  override acceptAll(lines: ScannedLines, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      this.nextLine();
      this.acceptLine(lines, index);
    }
  }
}
