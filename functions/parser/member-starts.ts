/** Where a gzip member begins, packed and unpacked, in bytes. */
export interface MemberStart {
  readonly packed: number;
  readonly unpacked: number;
}

/** Number of bytes before a member that identify it: the size of the previous member, at the end of its trailer. */
const SIZE_BYTES = 4;

/** The magic bytes, the only existing method, and flags, of which three bits must be 0. */
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const HEADER_BYTES = MAGIC.length + 1;
const RESERVED_FLAGS = 0xe0;

/** Sizes are stored modulo this. */
const SIZE_LIMIT = 2 ** 32;

/** Bytes that look like the header of a member. */
interface Candidate {
  readonly packed: number;
  /** Unpacked size of the previous member. */
  readonly size: number;
}

/**
 * Finds the gzip members after the first. zlib continues from one member to the next without reporting it, and stopping
 * it at each would make files with many small members slow. Headers are therefore searched in the packed bytes, and the
 * sizes before them show where their output begins.
 *
 * Packed bytes look like a header by chance, once in 128 MiB. The size must then also match zlib's current position,
 * which happens by chance once in about 1,800 GB; after that, no member is found. This is used to check members, never
 * to unpack them.
 */
export class MemberStarts {
  /** The last examined bytes, in which a header can begin. */
  #tail = Buffer.alloc(0);
  #looked = 0;
  #last = 0;

  /** Examines the next packed bytes, in the order in which zlib receives them. */
  find(bytes: Uint8Array): Candidate[] {
    const all = Buffer.concat([this.#tail, bytes]);
    const begin = this.#looked - this.#tail.length;
    this.#looked += bytes.length;
    this.#tail = Buffer.from(all.subarray(Math.max(0, all.length - SIZE_BYTES - HEADER_BYTES + 1)));
    const found: Candidate[] = [];
    for (let at = SIZE_BYTES; (at = all.indexOf(MAGIC, at)) >= 0 && at + HEADER_BYTES <= all.length; at++) {
      if ((all[at + MAGIC.length] & RESERVED_FLAGS) !== 0) continue;
      found.push({ packed: begin + at, size: all.readUInt32LE(at - SIZE_BYTES) });
    }
    return found;
  }

  /**
   * Returns the candidates that are members. @param before unpacked bytes before zlib received the packed ones @param
   * after unpacked bytes after that
   */
  confirm(found: readonly Candidate[], before: number, after: number): MemberStart[] {
    const starts: MemberStart[] = [];
    for (const { packed, size } of found) {
      const least = Math.max(before, this.#last);
      const unpacked = least + modulo(this.#last + size - least);
      if (unpacked > after) continue;
      this.#last = unpacked;
      starts.push({ packed, unpacked });
    }
    return starts;
  }
}

function modulo(size: number): number {
  return ((size % SIZE_LIMIT) + SIZE_LIMIT) % SIZE_LIMIT;
}
