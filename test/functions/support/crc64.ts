/** CRC-64 of ECMA-182, bit by bit as in the standard, in digits as COS sends it. */
export function crc64Of(bytes: Uint8Array): string {
  let sum = ~0n & MASK;
  for (const byte of bytes) sum = TABLE[Number((sum ^ BigInt(byte)) & 0xffn)] ^ (sum >> 8n);
  return (~sum & MASK).toString();
}

const MASK = (1n << 64n) - 1n;
const POLYNOMIAL = 0xc96c5795d7870f42n;
const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let sum = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) sum = sum & 1n ? (sum >> 1n) ^ POLYNOMIAL : sum >> 1n;
  return sum;
});
