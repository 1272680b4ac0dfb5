import { readJson } from "../parser/read-json";
import { bufferOf } from "../runtime/buffer";
import { typeName } from "../runtime/checked-json";
import { RecordError } from "./buffer-record";
import { fieldOf, hasField } from "./by-name";
import type { ClsLabels, Fields, FieldValue, OutgoingRecord, Place } from "./contracts";
import type { LineBlock } from "./line-block";

/** A record on its way to an output: it is its line, and stays so. */
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
   * @param bytes which hold a JSON object
   * @param start where it stands in them @default all of them
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

/** A record that tells where its line stands in a buffer, where it is proven to be JSON; its class stands in another file. */
export type ProvenRecord = OutgoingRecord & {
  readonly provenIn?: Buffer;
  readonly start: number;
  readonly end: number;
};

/**
 * What a record's line stands in, from its `start` to its `end`, where it is proven to be JSON. User code may have put another line
 * over the one that was read: then it is undefined as well.
 */
export function provenBufferOf(record: OutgoingRecord): Buffer | undefined {
  const { provenIn } = record as ProvenRecord;
  return provenIn === undefined || Object.hasOwn(record, "raw") ? undefined : provenIn;
}

/** The line of a record, without its line end: as it was read where it is unchanged, else the JSON of its fields. */
export function lineOf(record: OutgoingRecord): Uint8Array {
  return record.changed ? jsonLine(record.fields) : record.raw;
}

/** A record that writes its line itself; its class stands in another file of the zip. */
interface LineWriter {
  /** @returns false where it has written nothing: there may be no room for it and a line end */
  writeLine?(block: LineBlock): boolean;
}

/** Writes the line of a record behind what a block holds, in less time than it takes to make bytes of it; false where it cannot. */
export function writeLine(record: OutgoingRecord, block: LineBlock): boolean {
  const writer = record as LineWriter;
  return writer.writeLine !== undefined && !record.changed && writer.writeLine(block);
}

/**
 * Fields as a line. JSON leaves out those that are `undefined` or a function.
 *
 * @throws `TypeError` where they are no object that JSON can hold
 */
export function jsonLine(fields: Readonly<Fields>): Buffer {
  const json = JSON.stringify(fields) as string | undefined;
  if (json?.startsWith("{")) return Buffer.from(json);
  throw new TypeError(`fields must be an object that JSON can hold, got ${typeName(fields)}`);
}
