import { ContentError } from "./content-error";
import { HELD_BYTES, Inflater, type Unpacked } from "./inflater";
import type { MemberStart } from "./member-starts";
import { Pieces } from "./pieces";
import { DEFAULT_MAX_UNPACK_RATIO, requireRatio } from "./unpack-ratio";

/**
 * Packed bytes that are unpacked at a time. Deflate compresses at most 1032:1, so this limits what is unpacked ahead to
 * 66 MB. Half of this took a fourth more CPU time; twice as much took no less.
 */
const PIECE_BYTES = 64 * 1024;

/** Sizes of the packed pieces in which a fault is located, at a first and at a second reading. */
const RESCUE_STEPS = [256, 1];

export interface GunzipOptions {
  /** See `DecompressOptions`. */
  readonly maxUnpackRatio?: number;
  readonly again?: () => AsyncIterable<Uint8Array>;
  readonly onPadding?: (bytes: number) => void;
  /** Called for each member except the first, before its output and in order; for some members more than once. */
  readonly onMember?: (start: MemberStart) => void;
}

/**
 * Unpacks gzip with one or more members, including padding after the last one. While the caller processes one piece,
 * the next is unpacked on another thread.
 *
 * @param head bytes that were already read from the source
 * @throws ContentError if the rest is missing or broken, after all output before the fault
 */
export async function* gunzip(
  head: Uint8Array,
  source: AsyncIterator<Uint8Array>,
  options: GunzipOptions = {},
): AsyncGenerator<Uint8Array> {
  const { maxUnpackRatio = DEFAULT_MAX_UNPACK_RATIO, again, onPadding = () => undefined, onMember } = options;
  const pieces = new Pieces(head, source);
  const inflater = new Inflater(true);
  const unpackNext = () => {
    const unpacked = pieces.next(PIECE_BYTES).then((piece) => inflater.unpack(piece));
    // The caller can stop before it awaits this error.
    unpacked.catch(() => undefined);
    return unpacked;
  };

  try {
    for (let ahead = unpackNext(); ;) {
      const { chunks, members, last }: Unpacked = await ahead;
      requireRatio("gzip", inflater, maxUnpackRatio);
      if (onMember) members.forEach(onMember);
      if (!last) ahead = unpackNext();
      // With `yield*`, each chunk would take three rounds of promises instead of one.
      for (const chunk of chunks) yield chunk;
      if (last) return onPadding(inflater.paddingBytes);
    }
  } catch (error) {
    if (!(again && error instanceof ContentError && error.code === "GZIP_CORRUPT")) throw error;
    let reached: Reached = { inflater, fault: error };
    for (const step of RESCUE_STEPS) if (reached.fault) reached = yield* rescue(again(), reached, step, onMember);
    if (reached.fault) throw reached.fault;
    onPadding(reached.inflater.paddingBytes);
  } finally {
    inflater.close();
  }
}

/** How far a reading got, and its fault, if any. */
interface Reached {
  readonly inflater: Inflater;
  readonly fault?: ContentError;
}

/**
 * Passes on output before a fault that is still missing: if a call ends in a fault, zlib drops everything it has
 * unpacked in it. The bytes are therefore unpacked again, in small pieces from the last good position on.
 *
 * @param source the same bytes again
 * @param before the reading that got furthest so far
 * @param step size of a small piece: all output is passed on, except that of one such piece
 * @returns the reading that got furthest now; without a fault if there was none this time, in which case all output is
 * passed on
 */
async function* rescue(
  source: AsyncIterable<Uint8Array>,
  before: Reached,
  step: number,
  onMember: GunzipOptions["onMember"],
): AsyncGenerator<Uint8Array, Reached> {
  const pieces = new Pieces(new Uint8Array(0), source[Symbol.asyncIterator]());
  const inflater = new Inflater(false);
  let skip = before.inflater.unpackedBytes;
  try {
    for (let last = false; !last;) {
      const size = sizeAround(before.inflater.goodBytes, pieces, step);
      const { chunks, members, ...unpacked }: Unpacked = await inflater.unpack(await pieces.next(size));
      if (onMember) members.forEach(onMember);
      for (const chunk of chunks) {
        if (chunk.length > skip) yield chunk.subarray(skip);
        skip = Math.max(0, skip - chunk.length);
      }
      last = unpacked.last;
    }
    return { inflater };
  } catch (fault) {
    // If the fault is not in the content but, for example, in the connection, the fault that is already known is
    // reported.
    const isFurther = fault instanceof ContentError && inflater.goodBytes >= before.inflater.goodBytes;
    return isFurther ? { inflater, fault } : before;
  } finally {
    inflater.close();
    await pieces.close();
  }
}

/** Small pieces near the fault, larger ones before and after it. */
function sizeAround(goodBytes: number, { handedOut }: Pieces, step: number): number {
  if (handedOut < goodBytes) return Math.min(goodBytes - handedOut, PIECE_BYTES);
  return handedOut < goodBytes + PIECE_BYTES + HELD_BYTES ? step : PIECE_BYTES;
}
