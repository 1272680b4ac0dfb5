import { createGunzip } from "node:zlib";
import { ContentError } from "./content-error";

/** Packed bytes that are unpacked at a time. Deflate packs at most 1032:1, so this bounds what is unpacked ahead. */
const PIECE_BYTES = 32 * 1024;

/** Size of an unpacked chunk in bytes; zlib's default of 16 KiB takes three times as long. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Unpacks gzip of one or more members, NUL padding after the last one included. The next piece is unpacked, on another
 * thread, while the caller works on the last one.
 *
 * @param head what was read of the source already
 * @throws ContentError where the rest is missing or broken, after all that came out before
 */
export async function* gunzip(head: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces(head, source);
  const inflater = new Inflater();
  const unpackNext = () => {
    const unpacked = inflater.next(pieces);
    // The caller may stop before it comes to this error.
    unpacked.catch(() => undefined);
    return unpacked;
  };

  try {
    for (let ahead = unpackNext(); ;) {
      const { chunks, last } = await ahead;
      if (!last) ahead = unpackNext();
      yield* chunks;
      if (last) return;
    }
  } finally {
    inflater.close();
  }
}

/** The source in pieces of a bounded size, whatever the size of its chunks. */
class Pieces {
  #rest: Uint8Array;
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(head: Uint8Array, source: AsyncIterator<Uint8Array>) {
    this.#rest = head;
    this.#source = source;
  }

  /** The next piece, or undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) return undefined;
      this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, PIECE_BYTES);
    this.#rest = this.#rest.subarray(PIECE_BYTES);
    return piece;
  }
}

/**
 * zlib's stream, a piece at a time. Its own async iterator would drop what it holds when an error comes; here all that
 * came out of the pieces before the fault is returned before the fault is thrown.
 */
class Inflater {
  readonly #gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  #chunks: Uint8Array[] = [];
  #fault: NodeJS.ErrnoException | undefined;
  /** Set when zlib found that nothing but padding follows. */
  #ended = false;
  #fed = 0;
  #settle: () => void = () => undefined;

  constructor() {
    this.#gunzip.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
    this.#gunzip.on("end", () => {
      this.#ended = true;
      this.#settle();
    });
    this.#gunzip.on("error", (error) => {
      this.#fault = error;
      this.#settle();
    });
  }

  /** What comes out of the next piece, or at the end of them. */
  async next(pieces: Pieces): Promise<{ chunks: Uint8Array[]; last: boolean }> {
    const piece = await pieces.next();
    this.#throwFault();
    if (piece) await this.#write(piece);
    else await this.#end();
    const chunks = this.#chunks;
    this.#chunks = [];
    return { chunks, last: piece === undefined };
  }

  close(): void {
    this.#gunzip.destroy();
  }

  async #write(piece: Uint8Array): Promise<void> {
    this.#fed += piece.length;
    if (!this.#ended) await this.#until((settle) => this.#gunzip.write(piece, settle));
    if (this.#ended) this.#requirePadding(piece);
  }

  async #end(): Promise<void> {
    if (!this.#ended) await this.#until(() => this.#gunzip.end());
    this.#throwFault();
  }

  #until(start: (settle: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      start(resolve);
    });
  }

  #requirePadding(piece: Uint8Array): void {
    const padding = piece.subarray(Math.max(0, piece.length - (this.#fed - this.#gunzip.bytesWritten)));
    if (padding.every((byte) => byte === 0)) return;
    this.#fault = Object.assign(new Error("bytes after the last member"), { code: "Z_DATA_ERROR" });
  }

  #throwFault(): void {
    if (!this.#fault) return;
    const bytes = this.#gunzip.bytesWritten;
    if (this.#fault.code === "Z_BUF_ERROR") {
      throw new ContentError(
        "GZIP_TRUNCATED",
        `gzip must be complete, got its first ${bytes} bytes; upload it again`,
        bytes,
      );
    }
    const { message } = this.#fault;
    throw new ContentError(
      "GZIP_CORRUPT",
      `gzip must be intact, got ${message} after ${bytes} bytes; upload it again`,
      bytes,
    );
  }
}
