import { builtin } from "../tencent/builtin";

/** Maximum key length in COS, in bytes of UTF-8. */
const MAX_KEY_BYTES = 850;

/**
 * A COS key from a prefix, a readable middle and an end. If it would be too long, the middle is truncated and ends in its
 * hash, so that different middles give different keys.
 */
export function keyOf(prefix: string, middle: string, end: string): string {
  const room = MAX_KEY_BYTES - Buffer.byteLength(prefix) - Buffer.byteLength(end);
  if (Buffer.byteLength(middle) <= room) return prefix + middle + end;
  const hash = `~${builtin("node:crypto").createHash("sha256").update(middle).digest("hex").slice(0, 32)}`;
  // A character split by the cut decodes to the replacement character.
  const head = Buffer.from(middle)
    .subarray(0, Math.max(0, room - hash.length))
    .toString()
    .replace(/\ufffd$/u, "");
  return prefix + head + hash + end;
}

/** The unique part of the names of an input's Parquet files. */
export function inputHash(path: string): string {
  return builtin("node:crypto").createHash("sha256").update(path).digest("hex").slice(0, 24);
}
