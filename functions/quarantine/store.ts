import type { QuarantineSettings } from "../settings";
import { LinkedAbort } from "../runtime/linked-abort";
import { type CosAddress, type CosClient, cosUrl } from "../tencent/cos-client";
import { isMissing } from "../tencent/cos-error";
import { type ListedObject, listPages } from "../tencent/cos-list";
import { type RetryPolicy, withRetries } from "../tencent/retry";
import { ServiceError } from "../tencent/service-error";

/** Folder below the prefix for the state of the timer. */
export const TIMER_FOLDER = "timer/";

/** Timeout of a removal in milliseconds. */
const MAX_REMOVAL_MS = 3_000;

/** Maximum milliseconds for all failing removals of an invocation. */
const MAX_REMOVALS_MS = 5_000;

/** The objects under a pipeline's quarantine prefix. Methods retry, then throw the last `ServiceError`. */
export class QuarantineStore {
  /** Prefix of all of its keys. */
  readonly prefix: string;
  readonly #client: CosClient;
  readonly #settings: QuarantineSettings;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal;
  #removalMs = MAX_REMOVALS_MS;

  constructor(client: CosClient, settings: QuarantineSettings, retry: RetryPolicy, signal: AbortSignal) {
    this.prefix = settings.prefix;
    this.#client = client;
    this.#settings = settings;
    this.#retry = retry;
    this.#signal = signal;
  }

  /** The object's content; undefined if it does not exist. */
  async read(key: string): Promise<Buffer | undefined> {
    const get = async (): Promise<Buffer> => {
      const chunks: Uint8Array[] = [];
      const { body } = await this.#client.get(this.#address(key), { signal: this.#signal });
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    try {
      return await withRetries(get, this.#retry, this.#signal);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The objects below a part of the prefix, in COS's order, one page at a time. */
  list(folder: string, after = ""): AsyncGenerator<readonly ListedObject[]> {
    const { bucket, region } = this.#settings;
    const options = { bucket, region, prefix: this.prefix + folder, retry: this.#retry, signal: this.#signal };
    return listPages(this.#client, options, after);
  }

  /** Writes an object, replacing an older one with that key. */
  async put(key: string, body: Uint8Array, contentType: string): Promise<void> {
    const put = () => this.#client.put(this.#address(key), body, contentType, this.#signal);
    await withRetries(put, this.#retry, this.#signal);
  }

  /** Writes a note as JSON. */
  async putNote(key: string, note: object): Promise<void> {
    await this.put(key, Buffer.from(JSON.stringify(note, undefined, 2)), "application/json");
  }

  /**
   * Writes a note unless one with that key exists; resolves to which one exists now. It is `unclear` if an earlier request
   * can have written it, and only its answer was lost.
   */
  async putNewNote(key: string, note: object): Promise<"new" | "old" | "unclear"> {
    const body = Buffer.from(JSON.stringify(note, undefined, 2));
    let requests = 0;
    const put = () => {
      requests++;
      return this.#client.putNew(this.#address(key), body, "application/json", this.#signal);
    };
    if (await withRetries(put, this.#retry, this.#signal)) return "new";
    return requests === 1 ? "old" : "unclear";
  }

  /**
   * Removes an object, if it exists. The time is limited, also for all failing removals together: the actual work is done,
   * and an object that stays only costs a replay.
   */
  async remove(key: string): Promise<void> {
    const limitMs = Math.min(MAX_REMOVAL_MS, this.#removalMs);
    const abort = new LinkedAbort(this.#signal);
    const slow = new ServiceError("ETIMEDOUT", `DELETE ${cosUrl(this.#address(key))} was not done in ${limitMs} ms`);
    const timer = setTimeout(() => abort.abort(slow), limitMs);
    const startedAt = Date.now();
    try {
      await withRetries(() => this.#client.delete(this.#address(key), abort.signal), this.#retry, abort.signal);
    } catch (error) {
      this.#removalMs = Math.max(0, this.#removalMs - (Date.now() - startedAt));
      throw error;
    } finally {
      clearTimeout(timer);
      abort.release();
    }
  }

  #address(key: string): CosAddress {
    const { bucket, region } = this.#settings;
    return { bucket, region, key };
  }
}
