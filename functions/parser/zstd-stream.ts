import { ContentError } from "./content-error";
import { Pieces } from "./pieces";
import { requireRatio } from "./unpack-ratio";
import { ZstdFrames } from "./zstd-frames";
import type { ZstdPart } from "./zstd-part";

/** Packed bytes that are unpacked at a time. A block of up to 128 KiB can be as small as four packed bytes. */
const PIECE_BYTES = 1024;

/** @throws ContentError after everything that was complete */
export async function* unzstdStream(
  { openZstd }: ZstdPart,
  head: Buffer,
  source: AsyncIterator<Uint8Array>,
  maxUnpackRatio: number,
): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  let [packedBytes, unpackedBytes] = [0, 0];
  const stream = openZstd((bytes) => {
    unpackedBytes += bytes.length;
    // The next piece may reuse its memory.
    out.push(Buffer.from(bytes));
  });
  const frames = new ZstdFrames();
  /** @returns the fault that ends it, after its output */
  const unpack = (piece: Uint8Array): ContentError | undefined => {
    const good = frames.follow(piece);
    try {
      stream.push(piece.subarray(0, good), false);
    } catch (error) {
      return corrupt(error as Error, packedBytes);
    }
    packedBytes += good;
    return frames.fault;
  };
  const end = (): ContentError | undefined => {
    frames.end();
    if (frames.fault) return frames.fault;
    try {
      stream.push(new Uint8Array(0), true);
    } catch {
      return truncated(packedBytes);
    }
  };
  const pieces = new Pieces(head, source);
  for (let isLast = false; !isLast;) {
    const piece = await pieces.next(PIECE_BYTES);
    isLast = piece === undefined;
    const fault = piece ? unpack(piece) : end();
    if (!fault) requireRatio("zstd", { packedBytes, unpackedBytes }, maxUnpackRatio);
    yield* out.splice(0);
    if (fault) throw fault;
  }
}

function truncated(packed: number): ContentError {
  const message = `zstd must be complete, got its first ${packed} bytes; upload it again`;
  return new ContentError("PACKED_TRUNCATED", message, packed);
}

function corrupt({ message }: Error, packed: number): ContentError {
  return new ContentError("PACKED_CORRUPT", `zstd must be intact, got ${message}; upload it again`, packed);
}
