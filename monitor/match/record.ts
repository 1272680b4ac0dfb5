import { jsonText } from "./json-text";

/** A record, as far as it is matched: what `LogRecord` of the functions is, structurally. */
export interface RecordView {
  /** The line as it was read. */
  readonly raw: Uint8Array;
  /** All fields, as JSON has them. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** One field; undefined where there is none of that name. */
  get(name: string): unknown;
  has(name: string): boolean;
}

/** The field that holds a record's own time, in milliseconds; it is no part of what the record says. */
export const TIME_FIELD = "__TIMESTAMP__";

/** Text of a field: a string as it is, anything else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

/** A record's own time, in milliseconds: that of its arrival where it has none, or one that lies in the future. */
export function timeOf(record: RecordView, arrivedAt: number): number {
  const at = timeIn(record);
  return at !== undefined && at <= arrivedAt ? at : arrivedAt;
}

/** A record's own time, in milliseconds, wherever it lies; undefined where it has none. */
export function timeIn(record: RecordView): number | undefined {
  const time = record.get(TIME_FIELD);
  // Only a number, or a text that is one, is a time: to Number(), true is 1 and a list what it holds.
  const at = typeof time === "number" || typeof time === "string" ? Number(time) : NaN;
  return at > 0 ? at : undefined;
}

/**
 * A line that is no record, such as one that is no JSON, as a record all the same, so that it is looked at: its text is the
 * field `__CONTENT__`, which is where CLS puts a log that is plain text.
 */
export function recordOfText(raw: Uint8Array): RecordView {
  const fields: Record<string, unknown> = { __CONTENT__: new TextDecoder().decode(raw) };
  return {
    raw,
    fields,
    get: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
    has: (name) => Object.hasOwn(fields, name),
  };
}
