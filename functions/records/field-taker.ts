import type { FieldValue, OutgoingRecord } from "./contracts";

/** Takes the fields of a record one after the other. */
export interface FieldTaker {
  /**
   * Texts of fields that follow each other, from the name with the number `first` up to the one before `end`. They stand in these
   * bytes as UTF-8, which are used again for what comes later; `places` holds the start and the end of that with the number n at
   * 2n and 2n + 1. The list of names is the same one for records with the same names in the same order.
   */
  texts(names: readonly string[], first: number, end: number, bytes: Buffer, places: Int32Array): void;
  /** A text with escapes, as JSON writes it between quotes, for those who write JSON. @default its value */
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
