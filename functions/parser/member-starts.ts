/** Where a member of gzip begins, packed and unpacked, in bytes. */
export interface MemberStart {
  readonly packed: number;
  readonly unpacked: number;
}

/** Bytes in front of a member by which it is found: its predecessor's size, the last of its trailer. */
const SIZE_BYTES = 4;

/** Its magic bytes, the only method that there is, and flags, of which three bits must be 0. */
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const HEADER_BYTES = MAGIC.length + 1;
const RESERVED_FLAGS = 0xe0;

/** Sizes are told modulo this. */
const SIZE_LIMIT = 2 ** 32;

/** What looks like the header of a member. */
interface Candidate {
  readonly packed: number;
  /** Size of the member before, unpacked. */
  readonly size: number;
}

/**
 * Finds the members of gzip behind the first: zlib goes from one to the next without a word, and to stop it at each would
 * make files of many small ones slow. So the headers are looked for in what is packed, and the sizes in front of them tell
 * where their members come out.
 *
 * Packed bytes look like a header by chance, once in 128 MiB; then the size must lead to where zlib is just then. That
 * passes once in some 1,800 GB, after which no member is found: this serves to judge members, never to unpack them.
 */
export class MemberStarts {
  /** The last bytes that were looked at, with which a header may begin. */
  #tail = Buffer.alloc(0);
  #looked = 0;
  #last = 0;

  /** Looks at the next packed bytes, in the order in which zlib gets them. */
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

  /** Those of them that are members. @param before unpacked bytes before zlib got the packed ones @param after and since */
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
