/** Bytes of a piece of memory that many share. */
const SLAB_BYTES = 64 * 1024;

/** Some bytes of a larger piece of memory. */
export interface Stretch {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

export function bytesOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The same bytes in as few stretches as can be: those that lie behind each other are one. */
export function runsOf(stretches: readonly Stretch[]): Stretch[] {
  const runs: Stretch[] = [];
  for (let at = 0; at < stretches.length;) {
    const { buffer, start } = stretches[at];
    let { end } = stretches[at++];
    for (; at < stretches.length && stretches[at].buffer === buffer && stretches[at].start === end; at++)
      end = stretches[at].end;
    runs.push({ buffer, start, end });
  }
  return runs;
}

/** Puts stretches behind each other; returns where they end. */
export function copyAll(stretches: readonly Stretch[], to: Buffer, start: number): number {
  return runsOf(stretches).reduce((end, run) => end + run.buffer.copy(to, end, run.start, run.end), start);
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
