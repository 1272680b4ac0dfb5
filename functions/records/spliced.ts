import type { Members } from "../parser/scan/members";
import type { Fields, FieldValue, LogRecord } from "./contracts";
import { jsonLine } from "./line-record";

/** Fields that are other than a record's, by their names; `undefined` for those that are left out. */
export type Changes = ReadonlyMap<string, FieldValue | undefined>;

/** A record that may know where its members stand; the class of such stands in another file of the zip. */
interface Spliceable {
  readonly members?: Members;
}

/** Where the members of a record stand in its `raw`, as long as that is known. */
export function membersOf(record: LogRecord): Members | undefined {
  return (record as Spliceable).members;
}

/**
 * The line of a record with some of its fields changed: a field keeps its place, and new ones stand behind. What is not
 * changed is copied from where it stands; a record that does not tell where that is gets the JSON of its fields.
 */
export function splicedLine(record: LogRecord, changes: Changes): Buffer {
  const members = membersOf(record);
  return members ? Buffer.from(splice(members, changes), "latin1") : jsonLine(changedFields(record.fields, changes));
}

/** Fields with the changes, each in its place. */
export function changedFields(fields: Readonly<Fields>, changes: Changes): Fields {
  const changed: [string, FieldValue][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const left = changes.has(name) ? changes.get(name) : value;
    if (left !== undefined) changed.push([name, left]);
  }
  for (const [name, value] of changes) {
    if (value !== undefined && !Object.hasOwn(fields, name)) changed.push([name, value]);
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
    if (member > from) line += membersText(members, from, member);
    const value = changes.get(names[member]);
    if (value !== undefined) line += `,${jsonBytes(names[member])}:${jsonBytes(value)}`;
    from = member + 1;
  }
  if (from < count) line += membersText(members, from, count);
  line += added;
  return line === "" ? "{}" : `{${line.slice(1)}}`;
}

/** Members as they stand there, with a comma in front. */
function membersText(members: Members, from: number, to: number): string {
  const [start, end] = [members.keyStart(from), members.valueEnd(to - 1)];
  const text = members.text(start - 1, end);
  return text.startsWith(",") ? text : `,${text.slice(1)}`;
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
