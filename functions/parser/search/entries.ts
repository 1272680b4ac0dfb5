import type { Literal } from "../../../rules";

/** What of a JSON text is searched: lines of JSON, or JSON that stands in strings of JSON, as in a delivery of CLS. */
export type JsonLevel = "lines" | "strings";

/** A literal as bytes. */
export interface Entry {
  /** Its place in the list of literals; behind these stands what may be any of them. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Of a member, what its value is tested for. */
  readonly value: Uint8Array;
  /** What the module takes it for: kind and traits. */
  readonly what: number;
  readonly ignoresCase: boolean;
  /** The same as a pattern over bytes that are each a character, which may find more. */
  readonly pattern: string;
}

const KINDS = { exists: 0, starts: 1, is: 2, holds: 3 };
const ESCAPE = 4;
const IGNORES_CASE = 8;
const IS_INNER = 16;

const NONE = new Uint8Array(0);

/** Letters that Python takes for `i`, `s` and `k` where case does not count. */
const RELATIVES = ["\u0130", "\u0131", "\u017f", "\u212a"];

/** What to look for, and of which characters escapes matter: by code, and in place 128 whether all beyond ASCII do. */
export function entriesOf(
  literals: readonly Literal[],
  level: JsonLevel,
): { readonly entries: readonly Entry[]; readonly characters: Uint8Array } {
  const entries = literals.map((literal, number) => entryOf(literal, number, level));
  const characters = charactersOf(literals, level);
  const unsure = literals.length;
  entries.push({ ...plain("\\u", unsure), what: ESCAPE });
  const hasRelatives = literals.some(({ text, ignoreCase }) => ignoreCase && /[isk]/i.test(text));
  if (hasRelatives) entries.push(...RELATIVES.map((letter) => plain(letter, unsure)));
  return { entries, characters };
}

function plain(text: string, number: number, ignoresCase = false): Entry {
  const bytes = bytesOf(text, ignoresCase);
  return {
    number,
    bytes,
    value: NONE,
    what: ignoresCase ? IGNORES_CASE : 0,
    ignoresCase,
    pattern: patternOf(bytes, ignoresCase),
  };
}

function entryOf(literal: Literal, number: number, level: JsonLevel): Entry {
  const ignoresCase = literal.ignoreCase === true;
  if (!("field" in literal)) return plain(literal.text, number, ignoresCase);
  const quote = level === "lines" ? '"' : '\\"';
  const key = plain(`${quote}${literal.field}${quote}`, number);
  if (literal.test === "exists") return key;
  const value = bytesOf(literal.text, ignoresCase);
  const what = KINDS[literal.test] | (ignoresCase ? IGNORES_CASE : 0) | (level === "strings" ? IS_INNER : 0);
  return {
    ...key,
    value,
    what,
    pattern: memberPattern(key.pattern, patternOf(value, ignoresCase), literal.test, level),
  };
}

/**
 * A member whose value is a string that fits, or is none: what numbers and others are is left to who reads them.
 */
function memberPattern(key: string, value: string, test: "starts" | "is" | "holds", level: JsonLevel): string {
  if (level === "strings") return key;
  // What stands behind an escape is left to them as well.
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

/** Beside those of the literals, what tells their level's JSON. */
const STRUCTURE = '"\\u:0123456789abcdefABCDEF \t\r\n';

function charactersOf(literals: readonly Literal[], level: JsonLevel): Uint8Array {
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
