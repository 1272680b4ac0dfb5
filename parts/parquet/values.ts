import { GrowingBytes, GrowingNumbers, viewed } from "./growing";

/** Number of values after which a column decides whether a dictionary pays off. */
const TRIED = 1024;

/** Limits of a dictionary: values beyond them are written directly. */
const MOST_ENTRIES = 32_768;
const MOST_BYTES = 512 * 1024;

/** Bytes at a value's start and end that are hashed; on a hit, the whole value is compared. */
const HASHED = 24;

/** Uncompressed bytes of values in one page. A larger value has its own page. */
export const PAGE_BYTES = 1024 * 1024;

/**
 * The values of a column as encoded in a page: texts with a length prefix, numbers of 8 bytes. Repeated values are stored
 * once in a dictionary; if too few repeat, or it is full, the rest is stored directly.
 */
export class Values {
  /** Bytes per value; 0 for texts. */
  readonly #width: number;
  /** Entries of the dictionary as encoded in its page, and the range of each entry's bytes. */
  readonly entries = new GrowingBytes();
  readonly #starts = new GrowingNumbers();
  readonly #ends = new GrowingNumbers();
  /** Hash table of entry numbers plus one. */
  #table = new Int32Array(16);
  /** The values in the dictionary: all, or the first ones. */
  readonly indexes = new GrowingNumbers();
  /** The values after those. */
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

  /** Bytes of memory that it uses. */
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

  /** The bytes of an entry, without its length prefix. */
  entry(number: number): Buffer {
    return this.entries.buffer.subarray(this.#starts.numbers[number], this.#ends.numbers[number]);
  }

  /** Rewrites each number in place. */
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

  /** The entry of a value, created if needed. */
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

  /** Later values are stored directly; if most entries were used only once, the earlier ones are converted as well. */
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
