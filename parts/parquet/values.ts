import { GrowingBytes, GrowingNumbers, viewed } from "./growing";

/** Values of which a column looks whether they repeat, before it is asked whether that pays. */
const TRIED = 1024;

/** Most of a dictionary: what does not fit in is written as it is. */
const MOST_ENTRIES = 32_768;
const MOST_BYTES = 512 * 1024;

/** Bytes at a value's start and end that tell it from others in the table; all of it is compared then. */
const HASHED = 24;

/** Bytes of values in one page, before they are packed. A larger value has one of its own. */
export const PAGE_BYTES = 1024 * 1024;

/**
 * The values of a column that are there, as they stand in a page: texts with their length in front, numbers of 8 bytes. Those
 * that repeat stand in a dictionary once; where too few do, or it is full, the rest stands as it is.
 */
export class Values {
  /** Bytes of each; 0 for texts. */
  readonly #width: number;
  /** Entries of the dictionary, as they stand in its page, and where the bytes of each begin. */
  readonly entries = new GrowingBytes();
  readonly #starts = new GrowingNumbers();
  readonly #ends = new GrowingNumbers();
  /** Numbers of entries, one more each, by the hashes of these. */
  #table = new Int32Array(16);
  /** The values that are in the dictionary: all, or the first of them. */
  readonly indexes = new GrowingNumbers();
  /** Those behind them. */
  readonly plain = new GrowingBytes(16);
  plainCount = 0;
  #isPlain = false;
  #last = -1;

  constructor(width: 0 | 8) {
    this.#width = width;
  }

  get entryCount(): number {
    return this.#starts.length;
  }

  /** Bytes of memory that it takes. */
  get bytes(): number {
    const { entries, indexes, plain } = this;
    return (
      entries.capacity +
      plain.capacity +
      4 * (indexes.numbers.length + this.#table.length + 2 * this.#starts.numbers.length)
    );
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#isPlain) return this.#addPlain(bytes, start, end);
    const entry =
      this.#last >= 0 && this.#is(this.#last, bytes, start, end) ? this.#last : this.#find(bytes, start, end);
    this.#last = entry;
    this.indexes.add(entry);
    const { length } = this.indexes;
    const isUseless = length === TRIED && this.entryCount > TRIED / 2;
    if (isUseless || this.entryCount >= MOST_ENTRIES || this.entries.length >= MOST_BYTES) this.#endDictionary();
  }

  /** The bytes of an entry, without their length. */
  entry(number: number): Buffer {
    return this.entries.buffer.subarray(this.#starts.numbers[number], this.#ends.numbers[number]);
  }

  /** Has each number written anew, in its place. */
  replaceEach(replace: (value: Buffer) => void): void {
    for (let number = 0; number < this.entryCount; number++) replace(this.entry(number));
    const { buffer, length } = this.plain;
    for (let at = 0; at < length; at += this.#width) replace(buffer.subarray(at, at + this.#width));
    this.#fillTable(this.#table.length);
  }

  #is(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    let known = this.#starts.numbers[number];
    if (this.#ends.numbers[number] - known !== end - start) return false;
    const { buffer, view } = this.entries;
    const given = viewed.of(bytes);
    let at = start;
    for (; at + 4 <= end; at += 4, known += 4)
      if (given.getInt32(at, true) !== view.getInt32(known, true)) return false;
    for (; at < end; at++, known++) if (bytes[at] !== buffer[known]) return false;
    return true;
  }

  /** The entry of a value, which is made where there is none. */
  #find(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#table.length - 1;
    let slot = hash(bytes, start, end) & mask;
    for (; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.#table[slot] - 1;
      if (this.#is(number, bytes, start, end)) return number;
    }
    const number = this.entryCount;
    if (this.#width === 0) this.entries.addUint32(end - start);
    this.#starts.add(this.entries.length);
    this.entries.add(bytes, start, end);
    this.#ends.add(this.entries.length);
    this.#table[slot] = number + 1;
    if (2 * this.entryCount > this.#table.length) this.#fillTable(4 * this.#table.length);
    return number;
  }

  #fillTable(length: number): void {
    const table = new Int32Array(length);
    for (let number = 0; number < this.entryCount; number++) {
      let slot = hash(this.entries.buffer, this.#starts.numbers[number], this.#ends.numbers[number]) & (length - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (length - 1);
      table[slot] = number + 1;
    }
    this.#table = table;
  }

  #addPlain(bytes: Uint8Array, start: number, end: number): void {
    if (this.#width === 0) this.plain.addUint32(end - start);
    this.plain.add(bytes, start, end);
    this.plainCount++;
  }

  /** What comes stands as it is; where most entries were used once, so does what was there. */
  #endDictionary(): void {
    this.#isPlain = true;
    if (2 * this.entryCount <= this.indexes.length) return;
    const { buffer } = this.entries;
    for (let at = 0; at < this.indexes.length; at++) {
      const number = this.indexes.numbers[at];
      this.#addPlain(buffer, this.#starts.numbers[number], this.#ends.numbers[number]);
    }
    this.entries.length = this.#starts.length = this.#ends.length = this.indexes.length = 0;
  }
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  const view = viewed.of(bytes);
  let value = end - start;
  const isShort = value <= 2 * HASHED;
  const headEnd = isShort ? end : start + HASHED;
  let at = start;
  for (; at + 4 <= headEnd; at += 4) value = mixed(value, view.getInt32(at, true));
  for (; at < headEnd; at++) value = mixed(value, bytes[at]);
  if (!isShort) for (at = end - HASHED; at < end; at += 4) value = mixed(value, view.getInt32(at, true));
  return value ^ (value >>> 15);
}

function mixed(value: number, word: number): number {
  const product = Math.imul(value ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
