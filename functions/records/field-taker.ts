import type { Members } from "../parser/scan/members";
import type { FieldValue, OutgoingRecord } from "./contracts";

/** Takes the fields of a record one after the other. */
export interface FieldTaker {
  /** A text, which stands in these bytes as UTF-8. They are used again for what comes later. */
  text(name: string, bytes: Buffer, start: number, end: number): void;
  /** The same of a text with escapes, as JSON writes it between quotes, for those who write JSON. @default its value */
  escaped?(name: string, bytes: Buffer, start: number, end: number): void;
  /** Any value. */
  value(name: string, value: FieldValue): void;
}

/** A record that may hand over its fields without making all of them; its class stands in another file of the zip. */
interface FieldHander {
  /** @returns false where it has handed over nothing, for it would take all of them */
  handFields?(taker: FieldTaker): boolean;
}

/**
 * The record, if it tells of its fields without making all of them, and user code has put nothing over what was read;
 * undefined for others.
 */
export function handerOf(record: OutgoingRecord): (OutgoingRecord & Required<FieldHander>) | undefined {
  const isHander = (record as FieldHander).handFields !== undefined && !record.changed;
  const isAsRead = isHander && !Object.hasOwn(record, "raw") && !Object.hasOwn(record, "fields");
  return isAsRead ? (record as OutgoingRecord & Required<FieldHander>) : undefined;
}

/** Hands over the fields of a record in their order. */
export function handFields(record: OutgoingRecord, taker: FieldTaker): void {
  if ((record as FieldHander).handFields?.(taker)) return;
  for (const [name, value] of Object.entries(record.fields)) taker.value(name, value);
}

/**
 * Hands over the members of a record, but for those that are changed, which are handed over with their new values.
 *
 * @returns false where they are not there any more, or are no fields in this order
 */
export function handMembers(
  members: Members,
  taker: FieldTaker,
  changes?: ReadonlyMap<string, FieldValue | undefined>,
): boolean {
  if (!members.isLive || !members.isOrdered) return false;
  const { memory, names } = members;
  for (let member = 0; member < names.length; member++) {
    const name = names[member];
    if (changes?.has(name)) {
      const value = changes.get(name);
      if (value !== undefined) taker.value(name, value);
    } else if (members.isPlainText(member)) {
      taker.text(name, memory, members.textStart(member), members.textEnd(member));
    } else if (taker.escaped && members.isText(member)) {
      taker.escaped(name, memory, members.textStart(member), members.textEnd(member));
    } else {
      taker.value(name, members.value(member));
    }
  }
  return true;
}
