const HASH_BITS = 14;
/**
 * Size of the pieces in which repeats are searched for separately, as in Snappy's own encoder: copies have a shorter
 * reach.
 */
const PIECE_BYTES = 64 * 1024;
const MIN_COPY = 4;
const MAX_COPY = 64;

/** Compresses bytes to one Snappy block (https://github.com/google/snappy/blob/main/format_description.txt). */
export function snappy(input: Uint8Array): Buffer {
  // A literal has at most five additional bytes; repeats only reduce the size.
  const out = Buffer.allocUnsafe(32 + input.length + Math.ceil(input.length / 6));
  const writer = new Writer(out);
  writer.varint(input.length);
  for (let start = 0; start < input.length; start += PIECE_BYTES) {
    packPiece(input, start, Math.min(input.length, start + PIECE_BYTES), writer);
  }
  return out.subarray(0, writer.length);
}

function packPiece(input: Uint8Array, start: number, end: number, writer: Writer): void {
  const seen = new Int32Array(1 << HASH_BITS).fill(-1);
  let literal = start;
  let at = start;
  while (at + MIN_COPY <= end) {
    const slot = hash(input, at);
    const candidate = seen[slot] ?? -1;
    seen[slot] = at;
    const length = candidate < 0 ? 0 : matchLength(input, candidate, at, end);
    if (length < MIN_COPY) {
      at++;
      continue;
    }
    writer.literal(input, literal, at);
    writer.copy(at - candidate, length);
    at += length;
    literal = at;
  }
  writer.literal(input, literal, end);
}

function hash(input: Uint8Array, at: number): number {
  const word =
    (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16) | ((input[at + 3] ?? 0) << 24);
  return Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
}

function matchLength(input: Uint8Array, candidate: number, at: number, end: number): number {
  let length = 0;
  while (at + length < end && input[candidate + length] === input[at + length]) length++;
  return length;
}

class Writer {
  length = 0;

  constructor(private readonly out: Buffer) {}

  varint(value: number): void {
    for (; value >= 128; value = Math.floor(value / 128)) this.byte((value % 128) + 128);
    this.byte(value);
  }

  literal(input: Uint8Array, from: number, to: number): void {
    const count = to - from;
    if (count === 0) return;
    if (count <= 60) this.byte((count - 1) << 2);
    else {
      // A piece has 64 KB, so two bytes are enough for every length.
      const bytes = count <= 256 ? 1 : 2;
      this.byte((59 + bytes) << 2);
      this.number(count - 1, bytes);
    }
    this.out.set(input.subarray(from, to), this.length);
    this.length += count;
  }

  copy(distance: number, length: number): void {
    for (let left = length; left > 0;) {
      const take = Math.min(left, MAX_COPY);
      if (take >= 4 && take <= 11 && distance < 2048) {
        this.byte(1 | ((take - 4) << 2) | ((distance >> 8) << 5));
        this.byte(distance & 255);
      } else {
        this.byte(2 | ((take - 1) << 2));
        this.number(distance, 2);
      }
      left -= take;
    }
  }

  private number(value: number, bytes: number): void {
    for (let index = 0; index < bytes; index++) this.byte((value >> (8 * index)) & 255);
  }

  private byte(value: number): void {
    this.out[this.length++] = value;
  }
}
