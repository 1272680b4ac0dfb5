import type { QuarantineSettings } from "../settings";
import type { CosAddress, CosClient } from "../tencent/cos-client";
import { type RetryPolicy, withRetries } from "../tencent/retry";
import { ServiceError } from "../tencent/service-error";

/** What lies under a pipeline's quarantine prefix. Its methods throw the `ServiceError` that no retry could help. */
export class QuarantineStore {
  /** Begins each of its keys. */
  readonly prefix: string;
  readonly #client: CosClient;
  readonly #settings: QuarantineSettings;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal;

  constructor(client: CosClient, settings: QuarantineSettings, retry: RetryPolicy, signal: AbortSignal) {
    this.prefix = settings.prefix;
    this.#client = client;
    this.#settings = settings;
    this.#retry = retry;
    this.#signal = signal;
  }

  /** The object's content; undefined where there is none. */
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
      if (error instanceof ServiceError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  /** Writes an object, over an older one of that key. */
  async put(key: string, body: Uint8Array, contentType: string): Promise<void> {
    const put = () => this.#client.put(this.#address(key), body, contentType, this.#signal);
    await withRetries(put, this.#retry, this.#signal);
  }

  /** Writes a note as JSON. */
  async putNote(key: string, note: object): Promise<void> {
    await this.put(key, Buffer.from(JSON.stringify(note, undefined, 2)), "application/json");
  }

  /** Writes a note unless there is one of that key; resolves to whether it did. */
  async putNewNote(key: string, note: object): Promise<boolean> {
    const body = Buffer.from(JSON.stringify(note, undefined, 2));
    const put = () => this.#client.putNew(this.#address(key), body, "application/json", this.#signal);
    return withRetries(put, this.#retry, this.#signal);
  }

  /** Removes an object, if there is one. */
  async remove(key: string): Promise<void> {
    await withRetries(() => this.#client.delete(this.#address(key), this.#signal), this.#retry, this.#signal);
  }

  #address(key: string): CosAddress {
    const { bucket, region } = this.#settings;
    return { bucket, region, key };
  }
}
