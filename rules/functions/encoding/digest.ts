import { createHash } from "node:crypto";

import type { Value } from "../../run/values";
import { bytesOf, choice, readFormat, textOption } from "./bytes";

export const SHA = ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512"] as const;
export const MD5_FORMATS = ["hex", "binary"] as const;
export const CRC_FORMATS = ["raw", "bytes", "hex", "base64"] as const;

export function md5(value: Value, format: Value): Value {
  const hash = createHash("md5").update(bytesOf("md5_encoding", value));
  return choice("md5_encoding", "format", format, MD5_FORMATS) === "hex" ? hash.digest("hex") : hash.digest();
}

export function sha(value: Value, format: Value): Value {
  const algorithm = choice("sha1_encoding", "format", format, SHA);
  return createHash(algorithm).update(bytesOf("sha1_encoding", value)).digest("hex");
}

/** CRC-32 of zlib, as eight hexadecimal digits. */
export function crc32(value: Value, format: Value, encoding: Value): Value {
  const from = choice("crc32_encoding", "input_format", format, CRC_FORMATS);
  const bytes = readFormat("crc32_encoding", value, from, textOption("crc32_encoding", "input_encoding", encoding));
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (~crc >>> 0).toString(16).padStart(8, "0");
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
