/**
 * CRC-64 of ECMA-182 as COS computes it for `x-cos-hash-crc64ecma`: reflected, with all ones at the start and at the end.
 * Fact: docs/design/facts/runtime.md#reading-objects.
 *
 * Eight bytes per step, in halves of 32 bits, because JavaScript has no fast 64-bit integer.
 */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    const [lows, highs] = tables();
    let [low, high] = [this.#low, this.#high];
    const { length } = bytes;
    let at = 0;
    for (; at + SLICE <= length; at += SLICE) {
      const a = low ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
      const b = high ^ (bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24));
      const i0 = 0x700 | (a & 0xff);
      const i1 = 0x600 | ((a >>> 8) & 0xff);
      const i2 = 0x500 | ((a >>> 16) & 0xff);
      const i3 = 0x400 | (a >>> 24);
      const i4 = 0x300 | (b & 0xff);
      const i5 = 0x200 | ((b >>> 8) & 0xff);
      const i6 = 0x100 | ((b >>> 16) & 0xff);
      const i7 = b >>> 24;
      low = lows[i0] ^ lows[i1] ^ lows[i2] ^ lows[i3] ^ lows[i4] ^ lows[i5] ^ lows[i6] ^ lows[i7];
      high = highs[i0] ^ highs[i1] ^ highs[i2] ^ highs[i3] ^ highs[i4] ^ highs[i5] ^ highs[i6] ^ highs[i7];
    }
    for (; at < length; at++) {
      const index = (low ^ bytes[at]) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ lows[index];
      high = (high >>> 8) ^ highs[index];
    }
    this.#low = low;
    this.#high = high;
  }

  /** The checksum of all bytes so far, in decimal digits, as COS writes it. */
  digest(): string {
    return ((BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0)).toString();
  }
}

const SLICE = 8;
const POLYNOMIAL_LOW = 0xd7870f42 | 0;
const POLYNOMIAL_HIGH = 0xc96c5795 | 0;

type Tables = readonly [lows: Int32Array, highs: Int32Array];

let made: Tables | undefined;

/** What a byte adds to the checksum, by the number of bytes that follow it in its slice. Created at the first use. */
function tables(): Tables {
  return (made ??= makeTables());
}

function makeTables(): Tables {
  const [lows, highs] = [new Int32Array(SLICE * 256), new Int32Array(SLICE * 256)];
  for (let byte = 0; byte < 256; byte++) {
    let [low, high] = [byte, 0];
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) [low, high] = [low ^ POLYNOMIAL_LOW, high ^ POLYNOMIAL_HIGH];
    }
    lows[byte] = low;
    highs[byte] = high;
  }
  for (let index = 256; index < SLICE * 256; index++) {
    const [low, high] = [lows[index - 256], highs[index - 256]];
    lows[index] = ((low >>> 8) | (high << 24)) ^ lows[low & 0xff];
    highs[index] = (high >>> 8) ^ highs[low & 0xff];
  }
  return [lows, highs];
}
