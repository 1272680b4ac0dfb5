import type { ObjectReference } from "./events/cos-event";
import type { Failure } from "./failure";
import type { QuarantineSettings } from "./settings";
import { builtin } from "./tencent/builtin";
import type { CosAddress, CosClient } from "./tencent/cos-client";
import { type RetryPolicy, withRetries } from "./tencent/retry";

/** What is left of an object that could not be read to its end; enough to read it again. Stored as JSON. */
export interface QuarantineNote {
  readonly version: 1;
  readonly object: Pick<ObjectReference, "bucket" | "region" | "key" | "versionId" | "eTag">;
  readonly reason: Failure;
  /** How far it was read. What was delivered up to here is delivered again by a replay. */
  readonly reached: {
    /** Bytes of the stored object. */
    readonly bytes: number;
    /** Lines of its content. */
    readonly line: number;
  };
  /** Requests that were sent for the object. */
  readonly attempts: number;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** When the note was written, ISO 8601. */
  readonly time: string;
}

/** Longest key that COS takes, in bytes of UTF-8. */
const MAX_KEY_BYTES = 850;

/** The notes of one quarantine prefix. Its methods throw the `ServiceError` that no retry could help. */
export class Quarantine {
  readonly #client: CosClient;
  readonly #settings: QuarantineSettings;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal;

  constructor(client: CosClient, settings: QuarantineSettings, retry: RetryPolicy, signal: AbortSignal) {
    this.#client = client;
    this.#settings = settings;
    this.#retry = retry;
    this.#signal = signal;
  }

  /** Writes the note, over an older one of the same object. */
  async write(note: QuarantineNote): Promise<void> {
    const body = Buffer.from(JSON.stringify(note, undefined, 2));
    const put = () => this.#client.put(this.#address(note.object), body, "application/json", this.#signal);
    await withRetries(put, this.#retry, this.#signal);
  }

  /** Removes the object's note, if there is one. */
  async remove(object: CosAddress): Promise<void> {
    const remove = () => this.#client.delete(this.#address(object), this.#signal);
    await withRetries(remove, this.#retry, this.#signal);
  }

  #address(object: CosAddress): CosAddress {
    const { bucket, region, prefix } = this.#settings;
    return { bucket, region, key: noteKey(prefix, object) };
  }
}

/**
 * Key of an object's note: always the same, so that a later success finds it, and readable. A key that would be too long
 * for COS ends in a hash instead. Versions of one key fail and succeed on their own, so each has a note of its own.
 */
export function noteKey(prefix: string, { bucket, key, versionId }: CosAddress): string {
  const name = `${bucket}/${key}${versionId === undefined ? "" : `@${versionId}`}`;
  const readable = `${prefix}${name}.json`;
  if (Buffer.byteLength(readable) <= MAX_KEY_BYTES) return readable;

  const digest = builtin("node:crypto").createHash("sha256").update(name).digest("hex");
  const tail = `~${digest.slice(0, 32)}.json`;
  const room = MAX_KEY_BYTES - tail.length;
  // A character that the cut went through decodes to the replacement character.
  const head = Buffer.from(readable)
    .subarray(0, room)
    .toString()
    .replace(/\ufffd$/u, "");
  return head + tail;
}
