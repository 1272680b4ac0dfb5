import type { ParquetColumnType } from "../../functions/settings/parquet-names";
import { GrowingBytes } from "./growing";
import { readInstant } from "./time";
import { Values } from "./values";

// As number literals, these are constants to the engine.
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const OPEN = 0x7b;
const OPEN_LIST = 0x5b;
const T = 0x74;
const F = 0x66;

/** A number in JSON. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;

/** The type of a column, from the first value of its name. */
export function typeOf(line: Uint8Array, start: number, end: number): ParquetColumnType {
  const first = line[start];
  if (first === QUOTE) return "string";
  if (first === OPEN || first === OPEN_LIST) return "json";
  if (first === T || first === F) return "boolean";
  return isInteger(line, start, end) ? "int64" : "double";
}

/** A column of a row group: its values, and which rows have one. A value is stored exactly, or does not fit. */
export class Column {
  readonly name: string;
  values: Values;
  /** For a boolean column: one byte per value. */
  flags = new GrowingBytes(16);
  /** Ranges of rows with values: start (inclusive), end (exclusive). */
  runs: number[] = [];
  /** Whether it contains numbers that are not safe integers, so that it can no longer become a column of doubles. */
  #hasLarge = false;
  /** The smallest and the largest number, if known. */
  #min: number | undefined;
  #max: number | undefined;
  #isRangeKnown = true;
  /** The member of the current record with its value: the last one of its name. */
  member = -1;
  #type: ParquetColumnType;
  readonly #isGiven: boolean;
  readonly #offset: number;
  /** A number at the start, and slack for loops that copy it. */
  readonly #scratch = Buffer.alloc(16);
  readonly #scratchView = new DataView(this.#scratch.buffer, this.#scratch.byteOffset, this.#scratch.length);

  /**
   * @param isGiven whether the type was given: then texts with such a value are accepted
   * @param offset minutes east of UTC, for times without a zone
   */
  constructor(name: string, type: ParquetColumnType, isGiven: boolean, offset: number) {
    this.name = name;
    this.#type = type;
    this.#isGiven = isGiven;
    this.#offset = offset;
    this.values = valuesOf(type);
  }

  get type(): ParquetColumnType {
    return this.#type;
  }

  /** Bytes of memory that it uses. */
  get bytes(): number {
    return this.values.bytes + this.flags.capacity + 8 * this.runs.length;
  }

