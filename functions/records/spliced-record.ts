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
 * A record on its way to an output with some of its fields changed: a field keeps its place, and new ones stand behind. What
 * is not changed is copied from where it stands; a record that does not tell where that is gets the JSON of its fields.
 *
 * So does one with a number that is beyond 2^53, of which JSON may make one that is read as something else: a fraction or a
 * power becomes an integer, and that is read as its digits. What outputs see is what is read of the line, always, so that it
 * does not depend on how the record was read, on when its output takes it, or on whether it comes back from quarantine.
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

/** Where the members of a record stand in its `raw`, as long as that is known. Its class stands in another file of the zip. */
export function membersOf(record: OutgoingRecord): Members | undefined {
  return (record as { readonly members?: Members }).members;
}

/** A record whose line is made of another one's when it is asked for: its bytes are copied, but for what is changed. */
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

  /** Writes its line behind what a block holds; false where there may be no room for it and a line end, or the parser has gone on. */
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

  /** Hands over its fields in the order of its line, made of as little as can be; false where that takes all of them. */
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

/** Fields with the changes, each in its place. */
export function changedFields(fields: Readonly<Fields>, changes: Changes): Fields {
  const changed: [string, FieldValue][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const left = changes.has(name) ? changes.get(name) : value;
    if (left !== undefined) changed.push([name, left]);
  }
  for (const [name, value] of changes) {
    if (value !== undefined && fieldOf(fields, name) === undefined) changed.push([name, value]);
  }
  // Which makes `__proto__` a name like any other.
  return Object.fromEntries(changed);
}
