import { byStretches, replaceUnits, TextBuilder } from "./length";
import { isBytes, isDict, isList, type Dict, type Value } from "./values";

const decoder = new TextDecoder();

/**
 * The text of a value that is assigned to a field: JSON with Python's spacing for lists and dicts, and lower-case
 * booleans as in the current documentation. None has no text: callers leave the field unchanged.
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
      if (isBytes(value)) return replaceUnits(decoder.decode(value), "\ufffd", "");
      if (isList(value) || isDict(value)) return toJson(value);
      return value.toText();
  }
}

/** Python's `json.dumps` with `ensure_ascii=False`. */
export function toJson(value: Value): string {
  return printed(value, { item: ", ", key: ": ", leaf: jsonLeaf });
}

function jsonLeaf(value: Leaf): string {
  if (value === null) return "null";
  return typeof value === "string"
    ? jsonText(value)
    : typeof value === "object"
      ? jsonText(toText(value))
      : toText(value);
}

/** A string as JSON, which can be six times as long. */
export function jsonText(text: string): string {
  const quoted = byStretches(text, (stretch) => JSON.stringify(stretch).slice(1, -1));
  return `"${quoted}"`;
}

/** A value that is neither a list nor a dict. */
export type Leaf = Exclude<Value, readonly Value[] | Dict>;

/** How lists and dicts are printed. */
export interface Print {
  /** Between items. */
  readonly item: string;
  /** Between a key and its value. */
  readonly key: string;
  leaf(value: Leaf): string;
  /** Converts a key to text. @default the same as for a leaf */
  keyOf?(key: Value): string;
}

/** Prints lists and dicts in brackets; fails before the result exceeds the maximum length. */
export function printed(value: Value, print: Print): string {
  const builder = new TextBuilder();
  const keyOf = print.keyOf ?? ((key: Value): string => print.leaf(keyText(key)));
  const add = (one: Value): void => {
    if (!isList(one) && !isDict(one)) {
      builder.add(print.leaf(one));
      return;
    }
    let before = "";
    builder.add(isList(one) ? "[" : "{");
    if (isList(one)) {
      for (const item of one) {
        builder.add(before);
        add(item);
        before = print.item;
      }
    } else {
      for (const [key, item] of one) {
        builder.add(before).add(keyOf(key)).add(print.key);
        add(item);
        before = print.item;
      }
    }
    builder.add(isList(one) ? "]" : "}");
  };
  add(value);
  return builder.text;
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
