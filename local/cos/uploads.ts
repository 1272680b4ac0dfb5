import { createHash, randomBytes } from "node:crypto";
import { CosError } from "./error";
import type { Body, Storage, StoredBody } from "./storage";

/** Minimum size of a part, except the last one. */
const MIN_PART_BYTES = 1024 * 1024;

/** An uploaded part. */
export interface Part {
  readonly number: number;
  /** MD5 in double quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly body: StoredBody;
}

/** A multipart upload, which becomes an object when all parts are joined. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly parts: Map<number, Part>;
}

/** A part as listed in a request. */
export interface PartClaim {
  readonly number: number;
  /** With or without double quotes. */
  readonly etag: string;
}

/** The unfinished uploads of a bucket. Fact: docs/design/facts/runtime.md#uploads-in-parts. */
export class Uploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  begin(key: string, headers: Readonly<Record<string, string>>): Upload {
    const id = randomBytes(32).toString("hex");
    const upload = { id, key, headers, begun: this.now(), parts: new Map<number, Part>() };
    this.uploads.set(id, upload);
    return upload;
  }

  /** The upload with that id and key. Throws {@link CosError} if there is none. */
  find(id: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (upload?.key === key) return upload;
    throw new CosError(404, "NoSuchUpload", "The specified multipart upload does not exist.");
  }

  /** Unfinished uploads below a prefix, in key order. */
  all(prefix: string): Upload[] {
    const found = [...this.uploads.values()].filter(({ key }) => key.startsWith(prefix));
    return found.sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  }

  /** Stores a part; it replaces one with the same number. */
  async put({ parts }: Upload, number: number, body: Body): Promise<Part> {
    const stored = await this.storage.store(body);
    const part = { number, etag: `"${stored.md5}"`, lastModified: this.now(), body: stored };
    const previous = parts.get(number);
    parts.set(number, part);
    await previous?.body.discard();
    return part;
  }

  /** Joins the listed parts in order. Throws {@link CosError} for one that differs from the list. */
  async join({ parts }: Upload, claims: readonly PartClaim[]): Promise<{ stored: StoredBody; etag: string }> {
    const chosen = claims.map(({ number, etag }) => {
      const part = parts.get(number);
      if (part !== undefined && unquoted(part.etag) === unquoted(etag)) return part;
      throw new CosError(400, "InvalidPart", `Part ${number} must have been uploaded with the ETag ${etag}.`);
    });
    chosen.forEach(({ number, body }, index) => {
      const next = chosen[index + 1];
      if (next !== undefined && next.number <= number) {
        throw new CosError(400, "InvalidPartOrder", "Parts must be listed in the order of their numbers.");
      }
      if (next !== undefined && body.size < MIN_PART_BYTES) {
        throw new CosError(400, "EntityTooSmall", `Part ${number} must have at least ${MIN_PART_BYTES} bytes.`);
      }
    });
    const digest = createHash("md5");
    for (const { body } of chosen) digest.update(Buffer.from(body.md5, "hex"));
    const stored = await this.storage.store(bytesOf(chosen));
    return { stored, etag: `"${digest.digest("hex")}-${chosen.length}"` };
  }

  /** Removes an upload and its parts. */
  async end({ id, parts }: Upload): Promise<void> {
    this.uploads.delete(id);
    for (const { body } of parts.values()) await body.discard();
  }
}

async function* bytesOf(parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const { body } of parts) {
    for await (const chunk of body.open(0, body.size - 1)) yield chunk as Uint8Array;
  }
}

function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, "$1");
}
