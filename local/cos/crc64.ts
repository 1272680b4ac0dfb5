/** The reversed polynomial of ECMA-182, in halves. */
const POLYNOMIAL = { high: 0xc96c5795, low: 0xd7870f42 };

/** Bytes that are processed at a time. */
const STEP = 4;

/** Effect of each byte value on the register, for a byte with 0 to 3 further bytes after it. */
const HIGH = new Int32Array(STEP * 256);
const LOW = new Int32Array(STEP * 256);
for (let entry = 0; entry < HIGH.length; entry++) {
  const behind = entry >> 8;
  let high = behind === 0 ? 0 : HIGH[entry - 256];
  let low = behind === 0 ? entry : LOW[entry - 256];
  for (let shift = 0; shift < 8; shift++) {
    const leaves = (low & 1) === 1;
    low = (low >>> 1) | ((high & 1) << 31);
    high >>>= 1;
    if (!leaves) continue;
    high ^= POLYNOMIAL.high;
    low ^= POLYNOMIAL.low;
  }
  HIGH[entry] = high;
  LOW[entry] = low;
}

/**
 * The checksum of an object that COS sends as `x-cos-hash-crc64ecma`
 * (https://cloud.tencent.com/document/product/436/40334): the CRC-64 of ECMA-182, with a register of all ones at the
 * start, inverted at the end.
 */
export class ObjectChecksum {
  private high = -1;
  private low = -1;

  add(chunk: Uint8Array): void {
    let { high, low } = this;
    let at = 0;
    for (const end = chunk.length - STEP; at <= end; at += STEP) {
      const first = 768 + ((low ^ chunk[at]) & 0xff);
      const second = 512 + (((low >>> 8) ^ chunk[at + 1]) & 0xff);
      const third = 256 + (((low >>> 16) ^ chunk[at + 2]) & 0xff);
      const fourth = ((low >>> 24) ^ chunk[at + 3]) & 0xff;
      low = high ^ LOW[first] ^ LOW[second] ^ LOW[third] ^ LOW[fourth];
      high = HIGH[first] ^ HIGH[second] ^ HIGH[third] ^ HIGH[fourth];
    }
    for (; at < chunk.length; at++) {
      const leaving = (low ^ chunk[at]) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ LOW[leaving];
      high = (high >>> 8) ^ HIGH[leaving];
    }
    this.high = high;
    this.low = low;
  }

  /** As decimal digits. */
  digits(): string {
    const [high, low] = [this.high, this.low].map((half) => BigInt(~half >>> 0));
    return String((high << 32n) + low);
  }
}
