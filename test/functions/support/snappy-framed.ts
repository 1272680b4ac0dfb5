import { snappy } from "../../../local/cls/snappy";

/** CRC-32C, bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** A chunk of the framing format. */
export function chunk(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32LE((body.length << 8) | type);
  return Buffer.concat([header, body]);
}

function data(bytes: Buffer, isPacked: boolean): Buffer {
  const sum = Buffer.alloc(4);
  const crc = crc32c(bytes);
  sum.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return chunk(isPacked ? 0 : 1, Buffer.concat([sum, isPacked ? snappy(bytes) : bytes]));
}

/** The start of a framed stream. */
export const MARK = chunk(0xff, Buffer.from("sNaPpY"));
/** Bytes as a framed stream, in chunks of a size. */
export const framed = (bytes: Buffer, size = 65_536, isPacked = true) =>
  Buffer.concat([
    MARK,
    ...Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      data(bytes.subarray(at * size, (at + 1) * size), isPacked),
    ),
  ]);
