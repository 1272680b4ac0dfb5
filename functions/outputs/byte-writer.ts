import { Slabs, type Stretch } from "./slabs";

/** Up to so many bytes a loop copies faster than a call of the platform. */
const FEW_BYTES = 48;

const WORD = 2 ** 32;

/** Room in front of a message for what it begins with: its tag and its length. */
const HEAD_BYTES = 8;

/**
 * A piece of memory that grows, into which what is sent is written record by record: one for all of them, since one for each
 * field would cost more than the bytes.
 */
export class ByteWriter {
  readonly #slabs = new Slabs();
  #bytes = Buffer.allocUnsafeSlow(16 * 1024);
  /** How many bytes were written. */
  end = 0;

  /** Makes room for so many bytes: to be called before any of what says so. */
  reserve(bytes: number): void {
    if (this.end + bytes > this.#bytes.length) this.#grow(bytes);
  }

  /** After {@link reserve}. */
  byte(value: number): void {
    this.#bytes[this.end++] = value;
  }

  /** Seven bits a byte, the lowest first; a double holds more than 32 of them. After {@link reserve}, of 10 at most. */
  varint(value: number): void {
    let rest = value;
    // Most are lengths, which bits tell faster.
    for (; rest >= 128 && rest < 0x7fffffff; rest >>>= 7) this.#bytes[this.end++] = (rest & 127) | 128;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.end++] = (rest % 128) | 128;
    this.#bytes[this.end++] = rest;
  }

  /** A varint of 64 bits in two's complement. */
  signedVarint(value: number): void {
    this.reserve(10);
    if (value >= 0) return this.varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) this.#bytes[this.end++] = Number(rest & 127n) | 128;
    this.#bytes[this.end++] = Number(rest);
  }

  double(value: number): void {
    this.reserve(8);
    this.end = this.#bytes.writeDoubleLE(value, this.end);
  }

  /** Milliseconds as 64 bits of nanoseconds. */
  nanoseconds(ms: number): void {
    this.reserve(8);
    const low = (ms % WORD) * 1e6;
    const high = Math.floor(ms / WORD) * 1e6 + Math.floor(low / WORD);
    this.end = this.#bytes.writeUInt32LE(low % WORD, this.end);
    this.end = this.#bytes.writeUInt32LE(high, this.end);
  }

  /** After {@link reserve}. */
  copy(from: Uint8Array, start = 0, end = from.length): void {
    const bytes = this.#bytes;
    let to = this.end;
    if (end - start > FEW_BYTES) bytes.set(from.subarray(start, end), to);
    else for (let at = start; at < end; at++) bytes[to++] = from[at];
    this.end += end - start;
  }

  /** Writes a text as UTF-8. */
  text(value: string): void {
    this.reserve(value.length * 3);
    if (value.length > FEW_BYTES || !this.ascii(value)) this.end += this.#bytes.write(value, this.end);
  }

  /** Writes a short text if it is ASCII: a loop does so faster than calls of the platform. After {@link reserve}. */
  ascii(value: string): boolean {
    const bytes = this.#bytes;
    let to = this.end;
    for (let at = 0; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      if (unit > 0x7f) return false;
      bytes[to++] = unit;
    }
    this.end = to;
    return true;
  }

  /** Puts the length of what was written from there on in front of it, as a varint. */
  prefixLength(start: number): void {
    const bytes = this.end - start;
    const size = varintSize(bytes);
    this.reserve(size);
    this.#bytes.copyWithin(start + size, start, this.end);
    this.end = start;
    this.varint(bytes);
    this.end += bytes;
  }

  /** Begins anew: a message, or any other bytes. */
  begin(): void {
    this.end = HEAD_BYTES;
  }

  /** What was written since, in memory of its own. */
  take(): Stretch {
    return this.#take(HEAD_BYTES);
  }

  /** The same as a field of protobuf: its tag and its length in front. */
  takeMessage(field: number): Stretch {
    const { end } = this;
    const bytes = end - HEAD_BYTES;
    const start = HEAD_BYTES - 1 - varintSize(bytes);
    this.#bytes[start] = (field << 3) | 2;
    this.end = start + 1;
    this.varint(bytes);
    this.end = end;
    return this.#take(start);
  }

  #take(start: number): Stretch {
    const stretch = this.#slabs.take(this.end - start);
    this.#bytes.copy(stretch.buffer, stretch.start, start, this.end);
    return stretch;
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (this.end + bytes));
    this.#bytes.copy(larger, 0, 0, this.end);
    this.#bytes = larger;
  }
}

export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}
