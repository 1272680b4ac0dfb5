import { compileRegex } from "./compile";
import { LAST_CODE_POINT } from "./ranges";
import { RegexError } from "./regex";

type Range = readonly [first: number, last: number];

const DIGITS: readonly Range[] = [[0x30, 0x39]];
const WORDS: readonly Range[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
/** What the engine considers equal to `i`, `s` and `k` ignoring case. */
const LIKE_WORDS: readonly Range[] = [
  [0x130, 0x131],
  [0x17f, 0x17f],
  [0x212a, 0x212a],
];
const LINE_ENDS: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const SPACES: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const CATEGORIES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORDS,
  W: complement(WORDS),
  s: SPACES,
  S: complement(SPACES),
};

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A JavaScript pattern that tests in limited time and memory whether a text contains a match. */
export interface LinePattern {
  /** The same pattern in Python's syntax, from which required literals can be derived. */
  readonly pattern: string;
  test(text: string): boolean;
  /** Matches without overlaps, in UTF-16 units; empty ones as in Python. */
  matches(text: string): IterableIterator<{ readonly start: number; readonly end: number }>;
}

/**
 * Compiles a JavaScript pattern to the engine of the rules, so that no text makes it slow. It finds the same matches as
 * JavaScript, except that a character beyond U+FFFF is always one character, as with the flag `u`, and that the flag
 * `i` folds letters beyond ASCII as Unicode does.
 *
 * @param flags `i`, `u`, both or none
 * @throws RegexError for patterns that cannot be matched in linear time, and for unsupported syntax
 * @throws SyntaxError if it is not a valid JavaScript pattern
 */
export function compileLinePattern(source: string, flags: string): LinePattern {
  const regex = compileRegex(translated(source, flags, false));
  if (flags.includes("i") || !PLAIN.test(source)) return regex;
  return { pattern: regex.pattern, test: (text) => text.includes(source), matches: (text) => regex.matches(text) };
}

/** A JavaScript pattern whose named groups are extracted from a text that it matches as a whole. */
export interface GroupPattern {
  /** The named groups, in pattern order. */
  readonly names: readonly string[];
  /**
   * Their values in that order, undefined for a group that did not participate; undefined if the whole text does not
   * match.
   */
  match(text: string): readonly (string | undefined)[] | undefined;
}

/**
 * The same for a pattern whose named groups are needed. JavaScript and Python differ for groups in repetitions; here
 * they behave as in Python: a group retains its last match.
 *
 * @throws RegexError, SyntaxError as {@link compileLinePattern}
 */
export function compileGroupPattern(source: string, flags: string): GroupPattern {
  const regex = compileRegex(translated(source, flags, true));
  return { names: [...regex.groupNames.keys()], match: (text) => regex.fullMatch(text)?.groups };
}

function translated(source: string, flags: string, keepsGroups: boolean): string {
  new RegExp(source, flags);
  const ignoresCase = flags.includes("i");
  const text = new Translation(source, flags.includes("u"), ignoresCase, keepsGroups).text();
  return ignoresCase ? `(?i)${text}` : text;
}

