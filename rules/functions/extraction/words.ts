/** Characters of Python's `\s` beyond ASCII. */
const SPACE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const WORD = /^[\p{L}\p{N}]$/u;

const IS_WORD = asciiFlags(/[\w.-]/);
const IS_SPACE = asciiFlags(/[\t-\r\x1c-\x1f ]/);

/**
 * How many UTF-16 units of a key begin at an offset: 1 or 2 for a letter, a digit, CJK or one of `_.-`, 0 for anything
 * else.
 */
export function wordUnits(text: string, at: number): 0 | 1 | 2 {
  const code = text.charCodeAt(at);
  if (code < 0x80) return IS_WORD[code];
  if (code >= 0x800 && code <= 0x9fa5) return 1;
  if (!(code >= 0x80)) return 0;
  const character = String.fromCodePoint(text.codePointAt(at) as number);
  return WORD.test(character) ? (character.length as 1 | 2) : 0;
}

/** The end of the run of key characters that begins at an offset. */
export function wordEnd(text: string, from: number): number {
  let at = from;
  for (let units = wordUnits(text, at); units > 0; units = wordUnits(text, at)) at += units;
  return at;
}

/** The end of the run of characters that a value without quotes may hold. */
export function bareEnd(text: string, from: number): number {
  for (let at = from; ; at++) {
    at = wordEnd(text, at);
    const code = text.charCodeAt(at);
    if (code !== PERCENT && code !== TILDE) return at;
  }
}

/** The first offset that is no white space. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Whether a UTF-16 unit is white space, as Python's `\s` takes it. */
export function isSpace(code: number): boolean {
  return code < 0x80 ? IS_SPACE[code] === 1 : code >= 0x85 && SPACE.test(String.fromCharCode(code));
}

const PERCENT = 0x25;
const TILDE = 0x7e;

function asciiFlags(pattern: RegExp): readonly (0 | 1)[] {
  return Array.from({ length: 0x80 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}
