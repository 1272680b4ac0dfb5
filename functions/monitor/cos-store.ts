import type { StateStore } from "../../monitor";
import type { Network } from "../settings";
import { type CosAddress, CosClient } from "../tencent/cos-client";
import { CosError, isMissing, xmlElement } from "../tencent/cos-error";
import { listKeys } from "../tencent/cos-list";
import type { Credentials } from "../tencent/credentials";
import { DEFAULT_RETRY, type RetryPolicy, withRetries } from "../tencent/retry";

/** Location of a state, and how it is accessed. */
export interface CosStoreOptions {
  readonly bucket: string;
  readonly region: string;
  /** Prefix of all keys: `monitor/`. */
  readonly prefix: string;
  /** @default "public" */
  readonly network?: Network;
  /** Called for each request. @default the role of the function */
  readonly credentials?: () => Credentials;
  /** @default retries for about three seconds */
  readonly retry?: RetryPolicy;
  /** Milliseconds without a byte after which a request has failed. @default 10000 */
  readonly idleTimeoutMs?: number;
}

/** A bucket in which nothing can be claimed: with versioning, COS always overwrites. */
export class VersionedBucketError extends Error {
  override readonly name = "VersionedBucketError";
}

const JSON_TYPE = "application/json";

/**
 * The state of monitors in a bucket. Except for lists, every answer is COS's answer about a single key. Facts:
 * docs/design/facts/runtime.md#claims-by-objects. Close it.
 */
export class CosStore implements StateStore {
  readonly #client: CosClient;
  readonly #options: CosStoreOptions;
  readonly #retry: RetryPolicy;
  #checked: Promise<void> | undefined;

  constructor(options: CosStoreOptions) {
    const { idleTimeoutMs, credentials, network, retry = DEFAULT_RETRY } = options;
    this.#options = options;
    this.#retry = retry;
    this.#client = new CosClient({ idleTimeoutMs, credentials, network });
  }

  /** Closes every connection, including those of requests in progress; later requests open new ones. */
  close(): void {
    this.#client.close();
  }

  /**
   * Checks once whether claims work in the bucket.
   *
   * @throws VersionedBucketError if versioning is or was enabled
   */
  async check(): Promise<void> {
    this.#checked ??= this.#refuseVersions();
    try {
      await this.#checked;
    } catch (error) {
      if (!(error instanceof VersionedBucketError)) this.#checked = undefined;
      throw error;
    }
  }

  /** @throws VersionedBucketError */
  async create(key: string, body: string): Promise<"created" | "exists"> {
    await this.check();
    const object = this.#object(key);
    let tries = 0;
    const result = await withRetries(() => {
      tries++;
      return this.#client.create(object, Buffer.from(body), JSON_TYPE);
    }, this.#retry);
    if (result === "made a version") throw this.#versioned("in its answers");
    if (result === "created") return result;
    // The answer to an earlier attempt can have been lost, so an existing object can be our own.
    return tries > 1 && (await this.get(key)) === body ? "created" : "exists";
  }

  async put(key: string, body: string): Promise<void> {
    await withRetries(() => this.#client.put(this.#object(key), Buffer.from(body), JSON_TYPE), this.#retry);
  }

  async get(key: string): Promise<string | undefined> {
    return withRetries(() => this.#read(key), this.#retry);
  }

  async *list(prefix: string): AsyncIterable<string> {
    const { bucket, region, prefix: before } = this.#options;
    for await (const key of listKeys(this.#client, { bucket, region, prefix: before + prefix, retry: this.#retry })) {
      yield key.slice(before.length);
    }
  }

  async remove(key: string): Promise<void> {
    await withRetries(() => this.#client.delete(this.#object(key)), this.#retry);
  }

  async #read(key: string): Promise<string | undefined> {
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await this.#client.get(this.#object(key))).body) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #refuseVersions(): Promise<void> {
    const { bucket, region } = this.#options;
    const ask = (): Promise<string> => this.#client.getBucket({ bucket, region }, { versioning: "" });
    let xml: string;
    try {
      xml = await withRetries(ask, this.#retry);
    } catch (error) {
      // Without permission to ask, the first object that is created shows it.
      if (error instanceof CosError && error.statusCode === 403) return;
      throw error;
    }
    const status = xmlElement(xml, "Status");
    if (status !== undefined) throw this.#versioned(status);
  }

  #versioned(status: string): VersionedBucketError {
    return new VersionedBucketError(
      `state.bucket must never have had versioning, got ${this.#options.bucket} with versioning ${status}; use another ` +
        "bucket: where objects have versions, COS lets several instances claim the same alert",
    );
  }

  #object(key: string): CosAddress {
    const { bucket, region, prefix } = this.#options;
    return { bucket, region, key: prefix + key };
  }
}
