import type { OutgoingRecord } from "../records/contracts";
import { builtin } from "../tencent/builtin";

/** Hash digits at the start of all ids of an input: 80 bits, shared by two of a billion inputs once in two million times. */
const HASH_DIGITS = 20;

/** Maximum lines, and records from one line, whose numbers fit into the other twelve digits. */
const MOST_LINES = 2 ** 32;
const MOST_OF_LINE = 2 ** 16;

/** Ends of ids by the lowest byte of the line, for its first record. */
const ENDS: string[] = [];

/**
 * Ids of the records that an output writes. Readers use them to distinguish a second delivery of a record from a second
 * record. Of 32 hex digits, twenty are a hash of the output and the input, eight are the record's line, and four its number
 * among the records from that line. Hashing each record would take a third of the time of reading and writing it; it is
 * only done for numbers with more digits.
 */
export class LogIds {
  readonly #scope: string;
  #line = 0;
  #ordinal = 0;
  #hash: string | undefined;
  /** Start of the ids of lines whose numbers differ only in the lowest byte, and the remaining bits of these numbers. */
  #start = "";
  #startOf = -1;

  constructor(output: string, input: string, stream: string) {
    this.#scope = JSON.stringify([output, input, stream]);
  }

  /** Id of the next record. A record of an earlier line, held back by its processor, counts with those of the last line. */
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