/** ASCII characters that are literal. */
const PLAIN = /^[\w !"#%&',/:;<=>@`~-]+$/;

/**
 * Position of the error for which {@link compileLinePattern} threw, in UTF-16 units, if known: JavaScript does not
 * report it, but the rules' engine parses almost the same syntax.
 */
export function placeOfFault(source: string, error: unknown): number | undefined {
  const offset = offsetOf(() => compileRegex(source)) ?? (error instanceof RegexError ? error.offset : undefined);
  return offset !== undefined && offset <= source.length ? offset : undefined;
}

function offsetOf(compile: () => void): number | undefined {
  try {
    compile();
  } catch (error) {
    if (error instanceof RegexError) return error.offset;
  }
  return undefined;
}

/** Translates a JavaScript pattern to Python's syntax. The syntax is already checked. */
class Translation {
  readonly #characters: readonly string[];
  readonly #isUnicode: boolean;
  readonly #ignoresCase: boolean;
  readonly #keepsGroups: boolean;
  #at = 0;

  constructor(source: string, isUnicode: boolean, ignoresCase: boolean, keepsGroups: boolean) {
    this.#characters = [...source];
    this.#isUnicode = isUnicode;
    this.#ignoresCase = ignoresCase;
    this.#keepsGroups = keepsGroups;
  }

  text(): string {
    let text = "";
    while (this.#at < this.#characters.length) text += this.#next();
    return text;
  }

  #next(): string {
    const start = this.#at;
    const character = this.#characters[this.#at++];
    switch (character) {
      case "\\":
        return this.#escape(start);
      case "[":
        return this.#class();
      case "(":
        return this.#group(start);
      case ".":
        return setOf(complement(LINE_ENDS));
      case "^":
        return "\\A";
      case "$":
        return "\\Z";
      case "{":
        return this.#take(/^\d+(?:,\d*)?\}/, (count) => `{${count}`) ?? literal(character);
      case "|":
      case ")":
      case "*":
      case "+":
      case "?":
        return character;
      default:
        return literal(character);
    }
  }

  /** Groups without a name are not extracted. */
  #group(start: number): string {
    if (this.#characters[this.#at] !== "?") return "(?:";
    const named = this.#keepsGroups ? this.#take(/^\?<(?![=!])[^>]*>/, (found) => found.slice(2, -1)) : undefined;
    if (named !== undefined) return this.#named(named, start);
    if (this.#take(/^\?(?::|<(?![=!])[^>]*>)/, () => "") !== undefined) return "(?:";
    const isLook = this.#take(/^\?<?[=!]/, () => "") !== undefined;
    throw this.#refused(isLook ? "a look-ahead or look-behind, which no engine matches in linear time" : "a (?", start);
  }

  #named(name: string, start: number): string {
    if (/^[A-Za-z_]\w*$/.test(name)) return `(?P<${name}>`;
    throw this.#refused("a group whose name is not of letters, digits and _", start);
  }

  #escape(start: number): string {
    const letter = this.#characters[this.#at];
    if (letter === "b" || letter === "B") {
      this.#at++;
      return `(?a:\\${letter})`;
    }
    const atom = this.#escaped(start);
    return typeof atom === "number" ? literal(String.fromCodePoint(atom)) : setOf(atom);
  }

  /** A class, after its `[`. */
  #class(): string {
    const isNegated = this.#characters[this.#at] === "^";
    if (isNegated) this.#at++;
    const ranges: Range[] = [];
    while (this.#characters[this.#at] !== "]") {
      const low = this.#member();
      const isRange = this.#characters[this.#at] === "-" && this.#characters[this.#at + 1] !== "]";
      if (isRange) this.#at++;
      const high = isRange ? this.#member() : low;
      if (typeof low === "number" && typeof high === "number") ranges.push([low, high]);
      else for (const one of isRange ? [low, 0x2d, high] : [low]) ranges.push(...rangesOf(one));
    }
    this.#at++;
    return setOf(ranges, isNegated);
  }

  #member(): number | readonly Range[] {
    const start = this.#at;
    const character = this.#characters[this.#at++];
    if (character !== "\\") return character.codePointAt(0) as number;
    if (this.#characters[this.#at] !== "b") return this.#escaped(start);
    this.#at++;
    return 8;
  }

  /** The meaning of an escape, after its backslash: one character, or several. */
  #escaped(start: number): number | readonly Range[] {
    const letter = this.#characters[this.#at++];
    if (letter === "W" && this.#ignoresCase) return complement([...WORDS, ...LIKE_WORDS]);
    if (Object.hasOwn(CATEGORIES, letter)) return CATEGORIES[letter];
    if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter];
    const hex = (digits: RegExp) => this.#take(digits, (found) => parseInt(found.replace(/\W/g, ""), 16));
    switch (letter) {
      case "x":
        return hex(/^[0-9a-f]{2}/i) ?? 0x78;
      case "u":
        return (this.#isUnicode ? hex(/^\{[0-9a-f]+\}/i) : undefined) ?? this.#unit() ?? 0x75;
      case "c": {
        const control = this.#take(/^[a-z]/i, (found) => (found.codePointAt(0) as number) & 0x1f);
        if (control === undefined) throw this.#refused("\\c without a letter", start);
        return control;
      }
      case "p":
      case "P":
        if (this.#isUnicode) throw this.#refused(`\\${letter}{...}; write the characters as a class`, start);
        break;
      case "k":
        if (this.#isUnicode || this.#characters.includes("<")) throw this.#reference(start);
        break;
      case "0":
        if (!/\d/.test(this.#characters[this.#at] ?? "")) return 0;
        throw this.#refused("an octal escape; write it as \\xHH", start);
    }
    if (/\d/.test(letter)) throw this.#reference(start);
    return letter.codePointAt(0) as number;
  }

  /** `\uHHHH`, or two of them as a surrogate pair. */
  #unit(): number | undefined {
    const pair = this.#take(/^d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/i, (found) =>
      String.fromCharCode(parseInt(found.slice(0, 4), 16), parseInt(found.slice(6), 16)).codePointAt(0),
    );
    return pair ?? this.#take(/^[0-9a-f]{4}/i, (found) => parseInt(found, 16));
  }

  #take<T>(pattern: RegExp, make: (found: string) => T): T | undefined {
    const found = pattern.exec(this.#characters.slice(this.#at, this.#at + 200).join(""))?.[0];
    if (found === undefined) return undefined;
    this.#at += [...found].length;
    return make(found);
  }

  #reference(start: number): RegexError {
    return this.#refused("a reference to a group, which no engine matches in linear time", start);
  }

  #refused(what: string, start: number): RegexError {
    return new RegexError(`the pattern has ${what}`, this.#characters.slice(0, start).join("").length);
  }
}

function literal(character: string): string {
  return /^\w$/.test(character) ? character : escaped(character.codePointAt(0) as number);
}

function escaped(code: number): string {
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

/** The engine negates the set: with the flag `i`, characters equal to a member are then excluded too. */
function setOf(ranges: readonly Range[], isNegated = false): string {
  // An empty set matches no character.
  if (ranges.length === 0) return isNegated ? "[\\s\\S]" : "[^\\s\\S]";
  return `[${isNegated ? "^" : ""}${ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join("")}]`;
}

function rangesOf(atom: number | readonly Range[]): readonly Range[] {
  return typeof atom === "number" ? [[atom, atom]] : atom;
}

function complement(ranges: readonly Range[]): Range[] {
  const others: Range[] = [];
  let next = 0;
  for (const [first, last] of [...ranges].sort(([a], [b]) => a - b)) {
    if (first > next) others.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= LAST_CODE_POINT) others.push([next, LAST_CODE_POINT]);
  return others;
}
