import { once } from "node:events";
import { createGzip } from "node:zlib";

/** Bytes that are packed at a time. Blocks of one size make the same bytes of the same lines, however they come. */
const BLOCK_BYTES = 256 * 1024;

/** Bytes that come out at a time: of text there is about a fifth of what goes in. */
const PACKED_BYTES = 64 * 1024;

/**
 * Of logs, objects are 1 to 4 % larger than at zlib's default level and memory, and packing takes 13 to 28 % less time, which is
 * most of what a function that writes takes. One level less would make them 7 to 15 % larger.
 */
const HOW = { chunkSize: PACKED_BYTES, level: 5, memLevel: 9 };

/**
 * Characters of lines that are texts which are written at a time: a call for each line would take longer than to join them, and
 * many more would outlive a collection of young garbage.
 */
const TEXT_LENGTH = 8 * 1024;

const LINE_FEED = 0x0a;

/** A line without its line end: its bytes, or a text in which each of them is a character. */
export type Line = Uint8Array | string;

/** Packs the lines of an object with gzip as they come, on another thread: only what is packed stays in memory. */
export class ObjectWriter {
  readonly #gzip = createGzip(HOW);
  readonly #packed: Buffer[] = [];
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;
  /** Lines that are not in the block yet, each with its line feed. */
  #text = "";
  #pending: Promise<void> = Promise.resolve();

  /** Lines so far. */
  records = 0;
  /** Bytes of the lines so far, before they are packed. */
  bytes = 0;

  constructor() {
    this.#gzip.on("data", (chunk: Buffer) => this.#packed.push(chunk));
  }

  /** Takes a line. What it returns, if anything, is to be awaited before the next one. */
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

  /** Packs the rest; resolves to the whole object. */
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
