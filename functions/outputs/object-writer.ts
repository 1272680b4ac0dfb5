import { once } from "node:events";
import { createGzip } from "node:zlib";

/** Bytes that are compressed at a time. With a fixed block size, the same lines give the same bytes, however they arrive. */
const BLOCK_BYTES = 256 * 1024;

/** Bytes of a compressed chunk: text compresses to about a fifth. */
const PACKED_BYTES = 64 * 1024;

/**
 * For logs, objects are 1 to 4 % larger than with zlib's default level and memory, and compression, which is most of a
 * writing function's work, takes 13 to 28 % less time. One level less would make them 7 to 15 % larger.
 */
const HOW = { chunkSize: PACKED_BYTES, level: 5, memLevel: 9 };

/**
 * Characters of text lines that are written at a time: a call per line would take longer than joining them, and many more
 * strings would survive a minor garbage collection.
 */
const TEXT_LENGTH = 8 * 1024;

const LINE_FEED = 0x0a;

/** A line without its line end: its bytes, or a text with one character per byte. */
export type Line = Uint8Array | string;

/** Compresses an object's lines with gzip as they arrive, on another thread: only compressed data stays in memory. */
export class ObjectWriter {
  readonly #gzip = createGzip(HOW);
  readonly #packed: Buffer[] = [];
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;
  /** Lines that are not yet in the block, each with its line feed. */
  #text = "";
  #pending: Promise<void> = Promise.resolve();

  /** Lines so far. */
  records = 0;
  /** Uncompressed bytes of the lines so far. */
  bytes = 0;

  constructor() {
    this.#gzip.on("data", (chunk: Buffer) => this.#packed.push(chunk));
  }

  /** Adds a line. If it returns a promise, await it before adding the next one. */
  add(line: Line): Promise<void> | undefined {
    this.records++;
    this.bytes += line.length + 1;
    if (typeof line === "string") {
      this.#text += `${line}\n`;
      return this.#text.length < TEXT_LENGTH ? undefined : this.#writeText();
    }
    const before = this.#text === "" ? undefined : this.#writeText();
    return this.#writeLine(line) ?? before;
  }

  /** Compresses the rest; resolves to the whole object. */
  async finish(): Promise<Buffer> {
    this.#writeText();
    await this.#pending;
    const end = once(this.#gzip, "end");
    this.#gzip.end(this.#block.subarray(0, this.#used));
    await end;
    return Buffer.concat(this.#packed);
  }

  discard(): void {
    this.#gzip.destroy();
  }

  #writeLine(line: Uint8Array): Promise<void> | undefined {
    let busy: Promise<void> | undefined;
    if (this.#used + line.length < BLOCK_BYTES) {
      this.#block.set(line, this.#used);
      this.#used += line.length;
    } else {
      busy = this.#fill(line);
    }
    return this.#endLine() ?? busy;
  }

  #writeText(): Promise<void> | undefined {
    const text = this.#text;
    this.#text = "";
    if (this.#used + text.length >= BLOCK_BYTES) return this.#fill(Buffer.from(text, "latin1"));
    this.#used += this.#block.write(text, this.#used, "latin1");
    return undefined;
  }

  #fill(bytes: Uint8Array): Promise<void> | undefined {
    let busy: Promise<void> | undefined;
    for (let start = 0; start < bytes.length;) {
      const taken = Math.min(bytes.length - start, BLOCK_BYTES - this.#used);
      this.#block.set(bytes.subarray(start, start + taken), this.#used);
      this.#used += taken;
      start += taken;
      if (this.#used === BLOCK_BYTES) busy = this.#pack();
    }
    return busy;
  }

  #endLine(): Promise<void> | undefined {
    this.#block[this.#used++] = LINE_FEED;
    return this.#used === BLOCK_BYTES ? this.#pack() : undefined;
  }

  #pack(): Promise<void> {
    const block = this.#block;
    this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#used = 0;
    this.#pending = new Promise((resolve) => this.#gzip.write(block, () => resolve()));
    return this.#pending;
  }
}
