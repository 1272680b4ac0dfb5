/** Bytes of a shared block of memory. */
const SLAB_BYTES = 64 * 1024;

/** A range of bytes in a larger block of memory. */
export interface Stretch {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

export function bytesOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The same bytes in as few ranges as possible: adjacent ones are joined. */
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

/** Copies ranges one after the other; returns where they end. */
export function copyAll(stretches: readonly Stretch[], to: Buffer, start: number): number {
  return runsOf(stretches).reduce((end, run) => end + run.buffer.copy(to, end, run.start, run.end), start);
}

/**
 * Memory for many small pieces that are allocated one after the other and released together: separate allocations would
 * take more for bookkeeping than for the bytes.
 */
export class Slabs {
  #slab = Buffer.alloc(0);
  #used = 0;

  /** Pieces over a quarter of a slab get their own memory. */
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
