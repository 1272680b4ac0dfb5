/**
 * Logs can contain any text, and terminals interpret some of it: escape sequences, C1 controls, direction marks,
 * carriage returns, invisible characters. They are shown as escapes.
 */

/** What a terminal can interpret or hide, except the tab. An unpaired surrogate is not a character. */
const UNSAFE =
  /[\0-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/;
const ALL_UNSAFE = new RegExp(UNSAFE, "g");

const SHORT: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", "\x1b": "\\e" };

/** The text in a form that is safe for any terminal: `\e[31m` instead of the sequence that changes the colour. */
export function visible(text: string): string {
  return UNSAFE.test(text) ? text.replace(ALL_UNSAFE, escaped) : text;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`);
}

/** The same for JSON text; the values of its strings stay the same. */
export function visibleJson(json: string): string {
  return UNSAFE.test(json) ? json.replace(ALL_UNSAFE, (character) => [...units(character)].join("")) : json;
}

function* units(character: string): Generator<string> {
  for (let at = 0; at < character.length; at++) yield `\\u${hex(character.charCodeAt(at), 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
