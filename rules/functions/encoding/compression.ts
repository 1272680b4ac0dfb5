import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { fail, type Value } from "../../run/values";
import { bytesOf, choice, readFormat, textOption, writeFormat } from "./bytes";
import { decode } from "../../python/codecs";

/** Maximum output of decompression in bytes: a few bytes of input could fill the memory. */
const MAX_DECOMPRESSED_BYTES = 16 * 1024 * 1024;

export const COMPRESSION_FORMATS = ["base64", "hex", "raw"] as const;

interface Method {
  readonly compress: (bytes: Uint8Array, options: { level: number }) => Uint8Array;
  readonly decompress: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
}

const METHODS = {
  gzip: { compress: gzipSync, decompress: gunzipSync },
  zlib: { compress: deflateSync, decompress: inflateSync },
} satisfies Record<string, Method>;

/** `gzip_compress` or `zlib_compress`. */
export function compressor(method: keyof typeof METHODS) {
  const caller = `${method}_compress`;
  return (data: Value, level: Value, to: Value, encoding: Value): Value => {
    const format = choice(caller, "to_format", to, COMPRESSION_FORMATS);
    if (typeof level !== "bigint" || level < 0n || level > 9n) fail(`${caller} must get 0 to 9 as compresslevel`);
    const bytes = bytesOf(caller, data, textOption(caller, "encoding", encoding));
    const compressed = METHODS[method].compress(bytes, { level: Number(level) });
    return format === "raw" ? compressed : writeFormat(compressed, format);
  };
}

/** `gzip_decompress` or `zlib_decompress`. */
export function decompressor(method: keyof typeof METHODS) {
  const caller = `${method}_decompress`;
  return (data: Value, from: Value, encoding: Value): Value => {
    const bytes = readFormat(caller, data, choice(caller, "from_format", from, COMPRESSION_FORMATS), "latin1");
    return decode(inflate(caller, method, bytes), textOption(caller, "encoding", encoding));
  };
}

function inflate(caller: string, method: keyof typeof METHODS, bytes: Uint8Array): Uint8Array {
  try {
    return METHODS[method].decompress(bytes, { maxOutputLength: MAX_DECOMPRESSED_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      return fail(`${caller} must not make more than ${MAX_DECOMPRESSED_BYTES} bytes of ${bytes.length}`);
    }
    return fail(`${caller} must get ${method} data, got ${bytes.length} bytes of something else: ${message}`);
  }
}
