import { replace } from "../../python/search";
/** The syntax of key-value pairs. */
export interface KvSyntax {
  /** Strings between key and value, tried in order; none begins with white space or a character of a key. */
  readonly separators: readonly string[];
  /** The quote around values. */
  readonly quote: string;
  /** Whether a quoted value can contain the quote after a backslash. */
  readonly escape: boolean;
}

export type TakePair = (key: string, value: string) => void;

/**
 * Finds pairs from left to right, in linear time: each word is examined once, and a missing closing quote is searched
 * for only once, since no later one exists either.
 */
export function scanPairs(text: string, syntax: KvSyntax, take: TakePair): void {
  for (let at = 0; at < text.length;) {
    const keyEnd = wordEnd(text, at);
    if (keyEnd === at) {
      at++;
      continue;
    }
    const found = readSeparated(text, skipSpace(text, keyEnd), syntax);
    if (found) take(text.slice(at, keyEnd), found.value);
    at = found ? found.end : keyEnd;
  }
}

/** Whether the scanner finds the same pairs as a pattern with these separators. */
export function isScannable(separators: readonly string[], quote: string): boolean {
  const plain = separators.every((text) => wordUnits(text, 0) === 0 && !isSpace(text.charCodeAt(0)));
  return plain && [...quote].length === 1 && wordUnits(quote, 0) === 0 && !isSpace(quote.charCodeAt(0));
}

interface FoundValue {
  readonly value: string;
  readonly end: number;
}

function readSeparated(text: string, at: number, syntax: KvSyntax): FoundValue | undefined {
  for (const separator of syntax.separators) {
    if (!text.startsWith(separator, at)) continue;
    const found = readValue(text, skipSpace(text, at + separator.length), syntax);
    if (found) return found;
  }
  return undefined;
}

function readValue(text: string, at: number, { quote, escape }: KvSyntax): FoundValue | undefined {
  const end = bareEnd(text, at);
  if (end > at) return { value: text.slice(at, end), end };
  if (!text.startsWith(quote, at)) return undefined;
  return escape ? readEscaped(text, at + quote.length, quote) : readQuoted(text, at + quote.length, quote);
}

/** White space around the value is removed. */
function readQuoted(text: string, start: number, quote: string): FoundValue | undefined {
  const close = text.indexOf(quote, start);
  if (close === -1) return undefined;
  return { value: trimmed(text.slice(start, close)), end: close + quote.length };
}

/**
 * The value ends at a quote without a preceding backslash, or at the second of two quotes; an empty value is not a
 * match.
 */
function readEscaped(text: string, start: number, quote: string): FoundValue | undefined {
  const first = skipSpace(text, start);
  for (let at = first; at < text.length;) {
    const isQuote = text.startsWith(quote, at);
    const isBackslash = text.startsWith("\\", at);
    const next = at + (isQuote ? quote.length : 1);
    if (!isBackslash && text.startsWith(quote, next)) return unescaped(text, first, next, quote);
    if (isQuote) return first > start ? unescaped(text, start, first, quote) : undefined;
    if (!isBackslash || !text.startsWith(quote, next)) at = next;
    else if (text.startsWith(quote, next + quote.length)) return unescaped(text, first, next + quote.length, quote);
    else at = next + quote.length;
  }
  return undefined;
}

function unescaped(text: string, start: number, end: number, quote: string): FoundValue {
  return { value: unescapeQuotes(text.slice(start, end), quote), end: end + quote.length };
}

/** The value to write if it was found with `escape`. */
export function unescapeQuotes(value: string, quote: string): string {
  return replace(trimmed(value), `\\${quote}`, quote, -1);
}

function trimmed(value: string): string {
  const start = skipSpace(value, 0);
  let end = value.length;
  while (end > start && isSpace(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

/** Characters of Python's `\s` beyond ASCII. */
const SPACE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const WORD = /^[\p{L}\p{N}]$/u;

const IS_WORD = asciiFlags(/[\w.-]/);
const IS_SPACE = asciiFlags(/[\t-\r\x1c-\x1f ]/);

/**
 * Number of UTF-16 units of a key character at an offset: 1 or 2 for a letter, a digit, CJK or one of `_.-`, 0 for
 * anything else.
 */
function wordUnits(text: string, at: number): 0 | 1 | 2 {
  const code = text.charCodeAt(at);
  if (code < 0x80) return IS_WORD[code];
  if (code >= 0x800 && code <= 0x9fa5) return 1;
  if (!(code >= 0x80)) return 0;
  const character = String.fromCodePoint(text.codePointAt(at) as number);
  return WORD.test(character) ? (character.length as 1 | 2) : 0;
}

/** End of the run of key characters at an offset. */
function wordEnd(text: string, from: number): number {
  let at = from;
  for (let units = wordUnits(text, at); units > 0; units = wordUnits(text, at)) at += units;
  return at;
}

/** End of the run of characters that are allowed in an unquoted value. */
function bareEnd(text: string, from: number): number {
  for (let at = from; ; at++) {
    at = wordEnd(text, at);
    const code = text.charCodeAt(at);
    if (code !== PERCENT && code !== TILDE) return at;
  }
}

/** The first offset that is not white space. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Whether a UTF-16 unit is white space, as in Python's `\s`. */
export function isSpace(code: number): boolean {
  return code < 0x80 ? IS_SPACE[code] === 1 : code >= 0x85 && SPACE.test(String.fromCharCode(code));
}

const PERCENT = 0x25;
const TILDE = 0x7e;

function asciiFlags(pattern: RegExp): readonly (0 | 1)[] {
  return Array.from({ length: 0x80 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}
