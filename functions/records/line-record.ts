import { readJson } from "../parser/read-json";
import { bufferOf } from "../runtime/buffer";
import { typeName } from "../runtime/checked-json";
import { RecordError } from "./buffer-record";
import { fieldOf, hasField } from "./by-name";
import type { ClsLabels, Fields, FieldValue, OutgoingRecord, Place } from "./contracts";
import type { LineBlock } from "./line-block";

/** A record for an output that consists of its line, which never changes. */
export class LineRecord implements OutgoingRecord {
  readonly changed = false;
  readonly place: Place;
  readonly labels?: ClsLabels;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  #raw: Uint8Array | undefined;
  #fields: Fields | undefined;

  /**
   * @param bytes contain a JSON object
   * @param start of the object in the bytes @default the object is all of them
   */
  constructor(bytes: Uint8Array, place: Place, labels?: ClsLabels, start = 0, end = bytes.length) {
    this.place = place;
    this.labels = labels;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  get raw(): Uint8Array {
    return (this.#raw ??= this.#bytes.subarray(this.#start, this.#end));
  }

  get fields(): Readonly<Fields> {
    return (this.#fields ??= this.#read());
  }

  get(name: string): FieldValue | undefined {
    return fieldOf(this.fields, name);
  }

  has(name: string): boolean {
    return hasField(this.fields, name);
  }

  #read(): Fields {
    const line = bufferOf(this.raw);
    const fields = readJson(line, 0, line.length);
    if (fields) return fields;
    throw new RecordError(`line ${this.place.line} of ${this.place.object} must hold a record, got something else`);
  }
}

/**
 * A record that can report where its line is in a buffer, if the line is proven to be JSON. Its class can be in another
 * bundle.
 */
export type ProvenRecord = OutgoingRecord & {
  readonly provenIn?: Buffer;
  readonly start: number;
  readonly end: number;
};

/**
 * The buffer that contains a record's line from its `start` to its `end`, if the line is proven to be JSON. Undefined
 * also if user code has put a different line over the one that was read.
 */
export function provenBufferOf(record: OutgoingRecord): Buffer | undefined {
  const { provenIn } = record as ProvenRecord;
  return provenIn === undefined || Object.hasOwn(record, "raw") ? undefined : provenIn;
}

/** The line of a record without its line end: as it was read if it is unchanged, otherwise the JSON of its fields. */
export function lineOf(record: OutgoingRecord): Uint8Array {
  return record.changed ? jsonLine(record.fields) : record.raw;
}

/** A record that can write its line itself. Its class can be in another bundle. */
interface LineWriter {
  /** @returns false if it has written nothing, for example because there may be no room for it and a line feed */
  writeLine?(block: LineBlock): boolean;
}

/**
 * Appends the line of a record to a block, which takes less time than creating its bytes separately.
 *
 * @returns false if that is not possible; use {@link lineOf} instead
 */
export function writeLine(record: OutgoingRecord, block: LineBlock): boolean {
  const writer = record as LineWriter;
  return writer.writeLine !== undefined && !record.changed && writer.writeLine(block);
}

/**
 * Fields as a line of JSON, which leaves out those that are `undefined` or a function.
 *
 * @throws TypeError if they are not an object that JSON can represent
 */
export function jsonLine(fields: Readonly<Fields>): Buffer {
  const json = JSON.stringify(fields) as string | undefined;
  if (json?.startsWith("{")) return Buffer.from(json);
  throw new TypeError(`fields must be an object that JSON can hold, got ${typeName(fields)}`);
}
