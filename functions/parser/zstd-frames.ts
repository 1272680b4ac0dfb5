import { ContentError } from "./content-error";

/** The first bytes of a frame (RFC 8878). */
const MAGIC = Buffer.from("28b52ffd", "hex");

/** The first bytes of a skippable frame, without four bits, as a number of 28 bits. */
const LEFT_OUT = 0x184d2a5;

/** Maximum window in bytes, which is kept in memory; the same as of `zstd` without `--long`. */
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;

/** Maximum unpacked bytes of a block. */
const MAX_BLOCK_BYTES = 128 * 1024;

const BLOCK_HEAD_BYTES = 3;
const CHECKSUM_BYTES = 4;

/** The type of a block that is one byte, repeated. */
const REPEATED = 1;

/** Number of bytes at the start that are needed to detect zstd. */
export const ZSTD_HEAD_BYTES = MAGIC.length;

export function isZstd(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

/**
 * Follows zstd frames from header to header without unpacking them. The decompressor allocates as much memory as the
 * header of a frame, or of a block with one repeated byte, requests, so the headers are checked first.
 */
export class ZstdFrames {
  /** The fault of a header that requests too much. */
  fault: ContentError | undefined;
  #followed = 0;
  /** Number of bytes before the next header. */
  #toNext = 0;
  /** The bytes of the current header so far. */
  #head: number[] = [];
  /** Number of bytes after the last block of a frame; undefined between frames. */
  #trailerBytes: number | undefined;

  /** Follows a piece. @returns how many of its bytes precede a fault */
  follow(piece: Uint8Array): number {
    for (let at = 0; at < piece.length;) {
      if (this.#toNext > 0) {
        const passed = Math.min(this.#toNext, piece.length - at);
        this.#toNext -= passed;
        at += passed;
        continue;
      }
      this.#head.push(piece[at++]);
      if (this.#head.length < this.#headBytes()) continue;
      this.#takeHead(this.#followed + at - this.#head.length);
      if (this.fault) return Math.max(0, at - this.#head.length);
      this.#head = [];
    }
    this.#followed += piece.length;
    return piece.length;
  }

  /** Called after the last piece. Even a header that is cut off can request too much. */
  end(): void {
    const isFrame = this.#head.length > 0 && this.#trailerBytes === undefined;
    if (isFrame) this.#takeHead(this.#followed - this.#head.length);
  }

  #headBytes(): number {
    return this.#trailerBytes === undefined ? frameHeadBytes(this.#head) : BLOCK_HEAD_BYTES;
  }

  #takeHead(at: number): void {
    const head = Buffer.from(this.#head);
    if (this.#trailerBytes !== undefined) this.#takeBlock(head.readUIntLE(0, BLOCK_HEAD_BYTES), this.#trailerBytes, at);
    else if (isZstd(head)) this.#takeFrame(head, at);
    // If it is not a frame at all, the decompressor reports it.
    else this.#toNext = isLeftOut(head) ? head.readUInt32LE(4) : Infinity;
  }

  #takeFrame(head: Buffer, at: number): void {
    const window = windowOf(head);
    if (window > MAX_WINDOW_BYTES) {
      const remedy = "pack it without --long, at level 19 or lower";
      this.fault = tooLarge(`a window of at most ${MAX_WINDOW_BYTES} bytes, got ${window}; ${remedy}`, at);
    }
    this.#trailerBytes = ((head[4] ?? 0) & 4) !== 0 ? CHECKSUM_BYTES : 0;
  }

  #takeBlock(head: number, trailerBytes: number, at: number): void {
    const size = head >> 3;
    if (size > MAX_BLOCK_BYTES)
      this.fault = tooLarge(`blocks of at most ${MAX_BLOCK_BYTES} bytes, got ${size}; upload it again`, at);
    const isLast = (head & 1) !== 0;
    this.#toNext = (((head >> 1) & 3) === REPEATED ? 1 : size) + (isLast ? trailerBytes : 0);
    if (isLast) this.#trailerBytes = undefined;
  }
}

function tooLarge(what: string, at: number): ContentError {
  return new ContentError("PACKED_CORRUPT", `zstd must have ${what}`, at);
}

/** As far as they are known: at least five, which determine the length of a frame's header. */
function frameHeadBytes(head: readonly number[]): number {
  if (head.length < 5) return 5;
  if (!isZstd(Buffer.from(head))) return 8;
  const flags = head[4];
  return 5 + (isSingle(flags) ? 0 : 1) + dictionaryBytes(flags) + sizeBytes(flags);
}

function isLeftOut(head: Buffer): boolean {
  return head.length === 8 && head.readUInt32LE(0) >>> 4 === LEFT_OUT;
}

/** Bytes of memory that a frame needs. Missing bytes of the header count as zeros. */
function windowOf(head: Buffer): number {
  const flags = head[4] ?? 0;
  if (!isSingle(flags)) {
    const descriptor = head[5] ?? 0;
    return 2 ** (10 + (descriptor >> 3)) * (1 + (descriptor & 7) / 8);
  }
  // The whole content.
  const at = 5 + dictionaryBytes(flags);
  const bytes = sizeBytes(flags);
  let size = bytes === 2 ? 256 : 0;
  for (let index = 0; index < bytes; index++) size += (head[at + index] ?? 0) * 256 ** index;
  return size;
}

/** Whether the window is the whole frame. */
function isSingle(flags: number): boolean {
  return (flags & 0x20) !== 0;
}

function dictionaryBytes(flags: number): number {
  return [0, 1, 2, 4][flags & 3];
}

function sizeBytes(flags: number): number {
  return [isSingle(flags) ? 1 : 0, 2, 4, 8][flags >> 6];
}
