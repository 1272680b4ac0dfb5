import type { SetItem } from "./charset";
import { LAST_CODE_POINT } from "./ranges";
import type { Reader } from "./reader";
import { RegexError } from "./regex";
import type { Category } from "./unicode";

const CATEGORIES: Readonly<Record<string, Category>> = { d: "digit", s: "space", w: "word" };

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 0x5c };

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** `\d`, `\S` and so on, after the backslash; `undefined` for anything else. */
export function takeCategory(reader: Reader, ascii: boolean): SetItem | undefined {
  const letter = reader.peek();
  const category = CATEGORIES[letter.toLowerCase()];
  if (category === undefined) return undefined;
  reader.next();
  return { category, negated: letter !== letter.toLowerCase(), ascii };
}

/** The code point of an escape for one character, after the backslash. */
export function takeCharacterEscape(reader: Reader, start: number): number {
  const octal = reader.takeMatch(/0[0-7]{0,2}|[1-3][0-7]{2}/y);
  if (octal) return parseInt(octal[0], 8);
  const character = reader.next();
  if (character === "") throw new RegexError("the pattern ends with a backslash; write \\\\ for a backslash", start);
  const control = Object.hasOwn(CONTROLS, character) ? CONTROLS[character] : undefined;
  if (control !== undefined) return control;
  if (Object.hasOwn(HEX_DIGITS, character)) return takeHex(reader, HEX_DIGITS[character], start);
  if (/[a-zA-Z0-9]/.test(character)) {
    throw new RegexError(
      `the pattern has the unknown escape \\${character}; write the character without the backslash`,
      start,
    );
  }
  return character.codePointAt(0) as number;
}

function takeHex(reader: Reader, digits: number, start: number): number {
  const match = reader.takeMatch(new RegExp(`[0-9a-fA-F]{${digits}}`, "y"));
  const code = match ? parseInt(match[0], 16) : LAST_CODE_POINT + 1;
  if (code <= LAST_CODE_POINT) return code;
  const escape = reader.text.slice(start, start + 2);
  throw new RegexError(
    `the pattern has a broken escape ${escape}; it takes ${digits} hexadecimal digits of a character`,
    start,
  );
}

/** A class, after its `[`. */
export function takeClass(
  reader: Reader,
  ascii: boolean,
): { readonly items: readonly SetItem[]; readonly negated: boolean } {
  const start = reader.position - 1;
  const negated = reader.take("^");
  const items: SetItem[] = [];
  const first = reader.position;
  while (reader.position === first || !reader.take("]")) {
    if (reader.atEnd) throw new RegexError("the pattern has a [ that no ] closes; write \\[ for the character", start);
    items.push(takeMember(reader, ascii));
  }
  return { items, negated };
}

function takeMember(reader: Reader, ascii: boolean): SetItem {
  const start = reader.position;
  const low = takeEnd(reader, ascii);
  // A hyphen before the closing bracket is literal.
  if (!/^-(?!\]|$)/s.test(reader.text.slice(reader.position, reader.position + 2))) return low;
  reader.next();
  const high = takeEnd(reader, ascii);
  if (!("range" in low) || !("range" in high) || low.range[0] > high.range[0]) {
    const range = reader.text.slice(start, reader.position);
    throw new RegexError(`the pattern has a bad character range ${range}; write the hyphen last, or as \\-`, start);
  }
  return { range: [low.range[0], high.range[0]] };
}

function takeEnd(reader: Reader, ascii: boolean): SetItem {
  const start = reader.position;
  const character = reader.next();
  if (character === "")
    throw new RegexError("the pattern has a [ that no ] closes; write \\[ for the character", start);
  if (character !== "\\") return single(character.codePointAt(0) as number);
  const category = takeCategory(reader, ascii);
  if (category) return category;
  if (reader.take("b")) return single(8);
  const octal = reader.takeMatch(/[0-7]{1,3}/y);
  if (octal) return single(parseInt(octal[0], 8));
  return single(takeCharacterEscape(reader, start));
}

function single(code: number): SetItem {
  return { range: [code, code] };
}
