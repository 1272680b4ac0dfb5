import { once } from "node:events";
import { createGzip, type Gzip } from "node:zlib";
import { type Target } from "../../local";
import { readLogFile } from "./log-file";

/** An object is cut at the first line end after so many bytes before compression. */
const OBJECT_BYTES = 16 * 1024 * 1024;

const NEWLINE = 10;

/** Feeds a file as what already lies in a user's bucket: gzip objects under the shipper's prefix, its lines unchanged. */
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

/** Where the object ends inside the chunk, if it does. */
function cutAt(chunk: Buffer, room: number): number | undefined {
  if (chunk.length < room) return undefined;
  const newline = chunk.indexOf(NEWLINE, Math.max(0, room - 1));
  return newline < 0 ? undefined : newline + 1;
}

/** Writes one object after the other, compressing as the bytes come. */
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

  /** Ends the open object, if there is one; it then lies in the bucket. */
  async end(): Promise<void> {
    this.gzip?.end();
    await this.stored;
    this.gzip = undefined;
    this.bytes = 0;
  }

  /** Leaves the open object unwritten; nothing is on its way to the bucket afterwards. */
  async abandon(): Promise<void> {
    this.gzip?.destroy();
    await this.stored.catch(() => undefined);
  }

  private open(): Gzip {
    const gzip = createGzip({ level: 1 });
    this.stored = this.target.bucket.put(this.target.key(`_file_${this.count}.gz`), gzip);
    // Whoever ends or abandons the object hears of it.
    this.stored.catch(() => undefined);
    this.count += 1;
    return gzip;
  }
}
