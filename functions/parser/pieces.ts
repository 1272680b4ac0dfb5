/** Reads a source in pieces of a requested size, regardless of the size of its chunks. */
export class Pieces {
  /** Number of bytes returned so far. */
  handedOut = 0;
  #rest: Uint8Array;
  readonly #source: AsyncIterator<Uint8Array>;

  /** @param head bytes that were already read from the source */
  constructor(head: Uint8Array, source: AsyncIterator<Uint8Array>) {
    this.#rest = head;
    this.#source = source;
  }

  /** Returns the next piece, with at most this number of bytes; undefined at the end. */
  async next(maxBytes: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) return undefined;
      this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, maxBytes);
    this.#rest = this.#rest.subarray(maxBytes);
    this.handedOut += piece.length;
    return piece;
  }

  /** Returns exactly this number of bytes; fewer only if the source ends. */
  async exactly(bytes: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for (let missing = bytes; missing > 0;) {
      const piece = await this.next(missing);
      if (!piece) break;
      pieces.push(piece);
      missing -= piece.length;
    }
    if (pieces.length !== 1) return Buffer.concat(pieces);
    const [{ buffer, byteOffset, byteLength }] = pieces;
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
