import type { Changes } from "../../rules";
import { mayHoldBigNumber } from "../parser/numbers";
import type { Members } from "../parser/scan/members";
import { fieldOf } from "./by-name";
import type { ClsLabels, Fields, FieldValue, LogRecord, OutgoingRecord, Place } from "./contracts";
import type { FieldTaker } from "./field-taker";
import { LineBlock } from "./line-block";
import { jsonLine, LineRecord } from "./line-record";
import { spliceOf } from "./splice";

/**
 * A record for an output, with some of its fields changed. A changed field keeps its position; new fields follow at the
 * end. The bytes of unchanged fields are copied. If their positions are unknown, the line is the JSON of all fields.
 *
 * The line is also the JSON of all fields if a number is beyond 2^53, because JSON can write that as a different kind
 * of number: a fraction or a power becomes an integer, which is read as its digits. Outputs always see what is read
 * from the line, so the result does not depend on how the record was read, on when its output takes it, or on whether
 * it comes back from quarantine.
 */
export function changedRecord(record: LogRecord, changes: Changes, labels?: ClsLabels): OutgoingRecord {
  const members = membersOf(record);
  if (members && !holdsBigNumber(changes)) return new SplicedRecord(record, members, changes, labels);
  return new LineRecord(jsonLine(changedFields(record.fields, changes)), record.place, labels);
}

function holdsBigNumber(changes: Changes): boolean {
  for (let index = 0; index < changes.size; index++) {
    const value = changes.valueAt(index);
    if (typeof value !== "string" && value !== undefined && mayHoldBigNumber(value)) return true;
  }
  return false;
}

/**
 * Positions of the members of a record in its `raw`, while they are known. Its class can be in another bundle, so this
 * does not use `instanceof`.
 */
export function membersOf(record: OutgoingRecord): Members | undefined {
  return (record as { readonly members?: Members }).members;
}

/** A record whose line is created on demand: the bytes of the record that was read, with the changes. */
export class SplicedRecord implements OutgoingRecord {
  readonly changed = false;
  readonly labels?: ClsLabels;
  readonly #read: LogRecord;
  readonly #members: Members;
  readonly #changes: Changes;
  #raw: Uint8Array | undefined;
  #fields: Fields | undefined;

  constructor(read: LogRecord, members: Members, changes: Changes, labels?: ClsLabels) {
    this.#read = read;
    this.#members = members;
    this.#changes = changes;
    this.labels = labels;
  }

  get place(): Place {
    return this.#read.place;
  }

  get raw(): Uint8Array {
    return (this.#raw ??= this.#members.isLive ? this.#splice() : jsonLine(this.fields));
  }

  /**
   * Appends its line to a block.
   *
   * @returns false if there may be no room for it and a line feed, or the parser has continued; nothing is written then
   */
  writeLine(block: LineBlock): boolean {
    const members = this.#members;
    if (!members.isLive) return false;
    const splice = spliceOf(members, this.#changes);
    if (splice.mostBytes(members, this.#changes) >= block.room) return false;
    splice.write(members, this.#changes, block);
    return true;
  }

  #splice(): Uint8Array {
    const splice = spliceOf(this.#members, this.#changes);
    const block = new LineBlock(Buffer.allocUnsafe(splice.mostBytes(this.#members, this.#changes)));
    splice.write(this.#members, this.#changes, block);
    return Buffer.from(block.bytes.subarray(0, block.used));
  }

  get fields(): Readonly<Fields> {
    return (this.#fields ??= changedFields(this.#read.fields, this.#changes));
  }

  get(name: string): FieldValue | undefined {
    return this.#changes.has(name) ? this.#changes.get(name) : this.#read.get(name);
  }

  has(name: string): boolean {
    return this.#changes.has(name) ? this.#changes.get(name) !== undefined : this.#read.has(name);
  }

  /**
   * Passes on its fields in the order of the line, and decodes only what is needed; false if that requires all fields.
   */
  handFields(taker: FieldTaker): boolean {
    if (this.#fields || !this.#members.handTo(taker, this.#changes)) return false;
    const changes = this.#changes;
    for (let index = 0; index < changes.size; index++) {
      const name = changes.nameAt(index);
      const value = changes.valueAt(index);
      if (value !== undefined && this.#members.indexOf(name) === undefined) taker.value(name, value);
    }
    return true;
  }
}

/** The fields with the changes, each at its position. */
export function changedFields(fields: Readonly<Fields>, changes: Changes): Fields {
  const changed: [string, FieldValue][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const left = changes.has(name) ? changes.get(name) : value;
    if (left !== undefined) changed.push([name, left]);
  }
  for (const [name, value] of changes) {
    if (value !== undefined && fieldOf(fields, name) === undefined) changed.push([name, value]);
  }
  // Unlike an assignment, this makes `__proto__` a name like any other.
  return Object.fromEntries(changed);
}
