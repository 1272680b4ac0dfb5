import { parseJson } from "../run/json";
import { toText } from "../run/text";
import { fail, isBytes, isDict, isList, typeName, type Dict, type Value } from "../run/values";

/** A value as shown in messages: its type and at most 100 characters of its text. */
export function describe(value: Value | undefined): string {
  if (value === null || value === undefined) return "None";
  const text = toText(value);
  return `${typeName(value)} ${JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)}`;
}

/** How `str_*` functions convert their arguments: the text that would be written to a field, `None` for None. */
export function asText(value: Value): string {
  if (typeof value === "string") return value;
  return value === null ? "None" : toText(value);
}

/** The same, if omitting the argument has its own meaning, like None. */
export function asOptionalText(value: Value | undefined): string | undefined {
  return value === null || value === undefined ? undefined : asText(value);
}

/** A Python int as a JavaScript number, for indexes, widths and counts. A bool is an int, a float is not. */
export function asInt(value: Value, what: string): number {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return Number(value);
  return fail(`${what} must be an int, got ${describe(value)}`);
}

export function asOptionalInt(value: Value | undefined, what: string): number | undefined {
  return value === null || value === undefined ? undefined : asInt(value, what);
}

/** A list, or the JSON text of one. */
export function asList(value: Value, what: string): readonly Value[] {
  const list = typeof value === "string" ? parseJson(value) : value;
  if (isList(list)) return list;
  return fail(`${what} must be a list or the JSON text of one, got ${describe(value)}`);
}

/** A dict, or the JSON text of one. */
export function asDict(value: Value, what: string): Dict {
  const dict = typeof value === "string" ? parseJson(value) : value;
  if (isDict(dict)) return dict;
  return fail(`${what} must be a dict or the JSON text of one, got ${describe(value)}`);
}

/** Bytes; a string is encoded as UTF-8. */
export function asBytes(value: Value, what: string): Uint8Array {
  if (isBytes(value)) return value;
  if (typeof value === "string") return Buffer.from(value);
  return fail(`${what} must be bytes, got ${describe(value)}`);
}
