import { once } from "node:events";
import { createGzip, type Gzip } from "node:zlib";
import { type Target } from "../../local";
import { readLogFile } from "./log-file";

/** An object ends at the first line end after this many bytes before compression. */
const OBJECT_BYTES = 16 * 1024 * 1024;

const NEWLINE = 10;

/**
 * Feeds a file as existing objects of a user's bucket: gzip objects under the shipper's prefix, with unchanged lines.
 */
export async function feedFile(
  target: Target,
  file: string,
  fed: (bytes: number) => void,
  objectBytes = OBJECT_BYTES,
  encoding?: string,
): Promise<void> {
  const writer = new ObjectWriter(target);
  let total = 0;
  try {
    for await (const chunk of readLogFile(file, encoding)) {
      for (let rest = chunk; rest.length > 0;) {
        const cut = cutAt(rest, objectBytes - writer.bytes);
        await writer.write(rest.subarray(0, cut ?? rest.length));
        if (cut !== undefined) await writer.end();
        rest = rest.subarray(cut ?? rest.length);
      }
      fed((total += chunk.length));
    }
    await writer.end();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Position in the chunk at which the object ends, if it does. */
function cutAt(chunk: Buffer, room: number): number | undefined {
  if (chunk.length < room) return undefined;
  const newline = chunk.indexOf(NEWLINE, Math.max(0, room - 1));
  return newline < 0 ? undefined : newline + 1;
}

/** Writes one object after the other, compressing the bytes as they arrive. */
class ObjectWriter {
  /** Bytes of the open object before compression. */
  bytes = 0;
  private gzip: Gzip | undefined;
  private stored: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(private readonly target: Target) {}

  async write(chunk: Buffer): Promise<void> {
    this.gzip ??= this.open();
    this.bytes += chunk.length;
    if (!this.gzip.write(chunk)) await once(this.gzip, "drain");
  }

  /** Ends the open object, if there is one; it is then stored in the bucket. */
  async end(): Promise<void> {
    this.gzip?.end();
    await this.stored;
    this.gzip = undefined;
    this.bytes = 0;
  }

  /** Discards the open object; afterwards nothing is being written to the bucket. */
  async abandon(): Promise<void> {
    this.gzip?.destroy();
    await this.stored.catch(() => undefined);
  }

  private open(): Gzip {
    const gzip = createGzip({ level: 1 });
    this.stored = this.target.bucket.put(this.target.key(`_file_${this.count}.gz`), gzip);
    // The error is reported when the object is ended or abandoned.
    this.stored.catch(() => undefined);
    this.count += 1;
    return gzip;
  }
}
