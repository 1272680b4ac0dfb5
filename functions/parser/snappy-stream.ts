import { SnappyError, unsnappy } from "../tencent/topic-reader/snappy";
import { ContentError } from "./content-error";
import { crc32c } from "./crc32c";
import { Pieces } from "./pieces";

/** Framing of Snappy data: `framed` in chunks, or `raw`, a single block. */
export type SnappyKind = "framed" | "raw";

/** The first chunk of a framed stream (https://github.com/google/snappy/blob/main/framing_format.txt). */
const IDENTIFIER = Buffer.from("ff060000734e61507059", "hex");

/** Number of bytes at the start that are needed to detect Snappy. */
export const SNAPPY_HEAD_BYTES = 12;

/**
 * Maximum unpacked bytes of a block, which is in memory as a whole while it is unpacked. Slightly more than a shipper's
 * 64 MB.
 */
const MAX_BLOCK_BYTES = 80 * 1024 * 1024;

/** Maximum unpacked bytes of a chunk. */
const MAX_CHUNK_BYTES = 64 * 1024;

/** Chunk types. Those from 0x80 on can be skipped; those in between are unknown. */
const [PACKED, PLAIN, FIRST_LEFT_OUT, STREAM] = [0x00, 0x01, 0x80, 0xff];

/**
 * Whether content is Snappy. A block has no magic bytes: it is detected from its first literal, if JSON is expected,
 * which begins with a brace or a bracket.
 */
export function snappyKind(head: Buffer, isJson: boolean): SnappyKind | undefined {
  if (head.subarray(0, IDENTIFIER.length).equals(IDENTIFIER)) return "framed";
  return isJson && beginsBlock(head) ? "raw" : undefined;
}

/** A size of 128 bytes or more, and a literal. */
function beginsBlock(head: Buffer): boolean {
  if (head.length < 3 || head[0] < 0x80) return false;
  let at = 0;
  while (at < 4 && head[at] >= 0x80) at++;
  const tag = head[++at];
  if (tag === undefined || (tag & 3) !== 0) return false;
  const first = head[at + 1 + Math.max(0, (tag >> 2) - 59)];
  return first === 0x7b || first === 0x5b;
}

/** @throws ContentError after everything that was complete */
export async function* unsnappyStream(
  kind: SnappyKind,
  head: Buffer,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const input = new Pieces(head, chunks);
  if (kind === "raw") yield* block(input);
  else yield* framed(input);
}

async function* block(input: Pieces): AsyncGenerator<Uint8Array> {
  const packed = await input.exactly(MAX_BLOCK_BYTES + 1);
  if (packed.length > MAX_BLOCK_BYTES)
    throw corrupt(`a block of at most ${MAX_BLOCK_BYTES} bytes, got more`, input.handedOut, "ship smaller files");
  yield unpacked(packed, MAX_BLOCK_BYTES, 0);
}

async function* framed(input: Pieces): AsyncGenerator<Uint8Array> {
  for (;;) {
    const at = input.handedOut;
    const header = await input.exactly(4);
    if (header.length === 0) return;
    const length = header.length < 4 ? Infinity : header.readUIntLE(1, 3);
    const body = header.length < 4 ? header : await input.exactly(length);
    if (body.length < length) {
      const message = `snappy must be complete, got its first ${input.handedOut} bytes; upload it again`;
      throw new ContentError("PACKED_TRUNCATED", message, at);
    }
    const [type] = header;
    if (type === PACKED || type === PLAIN) yield chunkOf(type, body, at);
    else if (type === STREAM && !body.equals(IDENTIFIER.subarray(4))) throw corrupt("its mark, got another", at);
    else if (type < FIRST_LEFT_OUT) throw corrupt("chunks of known kinds, got another", at);
  }
}

function chunkOf(type: number, body: Buffer, at: number): Buffer {
  if (body.length < 4) throw corrupt("chunks with a checksum, got none", at);
  const data = body.subarray(4);
  const bytes = type === PACKED ? unpacked(data, MAX_CHUNK_BYTES, at) : data;
  if (bytes.length > MAX_CHUNK_BYTES) throw corrupt("chunks of at most 65536 bytes, got more", at);
  if (masked(crc32c(bytes)) !== body.readUInt32LE(0))
    throw corrupt("chunks that match their checksums, got another", at);
  return bytes;
}

function unpacked(block: Buffer, maxBytes: number, at: number): Buffer {
  try {
    return unsnappy(block, maxBytes);
  } catch (error) {
    if (error instanceof SnappyError) throw corrupt(`whole blocks, got one that is not: ${error.message}`, at);
    throw error;
  }
}

function corrupt(what: string, bytes: number, remedy = "upload it again"): ContentError {
  return new ContentError("PACKED_CORRUPT", `snappy must have ${what}; ${remedy}`, bytes);
}

/** The framing format stores checksums masked, so that a checksum over checksums is meaningful. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
