import { ContentError } from "./content-error";
import type { ZstdPart } from "./zstd-part";

/** The first bytes of a frame (RFC 8878). */
const MAGIC = Buffer.from("28b52ffd", "hex");

/** Bytes of the start by which a frame's window is told. */
export const ZSTD_HEAD_BYTES = 18;

/** Largest window in bytes, as `zstd` itself takes without `--long`: it is kept in memory. */
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;

/** Packed bytes that are unpacked at a time; a block, of at most 128 KiB, may be as few as four of them. */
const PIECE_BYTES = 1024;

/** Unpacked bytes below which no ratio is too high. */
const HARMLESS_BYTES = 64 * 1024 * 1024;

export function isZstd(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

/** @throws ContentError behind all that was whole */
export async function* unzstdStream(
  { openZstd }: ZstdPart,
  head: Buffer,
  source: AsyncIterator<Uint8Array>,
  maxUnpackRatio: number,
): AsyncGenerator<Uint8Array> {
  requireWindow(head);
  let out: Uint8Array[] = [];
  let [packed, unpacked] = [0, 0];
  const stream = openZstd((bytes) => {
    unpacked += bytes.length;
    // The next piece may use its memory.
    out.push(Buffer.from(bytes));
  });
  const push = (bytes: Uint8Array, isLast: boolean) => {
    try {
      stream.push(bytes, isLast);
    } catch (error) {
      throw broken(error as Error, isLast, packed);
    }
    packed += bytes.length;
    if (unpacked > HARMLESS_BYTES && unpacked > packed * maxUnpackRatio) throw bomb(maxUnpackRatio, unpacked, packed);
  };
  for (let chunk: Uint8Array | undefined = head; chunk; chunk = (await source.next()).value as Uint8Array | undefined) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      push(chunk.subarray(at, at + PIECE_BYTES), false);
      yield* out;
      out = [];
    }
  }
  push(new Uint8Array(0), true);
  yield* out;
}

/** What a frame keeps in memory is told by its header; a later frame of the same file was packed by the same tool. */
function requireWindow(head: Buffer): void {
  const flags = head[4] ?? 0;
  const isSingle = (flags & 0x20) !== 0;
  const exponent = 10 + ((head[5] ?? 0) >> 3);
  const window = isSingle ? sizeOf(head, flags) : 2 ** exponent * (1 + ((head[5] ?? 0) & 7) / 8);
  if (window <= MAX_WINDOW_BYTES) return;
  throw new ContentError(
    "PACKED_CORRUPT",
    `zstd must have a window of at most ${MAX_WINDOW_BYTES} bytes, got ${window}; pack it without --long, at level 19 or lower`,
    0,
  );
}

/** Of a frame whose window is all that it holds. */
function sizeOf(head: Buffer, flags: number): number {
  const at = 5 + [0, 1, 2, 4][flags & 3];
  const bytes = [1, 2, 4, 8][flags >> 6];
  let size = bytes === 2 ? 256 : 0;
  for (let index = 0; index < bytes; index++) size += (head[at + index] ?? 0) * 256 ** index;
  return size;
}

function broken({ message }: Error, isLast: boolean, packed: number): ContentError {
  if (isLast) {
    const cut = `zstd must be complete, got its first ${packed} bytes; upload it again`;
    return new ContentError("PACKED_TRUNCATED", cut, packed);
  }
  return new ContentError("PACKED_CORRUPT", `zstd must be intact, got ${message}; upload it again`, packed);
}

function bomb(most: number, unpacked: number, packed: number): ContentError {
  const message = `zstd must unpack to at most ${most} times its size, got ${unpacked} bytes out of ${packed}`;
  return new ContentError("GZIP_BOMB", `${message}; raise maxUnpackRatio if it may`, packed);
}
