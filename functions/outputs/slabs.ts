/** Bytes of a piece of memory that many share. */
const SLAB_BYTES = 64 * 1024;

/** Some bytes of a larger piece of memory. */
export interface Stretch {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * Memory for what is kept one after the other and let go together: each piece by itself would take more for its bookkeeping
 * than for its bytes.
 */
export class Slabs {
  #slab = Buffer.alloc(0);
  #used = 0;

  /** What is larger than a slab gets memory of its own. */
  take(bytes: number): Stretch {
    if (bytes > SLAB_BYTES / 4) return { buffer: Buffer.allocUnsafeSlow(bytes), start: 0, end: bytes };
    if (this.#used + bytes > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes;
    return { buffer: this.#slab, start, end: this.#used };
  }
}
