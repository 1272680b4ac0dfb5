import { ContentError } from "./content-error";
import { HELD_BYTES, Inflater, type Unpacked } from "./inflater";
import type { MemberStart } from "./member-starts";
import { Pieces } from "./pieces";
import { DEFAULT_MAX_UNPACK_RATIO, requireRatio } from "./unpack-ratio";

/**
 * Packed bytes that are unpacked at a time. Deflate packs at most 1032:1, so this bounds what is unpacked ahead: 66 MB.
 * Half as many took a fourth more of the processor's time, twice as many no less.
 */
const PIECE_BYTES = 64 * 1024;

/** Packed bytes of the pieces in which a fault is looked for, at a first and at a second reading. */
const RESCUE_STEPS = [256, 1];

export interface GunzipOptions {
  /** See `DecompressOptions`. */
  readonly maxUnpackRatio?: number;
  readonly again?: () => AsyncIterable<Uint8Array>;
  readonly onPadding?: (bytes: number) => void;
  /** Told of each member behind the first, before what comes out of it, in their order; of some once more. */
  readonly onMember?: (start: MemberStart) => void;
}

/**
 * Unpacks gzip of one or more members, padding after the last one included. The next piece is unpacked, on another
 * thread, while the caller works on the last one.
 *
 * @param head what was read of the source already
 * @throws ContentError where the rest is missing or broken, after all that came out before
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
    // The caller may stop before it comes to this error.
    unpacked.catch(() => undefined);
    return unpacked;
  };

  try {
    for (let ahead = unpackNext(); ;) {
      const { chunks, members, last }: Unpacked = await ahead;
      requireRatio("gzip", inflater, maxUnpackRatio);
      if (onMember) members.forEach(onMember);
      if (!last) ahead = unpackNext();
      yield* chunks;
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

/** How far a reading came, and what ended it, if anything did. */
interface Reached {
  readonly inflater: Inflater;
  readonly fault?: ContentError;
}

/**
 * Hands out what comes before a fault and was not handed out: zlib drops all that a call has unpacked when it ends in a
 * fault. So the bytes are unpacked once more, in small pieces from the last good one on.
 *
 * @param source the same bytes again
 * @param before the reading that came furthest so far
 * @param step size of a small piece: all but that is handed out
 * @returns what came furthest now; without a fault where there was none this time, and all bytes to the end are handed out
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
    // Other than of the content, such as of the connection: then what is known already is told.
    const isFurther = fault instanceof ContentError && inflater.goodBytes >= before.inflater.goodBytes;
    return isFurther ? { inflater, fault } : before;
  } finally {
    inflater.close();
    await pieces.close();
  }
}

/** Small pieces where the fault is, larger ones before and behind it. */
function sizeAround(goodBytes: number, { handedOut }: Pieces, step: number): number {
  if (handedOut < goodBytes) return Math.min(goodBytes - handedOut, PIECE_BYTES);
  return handedOut < goodBytes + PIECE_BYTES + HELD_BYTES ? step : PIECE_BYTES;
}
