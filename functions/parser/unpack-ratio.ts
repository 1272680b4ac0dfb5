import { ContentError } from "./content-error";

/** Default of `DecompressOptions.maxUnpackRatio`. Logs compress 5:1 to 50:1; deflate's maximum is 1032:1. */
export const DEFAULT_MAX_UNPACK_RATIO = 400;

/** Unpacked bytes below which no ratio is too high. */
const HARMLESS_BYTES = 64 * 1024 * 1024;

/** A decompression bomb takes the function's time, not its memory, so a check after each piece is enough. */
export function requireRatio(
  packing: "gzip" | "zstd",
  { packedBytes, unpackedBytes }: { readonly packedBytes: number; readonly unpackedBytes: number },
  maxUnpackRatio: number,
): void {
  if (unpackedBytes <= HARMLESS_BYTES || unpackedBytes <= packedBytes * maxUnpackRatio) return;
  throw new ContentError(
    "GZIP_BOMB",
    `${packing} must unpack to at most ${maxUnpackRatio} times its size, got ${unpackedBytes} bytes out of ${packedBytes}; ` +
      "raise maxUnpackRatio if it may",
    packedBytes,
  );
}
