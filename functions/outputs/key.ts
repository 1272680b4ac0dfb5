import { builtin } from "../tencent/builtin";

/** Longest key that COS takes, in bytes of UTF-8. */
const MAX_KEY_BYTES = 850;

/**
 * A key of COS made of a prefix, a readable middle and an end. The middle of one that would be too long ends in a hash of
 * it instead, so that different middles give different keys.
 */
export function keyOf(prefix: string, middle: string, end: string): string {
  const room = MAX_KEY_BYTES - Buffer.byteLength(prefix) - Buffer.byteLength(end);
  if (Buffer.byteLength(middle) <= room) return prefix + middle + end;
  const hash = `~${builtin("node:crypto").createHash("sha256").update(middle).digest("hex").slice(0, 32)}`;
  // A character that the cut went through decodes to the replacement character.
  const head = Buffer.from(middle)
    .subarray(0, Math.max(0, room - hash.length))
    .toString()
    .replace(/\ufffd$/u, "");
  return prefix + head + hash + end;
}

/** A part of the names of an input's Parquet files that no other input has. */
export function inputHash(path: string): string {
  return builtin("node:crypto").createHash("sha256").update(path).digest("hex").slice(0, 24);
}
