import { isBytes, isDict, isList, type Value } from "./values";

const decoder = new TextDecoder();

/**
 * The text of a value that is assigned to a field: JSON with Python's spacing for lists and dicts, lower-case booleans
 * as today's documentation prints them. None has no text: who assigns it leaves the field as it is.
 */
export function toText(value: Exclude<Value, null>): string {
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
    case "boolean":
      return String(value);
    case "number":
      return floatText(value);
    default:
      if (isBytes(value)) return decoder.decode(value).replaceAll("\ufffd", "");
      if (isList(value) || isDict(value)) return toJson(value);
      return value.toText();
  }
}

/** Python's `json.dumps` with `ensure_ascii=False`. */
export function toJson(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(toJson).join(", ")}]`;
  if (isDict(value)) {
    return `{${Array.from(value, ([key, item]) => `${JSON.stringify(keyText(key))}: ${toJson(item)}`).join(", ")}}`;
  }
  if (typeof value === "object") return JSON.stringify(toText(value));
  return toText(value);
}

function keyText(key: Value): string {
  return key === null ? "null" : toText(key);
}

/** Python's `repr` of a float: `2.0`, `1e-05`, `1e+16`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}
