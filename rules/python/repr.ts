import { floatText } from "../run/text";
import { isBytes, isDict, isList, type Value } from "../run/values";
import { isPrintable } from "./characters";

/** Python's `str(value)`: what `str.format` puts for a value without a format. */
export function str(value: Value): string {
  return typeof value === "string" ? value : repr(value);
}

/** Python's `repr(value)`; a list and a tuple are one type here and print as a list. */
export function repr(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "string") return reprText(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return floatText(value);
  if (isBytes(value)) return reprBytes(value);
  if (isList(value)) return `[${value.map(repr).join(", ")}]`;
  if (isDict(value)) return `{${Array.from(value, ([key, item]) => `${repr(key)}: ${repr(item)}`).join(", ")}}`;
  return value.toText();
}

/** Python's `ascii(value)`: `repr` with everything beyond ASCII escaped. */
export function ascii(value: Value): string {
  return repr(value).replace(/[^\0-\x7f]/gu, escapePoint);
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = "";
  for (const character of text) {
    if (character === quote) body += `\\${character}`;
    else body += NAMED[character] ?? (isPrintable(character) ? character : escapePoint(character));
  }
  return quote + body + quote;
}

function reprBytes(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  let body = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === quote) body += `\\${quote}`;
    else body += NAMED[character] ?? (byte >= 0x20 && byte < 0x7f ? character : escapePoint(character));
  }
  return `b${quote}${body}${quote}`;
}

function escapePoint(character: string): string {
  const point = character.codePointAt(0)!;
  const hexadecimal = point.toString(16);
  if (point <= 0xff) return `\\x${hexadecimal.padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${hexadecimal.padStart(4, "0")}` : `\\U${hexadecimal.padStart(8, "0")}`;
}
