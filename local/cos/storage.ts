import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ObjectChecksum } from "./crc64";

/** Content that a caller can store. */
export type Body = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Stored bytes; immutable. */
export interface StoredBody {
  readonly size: number;
  /** MD5 in hexadecimal. */
  readonly md5: string;
  /** CRC-64 in decimal digits. */
  readonly crc64: string;
  /** The bytes from `start` to `end`, both included. */
  open(start: number, end: number): Readable;
  discard(): Promise<void>;
}

/** Stores the bytes of objects. */
export interface Storage {
  store(body: Body): Promise<StoredBody>;
}

/** Stores objects in memory, for tests. */
export class MemoryStorage implements Storage {
  async store(body: Body): Promise<StoredBody> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(body)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const checksum = new ObjectChecksum();
    checksum.add(bytes);
    return {
      size: bytes.length,
      md5: createHash("md5").update(bytes).digest("hex"),
      crc64: checksum.digits(),
      open: (start, end) => Readable.from([bytes.subarray(start, end + 1)], { objectMode: false }),
      discard: () => Promise.resolve(),
    };
  }
}

/** Stores objects as files named by a counter, because keys can contain anything. Memory use stays bounded. */
export class DiskStorage implements Storage {
  private count = 0;

  constructor(private readonly folder: string) {}

  async store(body: Body): Promise<StoredBody> {
    await mkdir(this.folder, { recursive: true });
    this.count += 1;
    const file = join(this.folder, `${this.count}.object`);
    const digest = createHash("md5");
    const checksum = new ObjectChecksum();
    let size = 0;
    async function* measured(): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunksOf(body)) {
        digest.update(chunk);
        checksum.add(chunk);
        size += chunk.length;
        yield chunk;
      }
    }
    try {
      await pipeline(measured, createWriteStream(file));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    return {
      size,
      md5: digest.digest("hex"),
      crc64: checksum.digits(),
      open: (start, end) => (end < start ? Readable.from([]) : createReadStream(file, { start, end })),
      discard: () => rm(file, { force: true }),
    };
  }
}

async function* chunksOf(body: Body): AsyncGenerator<Uint8Array> {
  if (typeof body === "string") yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield Buffer.from(body);
  else yield* body;
}
