import { replaceEach, TextBuilder } from "../run/length";
import { floatText, printed, type Leaf } from "../run/text";
import { isBytes, type Value } from "../run/values";
import { isPrintable } from "./characters";

/** Python's `str(value)`: the output of `str.format` for a value without a format. */
export function str(value: Value): string {
  return typeof value === "string" ? value : repr(value);
}

/** Python's `repr(value)`. A list and a tuple are the same type here, printed as a list. */
export function repr(value: Value): string {
  return printed(value, { item: ", ", key: ": ", leaf: reprLeaf, keyOf: repr });
}

function reprLeaf(value: Leaf): string {
  if (value === null) return "None";
  if (typeof value === "string") return reprText(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return floatText(value);
  if (isBytes(value)) return reprBytes(value);
  return value.toText();
}

/** Python's `ascii(value)`: `repr` with all characters beyond ASCII escaped. */
export function ascii(value: Value): string {
  return replaceEach(repr(value), /[^\0-\x7f]/gu, ([character]) => escapePoint(character));
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = new TextBuilder();
  for (const character of text) {
    if (character === quote) body.add(`\\${character}`);
    else body.add(NAMED[character] ?? (isPrintable(character) ? character : escapePoint(character)));
  }
  return quote + body.text + quote;
}

function reprBytes(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  const body = new TextBuilder();
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === quote) body.add(`\\${quote}`);
    else body.add(NAMED[character] ?? (byte >= 0x20 && byte < 0x7f ? character : escapePoint(character)));
  }
  return `b${quote}${body.text}${quote}`;
}

function escapePoint(character: string): string {
  const point = character.codePointAt(0)!;
  const hexadecimal = point.toString(16);
  if (point <= 0xff) return `\\x${hexadecimal.padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${hexadecimal.padStart(4, "0")}` : `\\U${hexadecimal.padStart(8, "0")}`;
}
