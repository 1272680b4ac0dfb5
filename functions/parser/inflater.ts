import { createGunzip } from "node:zlib";
import { ContentError } from "./content-error";

/** Size of an unpacked chunk in bytes: zlib's default of 16 KiB takes three times as long, 512 KiB half as much memory again. */
const CHUNK_BYTES = 256 * 1024;

/** What came out of one piece. */
export interface Unpacked {
  readonly chunks: readonly Uint8Array[];
  /** Set when nothing follows. */
  readonly last: boolean;
}

/**
 * zlib's stream, a piece at a time. Its own async iterator would drop what it holds when an error comes; here all that
 * came out of earlier pieces is returned before the fault is thrown.
 */
export class Inflater {
  /** Bytes that came out so far. */
  unpackedBytes = 0;
  /** Packed bytes that were fed without a fault. */
  goodBytes = 0;
  readonly #gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  #chunks: Uint8Array[] = [];
  #fault: NodeJS.ErrnoException | undefined;
  /** Set when zlib found that nothing but padding follows. */
  #ended = false;
  #fed = 0;
  #settle: () => void = () => undefined;

  constructor() {
    this.#gunzip.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.unpackedBytes += chunk.length;
    });
    this.#gunzip.on("end", () => {
      this.#ended = true;
      this.#settle();
    });
    this.#gunzip.on("error", (error) => {
      this.#fault = error;
      this.#settle();
    });
  }

  /** Packed bytes that were understood. */
  get packedBytes(): number {
    return this.#gunzip.bytesWritten;
  }

  /**
   * Unpacks a piece; without one, the end of the input.
   *
   * @throws ContentError for the fault of an earlier piece, or of this one where nothing came out of it
   */
  async unpack(piece: Uint8Array | undefined): Promise<Unpacked> {
    this.#throwFault();
    if (piece) await this.#write(piece);
    else await this.#end();
    if (!this.#fault) this.goodBytes = this.#fed;
    const chunks = this.#chunks;
    this.#chunks = [];
    if (chunks.length === 0) this.#throwFault();
    return { chunks, last: piece === undefined && !this.#fault };
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
    const bytes = this.packedBytes;
    if (this.#fault.code === "Z_BUF_ERROR") {
      throw new ContentError(
        "GZIP_TRUNCATED",
        `gzip must be complete, got its first ${bytes} bytes; upload it again`,
        bytes,
      );
    }
    const { message } = this.#fault;
    throw new ContentError("GZIP_CORRUPT", `gzip must be intact, got ${message}; upload it again`, bytes);
  }
}
