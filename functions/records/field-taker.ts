import type { FieldValue, OutgoingRecord } from "./contracts";

/** Receives the fields of a record one after the other. */
export interface FieldTaker {
  /**
   * Consecutive fields that are texts, from the name with the number `first` up to the one before `end`. The texts are
   * UTF-8 in `bytes`, which are overwritten later; `places` contains start and end of field n at 2n and 2n + 1. The
   * list of names is the same object for records with the same names in the same order.
   */
  texts(names: readonly string[], first: number, end: number, bytes: Buffer, places: Int32Array): void;
  /** A text with escapes, as in JSON between the quotes, for receivers that write JSON. @default `value` receives it */
  escaped?(name: string, bytes: Buffer, start: number, end: number): void;
  /** Any value. */
  value(name: string, value: FieldValue): void;
}

/** A record that may be able to pass on its fields without creating all of them. Its class can be in another bundle. */
interface FieldHander {
  /** @returns false if it has passed on nothing, because that would require all of them */
  handFields?(taker: FieldTaker): boolean;
}

/**
 * The record, if it can pass on its fields without creating all of them, and user code has put nothing over what was
 * read; otherwise undefined.
 */
export function handerOf(record: OutgoingRecord): (OutgoingRecord & Required<FieldHander>) | undefined {
  const isHander = (record as FieldHander).handFields !== undefined && !record.changed;
  const isAsRead = isHander && !Object.hasOwn(record, "raw") && !Object.hasOwn(record, "fields");
  return isAsRead ? (record as OutgoingRecord & Required<FieldHander>) : undefined;
}

/** Passes on the fields of a record in their order. */
export function handFields(record: OutgoingRecord, taker: FieldTaker): void {
  if ((record as FieldHander).handFields?.(taker)) return;
  for (const [name, value] of Object.entries(record.fields)) taker.value(name, value);
}
