import { once } from "node:events";
import { createGzip } from "node:zlib";
import type { OutgoingRecord } from "../records/contracts";
import { LineBlock } from "../records/line-block";
import { writeLine } from "../records/line-record";

/** Bytes that are packed at a time. Blocks of one size make the same bytes of the same lines, however they come. */
const BLOCK_BYTES = 256 * 1024;

/** Bytes that come out at a time: of text there is about a fifth of what goes in. */
const PACKED_BYTES = 64 * 1024;

/**
 * Of logs, objects are 1 to 4 % larger than at zlib's default level and memory, and packing takes 13 to 28 % less time, which is
 * most of what a function that writes takes. One level less would make them 7 to 15 % larger.
 */
const HOW = { chunkSize: PACKED_BYTES, level: 5, memLevel: 9 };

const LINE_FEED = 0x0a;

/**
 * Packs the lines of an object with gzip as they come, on another thread: only what is packed stays in memory, and a block that is
 * filled while another one is packed.
 */
export class ObjectWriter {
  readonly #gzip = createGzip(HOW);
  readonly #packed: Buffer[] = [];
  #block = newBlock();
  /** How much of it is taken. */
  #used = 0;
  /** A block that is packed, to be filled again. */
  #spare: LineBlock | undefined;
  #pending: Promise<void> = Promise.resolve();

  /** Lines so far. */
  records = 0;
  /** Bytes of the lines so far, before they are packed. */
  bytes = 0;

  constructor() {
    this.#gzip.on("data", (chunk: Buffer) => this.#packed.push(chunk));
  }

  /**
   * Writes a record's line behind the others without taking it; returns its bytes, or undefined where it must be {@link add}ed.
   */
  draft(record: OutgoingRecord): number | undefined {
    const block = this.#begin();
    return writeLine(record, block) ? block.used - this.#used : undefined;
  }

  /** The line that was drafted last, in memory of its own. */
  get drafted(): Uint8Array {
    return Buffer.from(this.#block.bytes.subarray(this.#used, this.#block.used));
  }

  /** Takes the line that was drafted last. What it returns, if anything, is to be awaited before the next one. */
  takeDraft(): Promise<void> | undefined {
    return this.#end(this.#block.used - this.#used);
  }

  /** Takes a line; the same is to be awaited. */
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

  /** Packs the rest; resolves to the whole object. */
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

  /** The block, behind what is taken. */
  #begin(): LineBlock {
    this.#block.used = this.#used;
    return this.#block;
  }

  /** Ends a line of so many bytes, which stands in the blocks. */
  #end(bytes: number): Promise<void> | undefined {
    this.records++;
    this.bytes += bytes + 1;
    this.#block.byte(LINE_FEED);
    this.#used = this.#block.used;
    return this.#block.room === 0 ? this.#pack() : undefined;
  }

  /** Resolves when the block before is packed. */
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
