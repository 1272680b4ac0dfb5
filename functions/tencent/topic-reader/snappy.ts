/** A block that is not valid Snappy, or larger than allowed. */
export class SnappyError extends Error {
  override readonly name = "SnappyError";
}

/** Up to this size, a loop copies faster than a native call. */
const FEW_BYTES = 48;

/** Maximum output per input byte: a copy of three bytes gives 64. */
const MAX_RATIO = 64 / 3;

/**
 * Unpacks a block of Snappy (https://github.com/google/snappy/blob/main/format_description.txt). Whatever the block
 * contains, only the block and the output are read, and no more memory is allocated than the block can produce.
 *
 * @param maxBytes maximum bytes of output
 * @throws SnappyError
 */
export function unsnappy(block: Uint8Array, maxBytes: number): Buffer {
  const { value: size, next } = readSize(block);
  if (size > maxBytes) throw new SnappyError(`the block must hold at most ${maxBytes} bytes, got ${size}`);
  if (size > (block.length - next) * MAX_RATIO) throw new SnappyError(`the block ends before its ${size} bytes`);

  const out = Buffer.allocUnsafe(size);
  let written = 0;
  let at = next;
  while (at < block.length) {
    const tag = block[at++];
    const kind = tag & 3;
    if (kind === 0) {
      let length = (tag >> 2) + 1;
      if (length > 60) {
        const bytes = length - 60;
        length = littleEndian(block, at, bytes) + 1;
        at += bytes;
      }
      if (at + length > block.length) throw new SnappyError("the block ends inside a literal");
      if (written + length > size) throw tooMuch(size);
      if (length > FEW_BYTES) {
        out.set(block.subarray(at, at + length), written);
        at += length;
        written += length;
      } else for (const end = at + length; at < end; at++) out[written++] = block[at];
      continue;
    }
    const tagBytes = kind === 3 ? 4 : kind;
    if (at + tagBytes > block.length) throw new SnappyError("the block ends inside a tag");
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    let distance = block[at];
    if (kind === 1) distance |= (tag >> 5) << 8;
    else if (kind === 2) distance |= block[at + 1] << 8;
    else distance = littleEndian(block, at, 4);
    at += tagBytes;
    if (distance === 0 || distance > written) throw new SnappyError("a copy must begin inside of what was unpacked");
    if (written + length > size) throw tooMuch(size);
    // Byte by byte, because source and target of a copy can overlap.
    for (const end = written + length; written < end; written++) out[written] = out[written - distance];
  }
  if (written !== size) throw new SnappyError(`the block must unpack to ${size} bytes, got ${written}`);
  return out;
}

/** The number of output bytes, a varint of 32 bits. */
function readSize(block: Uint8Array): { value: number; next: number } {
  let value = 0;
  for (let at = 0, scale = 1; at < 5; at++, scale *= 128) {
    if (at >= block.length) throw new SnappyError("the block ends inside its length");
    value += (block[at] & 127) * scale;
    if (block[at] < 128) {
      if (value > 0xffffffff) break;
      return { value, next: at + 1 };
    }
  }
  throw new SnappyError("the block's length must have 32 bits");
}

function littleEndian(block: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > block.length) throw new SnappyError("the block ends inside a tag");
  let value = 0;
  for (let index = bytes - 1; index >= 0; index--) value = value * 256 + block[at + index];
  return value;
}

function tooMuch(size: number): SnappyError {
  return new SnappyError(`the block must unpack to ${size} bytes, got more`);
}
