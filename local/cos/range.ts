import { CosError } from "./error";

/** First and last byte of an answer, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  /** Whether the answer is partial: status 206. */
  readonly partial: boolean;
}

/**
 * Parses a `Range` header with one range. An invalid one is ignored, as HTTP requires; one outside the object throws
 * 416 `InvalidRange`.
 */
export function readRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return { start: 0, end: size - 1, partial: false };
  const range = match[1] === "" ? lastBytes(Number(match[2]), size) : fromTo(Number(match[1]), match[2] ?? "", size);
  if (range.start > range.end || range.start >= size) {
    throw new CosError(416, "InvalidRange", "The requested range cannot be satisfied.", {
      "Content-Range": `bytes */${size}`,
    });
  }
  return { ...range, partial: true };
}

function lastBytes(count: number, size: number): { start: number; end: number } {
  return { start: Math.max(0, size - count), end: count === 0 ? -1 : size - 1 };
}

function fromTo(start: number, end: string, size: number): { start: number; end: number } {
  return { start, end: end === "" ? size - 1 : Math.min(Number(end), size - 1) };
}