  get range(): { readonly min: number; readonly max: number } | undefined {
    if (!this.#isRangeKnown || this.#min === undefined || this.#max === undefined) return undefined;
    return { min: this.#min, max: this.#max };
  }

  /**
   * Adds a value for a row after the last one; returns whether it fits.
   *
   * @param line contains the value as JSON, which is not null
   * @param isEscaped whether it is a string with an escape
   * @param mayWiden whether the column can change to a wider type
   */
  add(row: number, line: Buffer, start: number, end: number, isEscaped: boolean, mayWiden: boolean): boolean {
    if (!this.#put(line, start, end, isEscaped) && !(mayWiden && this.#widen(line, start, end))) return false;
    const { runs } = this;
    if (runs.length > 0 && runs[runs.length - 1] === row) runs[runs.length - 1]++;
    else runs.push(row, row + 1);
    return true;
  }

  /** Starts a new row group. */
  clear(): void {
    this.values = valuesOf(this.#type);
    this.flags = new GrowingBytes(16);
    this.runs = [];
    this.#min = this.#max = undefined;
    this.#isRangeKnown = true;
  }

  #put(line: Buffer, start: number, end: number, isEscaped: boolean): boolean {
    const isText = line[start] === QUOTE;
    switch (this.#type) {
      case "string":
        if (!isText) return this.#putScalar(line, start, end);
        if (isEscaped) return this.#putEscaped(line, start, end);
        this.values.add(line, start + 1, end - 1);
        return true;
      case "json":
        this.values.add(line, start, end);
        return true;
      case "timestamp":
        return this.#putTime(line, isText ? start + 1 : start, isText ? end - 1 : end);
      default:
        if (isText && !this.#isGiven) return false;
        return this.#putPlain(line, isText ? start + 1 : start, isText ? end - 1 : end);
    }
  }

  #putEscaped(line: Buffer, start: number, end: number): boolean {
    const text = JSON.parse(line.toString("utf8", start, end)) as string;
    // UTF-8 cannot represent a lone surrogate.
    if (/\p{Surrogate}/u.test(text)) return false;
    const bytes = Buffer.from(text);
    this.values.add(bytes, 0, bytes.length);
    return true;
  }

  /** A number or a boolean as written, if the user defined the column as text. */
  #putScalar(line: Buffer, start: number, end: number): boolean {
    if (!this.#isGiven || line[start] === OPEN || line[start] === OPEN_LIST) return false;
    this.values.add(line, start, end);
    return true;
  }

  #putTime(line: Buffer, start: number, end: number): boolean {
    const instant = readInstant(line, start, end, this.#offset);
    if (!instant?.isExact) return false;
    const micros = 1000 * instant.ms + instant.us;
    if (Number.isSafeInteger(micros)) this.#putInteger(micros);
    else this.#putBig(1000n * BigInt(instant.ms) + BigInt(instant.us));
    return true;
  }

  #putPlain(line: Buffer, start: number, end: number): boolean {
    if (this.#type === "int64") return this.#putDigits(line, start, end);
    const text = line.toString("latin1", start, end);
    if (this.#type === "boolean") return this.#putFlag(text);
    const number = doubleOf(text);
    if (number === undefined) return false;
    this.#putDouble(number);
    return true;
  }

  #putFlag(text: string): boolean {
    if (text !== "true" && text !== "false") return false;
    const at = this.flags.reserve(1);
    this.flags.buffer[at] = text === "true" ? 1 : 0;
    return true;
  }

  #putDigits(line: Buffer, start: number, end: number): boolean {
    if (!isInteger(line, start, end)) return false;
    if (end - start <= 15) {
      let number = 0;
      for (let at = line[start] === MINUS ? start + 1 : start; at < end; at++) number = 10 * number + line[at] - ZERO;
      this.#putInteger(line[start] === MINUS ? -number : number);
      return true;
    }
    const big = BigInt(line.toString("latin1", start, end));
    if (big < LOWEST || big > HIGHEST) return false;
    if (Number.isSafeInteger(Number(big))) this.#putInteger(Number(big));
    else this.#putBig(big);
    return true;
  }

  /** @param number a safe integer */
  #putInteger(number: number): void {
    this.#ranged(number);
    const high = Math.floor(number / 0x1_0000_0000);
    this.#scratchView.setUint32(0, number - high * 0x1_0000_0000, true);
    this.#scratchView.setInt32(4, high, true);
    this.values.add(this.#scratch, 0, 8);
  }

  #putBig(big: bigint): void {
    this.#hasLarge = true;
    this.#isRangeKnown = false;
    this.#scratchView.setBigInt64(0, big, true);
    this.values.add(this.#scratch, 0, 8);
  }

  #putDouble(number: number): void {
    this.#ranged(number);
    this.#scratchView.setFloat64(0, number, true);
    this.values.add(this.#scratch, 0, 8);
  }

  #ranged(number: number): void {
    if (this.#min === undefined || this.#max === undefined) this.#min = this.#max = number;
    else if (number < this.#min) this.#min = number;
    else if (number > this.#max) this.#max = number;
  }

  /** Integers become doubles if a value is not an integer, provided that each can be converted exactly. */
  #widen(line: Buffer, start: number, end: number): boolean {
    if (this.#type !== "int64" || this.#isGiven || this.#hasLarge) return false;
    const number = doubleOf(line.toString("latin1", start, end));
    if (number === undefined) return false;
    this.#type = "double";
    this.values.replaceEach((integer) => void integer.writeDoubleLE(Number(integer.readBigInt64LE())));
    this.#putDouble(number);
    return true;
  }
}

function valuesOf(type: ParquetColumnType): Values {
  return new Values(type === "string" || type === "json" ? 0 : 8);
}

/** Whether it is an integer in JSON's canonical form: -0 is not. */
function isInteger(line: Uint8Array, start: number, end: number): boolean {
  const first = line[start] === MINUS ? start + 1 : start;
  if (first === end || (line[first] === ZERO && end - start > 1)) return false;
  for (let at = first; at < end; at++) if (!(line[at] >= ZERO && line[at] <= ZERO + 9)) return false;
  return true;
}

/**
 * The double for a JSON number; undefined if the double is a different number: an integer that would lose digits, one that
 * is too large, or one so small that it would become zero. Fractions are read as by all JSON parsers.
 */
function doubleOf(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number === 0 && /^[^eE]*[1-9]/.test(text) ? undefined : number;
  if (!Number.isFinite(number)) return undefined;
  return /^-?\d+$/.test(text) && BigInt(text) !== BigInt(number) ? undefined : number;
}
