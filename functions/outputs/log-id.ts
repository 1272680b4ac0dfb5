import type { OutgoingRecord } from "../records/contracts";
import { builtin } from "../tencent/builtin";

/** Digits of the hash that all ids of an input begin with: 80 bits, so that two of a billion inputs share it once in two million times. */
const HASH_DIGITS = 20;

/** Lines, and records made of one line, whose numbers the other twelve digits hold. */
const MOST_LINES = 2 ** 32;
const MOST_OF_LINE = 2 ** 16;

/** The ends of ids by the lowest byte of the line, for the first record made of it. */
const ENDS: string[] = [];

/**
 * Ids of the records that an output writes, for readers to tell a second delivery of a record from a second record: 32 hex digits.
 * Twenty are hashed from the output and the input, eight are the record's line, four its number among those made of that line. A
 * hash for each record would be a third of the time that it takes to read and write one; where the numbers have more digits, there
 * is one.
 */
export class LogIds {
  readonly #scope: string;
  #line = 0;
  #ordinal = 0;
  #hash: string | undefined;
  /** What the ids begin with of lines whose numbers differ in the lowest byte only, and the rest of these numbers. */
  #start = "";
  #startOf = -1;

  constructor(output: string, input: string, stream: string) {
    this.#scope = JSON.stringify([output, input, stream]);
  }

  /** Id of the next record. One of an earlier line, which its processor held back, counts with those of the last one. */
  next({ place }: OutgoingRecord): string {
    const { line } = place;
    this.#ordinal = line > this.#line ? 0 : this.#ordinal + 1;
    this.#line = Math.max(this.#line, line);
    return this.#idOf(this.#line, this.#ordinal);
  }

  #idOf(line: number, ordinal: number): string {
    if (line >= MOST_LINES || ordinal >= MOST_OF_LINE) return hashOf(`${this.#scope}${line}.${ordinal}`).slice(0, 32);
    const high = line >>> 8;
    if (high !== this.#startOf) {
      this.#hash ??= hashOf(this.#scope).slice(0, HASH_DIGITS);
      this.#start = this.#hash + hex(high, 6);
      this.#startOf = high;
    }
    const low = line & 0xff;
    return this.#start + (ordinal === 0 ? (ENDS[low] ??= `${hex(low, 2)}0000`) : hex(low, 2) + hex(ordinal, 4));
  }
}

function hashOf(text: string): string {
  return builtin("node:crypto").createHash("sha256").update(text).digest("hex");
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
