import { ASCII_WORD, WORD, type CharSet } from "./charset";
import type { Instruction, Program } from "./program";
import type { Assertion } from "./syntax";

/** Properties of the character next to a position, as bits, for assertions. */
const EDGE = 1;
const NEWLINE = 2;
/** A newline that ends the text, before which `$` also matches. */
const LAST_NEWLINE = 4;
const WORD_CHARACTER = 8;
const ASCII_WORD_CHARACTER = 16;

/** All of these bits. */
export const ALL_BITS = 31;

/** Classes that represent no character. */
const EDGE_CLASS = 1;
const LAST_NEWLINE_CLASS = 2;

/** Code points of a page. */
const PAGE = 256;

/**
 * Groups characters into classes that no set and no assertion of a program distinguishes. Classes are numbered in the
 * order in which texts contain them.
 */
export class CharacterClasses {
  /** By class: one of its characters, -1 for the edge of the text. */
  readonly examples: number[] = [-1, -1, 0x0a];
  /** By class: properties for assertions. */
  readonly bits: number[];
  /** The classes of U+0000 to U+00FF; 0 if the character has not occurred yet. */
  readonly latin = new Uint16Array(PAGE);
  readonly #pages: (Uint16Array | undefined)[] = [this.latin];
  readonly #sets: readonly CharSet[];
  readonly #bySignature = new Map<string, number>();
  readonly #assertions: readonly Assert[];
  readonly #asked: number;

  constructor({ instructions }: Program) {
    this.#sets = [...new Set(instructions.flatMap((one) => (one.op === "set" ? [one.set] : [])))];
    this.#assertions = instructions.filter((one) => one.op === "assert");
    this.#asked = this.maskOf(bitsBefore) | this.maskOf(bitsBehind);
    this.bits = [0, EDGE, (NEWLINE | LAST_NEWLINE) & this.#asked];
  }

  get count(): number {
    return this.examples.length;
  }

  /** Whether a newline at the end differs from others. */
  get mindsLastNewline(): boolean {
    return (this.#asked & LAST_NEWLINE) !== 0;
  }

  /** All properties of one side of a position that the program's assertions test. */
  maskOf(side: (instruction: Assert) => number): number {
    return this.#assertions.reduce((bits, one) => bits | side(one), 0);
  }

  /** The class next to a position: of a character, or of the edge for -1. @param isLast whether it ends the text */
  at(code: number, isLast: boolean): number {
    if (code < 0) return EDGE_CLASS;
    if (isLast && code === 0x0a && this.mindsLastNewline) return LAST_NEWLINE_CLASS;
    const page = (this.#pages[code >> 8] ??= new Uint16Array(PAGE));
    return page[code & 0xff] || (page[code & 0xff] = this.#classify(code));
  }

  #classify(code: number): number {
    const bits = this.#bitsOf(code);
    let signature = String.fromCharCode(bits);
    for (let index = 0; index < this.#sets.length; index += 16) {
      let members = 0;
      for (let at = index; at < this.#sets.length && at < index + 16; at++) {
        if (this.#sets[at].has(code)) members |= 1 << (at - index);
      }
      signature += String.fromCharCode(members);
    }
    const known = this.#bySignature.get(signature);
    if (known !== undefined) return known;
    this.#bySignature.set(signature, this.examples.length);
    this.bits.push(bits);
    return this.examples.push(code) - 1;
  }

  #bitsOf(code: number): number {
    let bits = 0;
    if (this.#asked & NEWLINE && code === 0x0a) bits |= NEWLINE;
    if (this.#asked & WORD_CHARACTER && WORD.has(code)) bits |= WORD_CHARACTER;
    if (this.#asked & ASCII_WORD_CHARACTER && ASCII_WORD.has(code)) bits |= ASCII_WORD_CHARACTER;
    return bits;
  }
}

/** An assertion about the characters next to its position. */
type Assert = Extract<Instruction, { op: "assert" }>;

/** The properties of the preceding character that an assertion tests, as bits. */
export function bitsBefore({ assertion, word }: Assert): number {
  if (assertion === "textStart") return EDGE;
  if (assertion === "lineStart") return EDGE | NEWLINE;
  return isBoundary(assertion) ? EDGE | wordBit(word) : 0;
}

/** The properties of the following character that an assertion tests, as bits. */
export function bitsBehind({ assertion, word }: Assert): number {
  if (assertion === "textEnd") return EDGE;
  if (assertion === "lineEnd") return EDGE | NEWLINE;
  if (assertion === "end") return EDGE | LAST_NEWLINE;
  return isBoundary(assertion) ? EDGE | wordBit(word) : 0;
}

/** Whether an assertion holds between two characters, given by their bits. */
export function holdsBetween(instruction: Assert, before: number, behind: number): boolean {
  const { assertion, word } = instruction;
  if (!isBoundary(assertion)) return ((before & bitsBefore(instruction)) | (behind & bitsBehind(instruction))) !== 0;
  // As in Python: the empty text has neither.
  if (before & behind & EDGE) return false;
  const bit = wordBit(word);
  return ((before & bit) !== (behind & bit)) === (assertion === "boundary");
}

function isBoundary(assertion: Assertion): boolean {
  return assertion === "boundary" || assertion === "noBoundary";
}

function wordBit(word: CharSet): number {
  return word === ASCII_WORD ? ASCII_WORD_CHARACTER : WORD_CHARACTER;
}
