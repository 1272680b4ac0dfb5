const SLICE = 8;

/** Castagnoli's polynomial, reflected. */
const POLYNOMIAL = 0x82f63b78;

let made: Int32Array | undefined;

/** CRC-32C, as used by Snappy's framing format. It processes eight bytes per step. */
export function crc32c(bytes: Uint8Array): number {
  const table = (made ??= makeTable());
  const { length } = bytes;
  let crc = -1;
  let at = 0;
  for (; at + SLICE <= length; at += SLICE) {
    const low = crc ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
    crc =
      table[0x700 | (low & 0xff)] ^
      table[0x600 | ((low >>> 8) & 0xff)] ^
      table[0x500 | ((low >>> 16) & 0xff)] ^
      table[0x400 | (low >>> 24)] ^
      table[0x300 | bytes[at + 4]] ^
      table[0x200 | bytes[at + 5]] ^
      table[0x100 | bytes[at + 6]] ^
      table[bytes[at + 7]];
  }
  for (; at < length; at++) crc = table[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What a byte contributes to the sum, by the number of bytes that follow it in its slice. */
function makeTable(): Int32Array {
  const table = new Int32Array(SLICE * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let index = 256; index < table.length; index++) {
    const before = table[index - 256];
    table[index] = table[before & 0xff] ^ (before >>> 8);
  }
  return table;
}
