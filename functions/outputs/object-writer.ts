import { once } from "node:events";
import { createGzip } from "node:zlib";
import type { OutgoingRecord } from "../records/contracts";
import { LineBlock } from "../records/line-block";
import { writeLine } from "../records/line-record";

/**
 * Bytes that are compressed at a time. With blocks of a fixed size, the same lines result in the same object, however
 * they arrive.
 */
const BLOCK_BYTES = 256 * 1024;

/** Bytes of compressed output per chunk. Text is compressed to about a fifth. */
const PACKED_BYTES = 64 * 1024;

/**
 * Compared with zlib's default level and memory, objects with logs are 1 to 4 % larger. Compression, which is most of the
 * time of a function that writes, takes 13 to 28 % less time. One level less would make objects 7 to 15 % larger.
 */
const HOW = { chunkSize: PACKED_BYTES, level: 5, memLevel: 9 };

const LINE_FEED = 0x0a;

/**
 * Compresses the lines of an object with gzip as they arrive, on another thread. Only the compressed bytes stay in
 * memory, and a block that is filled while another one is compressed.
 *
 * A line is added in one step, or in two: drafted, and then taken. A draft that is not taken is overwritten.
 */
export class ObjectWriter {
  readonly #gzip = createGzip(HOW);
  readonly #packed: Buffer[] = [];
  #block = newBlock();
  /** Bytes of the block that are part of the object; a draft follows them. */
  #used = 0;
  /** A block whose lines are compressed, and which can be filled again. */
  #spare: LineBlock | undefined;
  #pending: Promise<void> = Promise.resolve();

  /** Number of lines so far. */
  records = 0;
  /** Uncompressed bytes of the lines so far, with their line feeds. */
  bytes = 0;

  constructor() {
    this.#gzip.on("data", (chunk: Buffer) => this.#packed.push(chunk));
  }

  /**
   * Writes a record's line after the others, without taking it.
   *
   * @returns its number of bytes; undefined if it must be {@link add}ed instead
   */
  draft(record: OutgoingRecord): number | undefined {
    const block = this.#begin();
    return writeLine(record, block) ? block.used - this.#used : undefined;
  }

  /** A copy of the line that was drafted last. */
  get drafted(): Uint8Array {
    return Buffer.from(this.#block.bytes.subarray(this.#used, this.#block.used));
  }

  /** Takes the line that was drafted last. Await the promise, if there is one, before the next line. */
  takeDraft(): Promise<void> | undefined {
    return this.#end(this.#block.used - this.#used);
  }

  /** Adds a line. Await the promise, if there is one, before the next line. */
  add(line: Uint8Array): Promise<void> | undefined {
    let busy: Promise<void> | undefined;
    let block = this.#begin();
    for (let start = 0; start < line.length;) {
      const taken = Math.min(line.length - start, block.room);
      block.copy(line, start, start + taken);
      this.#used = block.used;
      start += taken;
      if (block.room > 0) continue;
      busy = this.#pack();
      block = this.#begin();
    }
    return this.#end(line.length) ?? busy;
  }

  /** Compresses the rest; resolves to the whole object. */
  async finish(): Promise<Buffer> {
    await this.#pending;
    const end = once(this.#gzip, "end");
    this.#gzip.end(this.#block.bytes.subarray(0, this.#used));
    await end;
    return Buffer.concat(this.#packed);
  }

  discard(): void {
    this.#gzip.destroy();
  }

  /** The block, ready to be written after the lines that are taken. */
  #begin(): LineBlock {
    this.#block.used = this.#used;
    return this.#block;
  }

  /** Ends a line of this many bytes, which is already in the blocks. */
  #end(bytes: number): Promise<void> | undefined {
    this.records++;
    this.bytes += bytes + 1;
    this.#block.byte(LINE_FEED);
    this.#used = this.#block.used;
    return this.#block.room === 0 ? this.#pack() : undefined;
  }

  /** Begins to compress the block; resolves when the previous one is compressed. */
  #pack(): Promise<void> {
    const block = this.#block;
    const before = this.#pending;
    this.#pending = new Promise((resolve) => {
      this.#gzip.write(block.bytes, () => {
        this.#spare = block;
        resolve();
      });
    });
    this.#block = this.#spare ?? newBlock();
    this.#spare = undefined;
    this.#block.used = this.#used = 0;
    return before;
  }
}

function newBlock(): LineBlock {
  return new LineBlock(Buffer.allocUnsafeSlow(BLOCK_BYTES));
}
