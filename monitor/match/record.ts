import { jsonText } from "./json-text";

/** A record, as needed for matching: structurally a `LogRecord` of the functions. */
export interface RecordView {
  /** The line as it was read. */
  readonly raw: Uint8Array;
  /** All fields, as in JSON. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** One field; undefined if it does not exist. */
  get(name: string): unknown;
  has(name: string): boolean;
}

/** The field with a record's own time, in milliseconds. It is not part of the record's content. */
export const TIME_FIELD = "__TIMESTAMP__";

/** Text of a field: a string unchanged, anything else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

/** A record's own time, in milliseconds, or the time of its arrival if it has none or it is in the future. */
export function timeOf(record: RecordView, arrivedAt: number): number {
  const at = timeIn(record);
  return at !== undefined && at <= arrivedAt ? at : arrivedAt;
}

/** A record's own time, in milliseconds, even in the future; undefined if it has none. */
export function timeIn(record: RecordView): number | undefined {
  const time = record.get(TIME_FIELD);
  // Only numbers and numeric strings are times: Number() converts true to 1, and a list to its element.
  const at = typeof time === "number" || typeof time === "string" ? Number(time) : NaN;
  return at > 0 ? at : undefined;
}

/**
 * Treats a line that is not a record, for example because it is not JSON, as a record, so that it is matched too. Its
 * text is the field `__CONTENT__`, where CLS stores plain-text logs.
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
