import type { Literal } from "../../../rules";

/**
 * What is searched: lines of JSON (`lines`); JSON inside JSON strings, as in CLS events (`strings`); or protobuf pairs,
 * as in logs pulled from CLS, which contain unescaped text, with a pair's key first (`pairs`).
 */
export type SearchLevel = "lines" | "strings" | "pairs";

/** A literal as bytes. */
export interface Entry {
  /** Its index in the list of literals. The index after the last one means "possibly any of them". */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** For a member: the text that its value is compared with. */
  readonly value: Uint8Array;
  /** Kind and traits, in the module's form. */
  readonly what: number;
  readonly ignoresCase: boolean;
  /** The entry as a regular expression over text with one character per byte, which may match more. */
  readonly pattern: string;
}

const KINDS = { exists: 0, starts: 1, is: 2, holds: 3 };
const ESCAPE = 4;
const IGNORES_CASE = 8;
const IS_INNER = 16;
const IS_PAIR = 32;

/** First byte of a pair: the protobuf tag of its key, a length-delimited field. */
const KEY_TAG = 0x0a;

const NONE = new Uint8Array(0);

/** Letters that Python treats as `i`, `s` and `k` if case is ignored. */
const RELATIVES = ["\u0130", "\u0131", "\u017f", "\u212a"];

/**
 * The entries to search for, and the characters whose escapes matter: by code, with index 128 for all characters beyond
 * ASCII.
 */
export function entriesOf(
  literals: readonly Literal[],
  level: SearchLevel,
): { readonly entries: readonly Entry[]; readonly characters: Uint8Array } {
  const entries = literals.map((literal, number) => entryOf(literal, number, level));
  const characters = charactersOf(literals, level);
  const unsure = literals.length;
  if (level !== "pairs") entries.push({ ...plain("\\u", unsure), what: ESCAPE });
  const hasRelatives = literals.some(({ text, ignoreCase }) => ignoreCase && /[isk]/i.test(text));
  if (hasRelatives) entries.push(...RELATIVES.map((letter) => plain(letter, unsure)));
  return { entries, characters };
}

function plain(text: string, number: number, ignoresCase = false): Entry {
  return exactly(bytesOf(text, ignoresCase), number, ignoresCase);
}

function exactly(bytes: Uint8Array, number: number, ignoresCase = false): Entry {
  return {
    number,
    bytes,
    value: NONE,
    what: ignoresCase ? IGNORES_CASE : 0,
    ignoresCase,
    pattern: patternOf(bytes, ignoresCase),
  };
}

function entryOf(literal: Literal, number: number, level: SearchLevel): Entry {
  const ignoresCase = literal.ignoreCase === true;
  if (!("field" in literal)) return plain(literal.text, number, ignoresCase);
  const key = keyOf(literal.field, number, level);
  if (literal.test === "exists") return key;
  const value = bytesOf(literal.text, ignoresCase);
  const what = KINDS[literal.test] | (ignoresCase ? IGNORES_CASE : 0) | TRAITS[level];
  return {
    ...key,
    value,
    what,
    pattern: memberPattern(key.pattern, patternOf(value, ignoresCase), literal.test, level),
  };
}

const TRAITS = { lines: 0, strings: IS_INNER, pairs: IS_PAIR };

function keyOf(field: string, number: number, level: SearchLevel): Entry {
  if (level !== "pairs") {
    const quote = level === "lines" ? '"' : '\\"';
    return plain(`${quote}${field}${quote}`, number);
  }
  const name = Buffer.from(field);
  return exactly(Buffer.concat([Uint8Array.of(KEY_TAG, ...varintOf(name.length)), name]), number);
}

function varintOf(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varintOf(value >>> 7)];
}

/**
 * Matches a member whose value is a matching string, or is not a string: numbers and other values are left to the
 * consumer.
 */
function memberPattern(key: string, value: string, test: "starts" | "is" | "holds", level: SearchLevel): string {
  if (level !== "lines") return key;
  // Strings with escapes are also left to the consumer.
  const string = test === "holds" ? `[^"\\\\]*(?:${value}|\\\\)` : value + (test === "is" ? '"' : "");
  return `${key}[ \\t\\r\\n]*:[ \\t\\r\\n]*(?:"${string}|[^" \\t\\r\\n])`;
}

function bytesOf(text: string, ignoresCase: boolean): Uint8Array {
  return Buffer.from(ignoresCase ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text);
}

function patternOf(bytes: Uint8Array, ignoresCase: boolean): string {
  const one = (byte: number): string => {
    const letter = String.fromCharCode(byte);
    if (ignoresCase && /[a-z]/.test(letter)) return `[${letter}${letter.toUpperCase()}]`;
    return `\\x${byte.toString(16).padStart(2, "0")}`;
  };
  return [...bytes].map(one).join("");
}

/** Characters of JSON's syntax at that level, in addition to those of the literals. */
const STRUCTURE = '"\\u:0123456789abcdefABCDEF \t\r\n';

function charactersOf(literals: readonly Literal[], level: SearchLevel): Uint8Array {
  const characters = new Uint8Array(129);
  const add = (text: string, ignoresCase = false): void => {
    for (const character of ignoresCase ? text.toLowerCase() + text.toUpperCase() : text) {
      characters[Math.min(character.codePointAt(0) as number, 128)] = 1;
    }
    if (ignoresCase && /[isk]/i.test(text)) characters[128] = 1;
  };
  for (const literal of literals) {
    add(literal.text, literal.ignoreCase);
    if ("field" in literal) add(literal.field);
  }
  if (level === "strings") add(STRUCTURE);
  return characters;
}
