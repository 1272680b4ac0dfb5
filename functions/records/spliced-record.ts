import { mayHoldBigNumber } from "../parser/numbers";
import type { Members } from "../parser/scan/members";
import { fieldOf } from "./by-name";
import type { ClsLabels, Fields, FieldValue, LogRecord, OutgoingRecord, Place } from "./contracts";
import type { FieldTaker } from "./field-taker";
import { jsonLine, LineRecord } from "./line-record";

/** Fields that are other than a record's, by their names; `undefined` for those that are left out. */
export type Changes = ReadonlyMap<string, FieldValue | undefined>;

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
  for (const value of changes.values()) {
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
  #raw: Buffer | undefined;
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
    return (this.#raw ??= Buffer.from(this.latin1, "latin1"));
  }

  /** The bytes of `raw`, each a character. */
  get latin1(): string {
    if (this.#raw) return this.#raw.toString("latin1");
    // The parser has gone on where an output kept it waiting.
    if (!this.#members.isLive) return jsonLine(this.fields).toString("latin1");
    return splice(this.#members, this.#changes);
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
    for (const [name, value] of this.#changes) {
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

/** A line in which each byte is a character: then texts are joined without a look at what they hold. */
function splice(members: Members, changes: Changes): string {
  const { names, count } = members;
  const changed: number[] = [];
  let added = "";
  for (const [name, value] of changes) {
    const member = members.indexOf(name);
    if (member !== undefined) insert(changed, member);
    else if (value !== undefined) added += `,${jsonBytes(name)}:${jsonBytes(value)}`;
  }
  let line = "";
  let from = 0;
  for (const member of changed) {
    if (member > from) line += membersText(members, from, member, line === "" ? "{" : ",");
    const value = changes.get(names[member]);
    if (value !== undefined) line += `${line === "" ? "{" : ","}${jsonBytes(names[member])}:${jsonBytes(value)}`;
    from = member + 1;
  }
  if (from < count) line += membersText(members, from, count, line === "" ? "{" : ",");
  // A look at what is joined so far would have it copied at once, and later once more.
  return line === "" ? `{${added.slice(1)}}` : `${line}${added}}`;
}

/** Members as they stand there, with a brace or a comma in front. */
function membersText(members: Members, from: number, to: number, separator: string): string {
  const text = members.text(members.keyStart(from) - 1, members.valueEnd(to - 1));
  return text.startsWith(separator) ? text : separator + text.slice(1);
}

/** Puts a number into a short list of smaller and larger ones. */
function insert(sorted: number[], number: number): void {
  let at = sorted.length;
  for (; at > 0 && sorted[at - 1] > number; at--) sorted[at] = sorted[at - 1];
  sorted[at] = number;
}

/** What needs no escape in JSON, and is one byte a character. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The bytes of a value's JSON, each a character; of ASCII they are the text. */
function jsonBytes(value: FieldValue): string {
  if (typeof value === "string" && PLAIN.test(value)) return `"${value}"`;
  const json = JSON.stringify(value);
  return /[^\0-\x7f]/.test(json) ? Buffer.from(json).toString("latin1") : json;
}
