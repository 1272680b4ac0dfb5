import type { CosAddress, CosClient } from "./cos-client";
import { CosError } from "./cos-error";
import { DEFAULT_RETRY, type RetryPolicy, waitBeforeRetry } from "./retry";

/** What a {@link CosReader} needs beside the object. */
export interface CosReaderOptions {
  readonly client: CosClient;
  readonly retry?: RetryPolicy;
  /** Ends the read; iteration then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The bytes of an object, each once and in order, whatever happens to the connection: after a reset, a timeout, a short
 * body or a server's error it waits, then asks again from the byte it had reached, provided that the object is still the
 * same (`If-Match`). Can be iterated once.
 *
 * Throws {@link CosError}: at once where a retry is of no use (403, 404), else after the policy's retries in a row that
 * brought not one byte; and `ObjectReplacedError` where the object was replaced meanwhile.
 */
export class CosReader implements AsyncIterable<Uint8Array> {
  /** Bytes handed out so far. */
  bytes = 0;
  /** Requests sent so far. */
  requests = 0;
  /** ETag of what is read, from the first answer. */
  eTag?: string;

  readonly #object: CosAddress;
  readonly #client: CosClient;
  readonly #retry: RetryPolicy;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  /** Size of the object in bytes, from the first answer. */
  #length = Infinity;

  constructor(object: CosAddress, { client, retry = DEFAULT_RETRY, signal }: CosReaderOptions) {
    this.#object = object;
    this.#client = client;
    this.#retry = retry;
    this.#signal = signal;
  }

  /** Requests that were sent again. */
  get retries(): number {
    return Math.max(0, this.requests - 1);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const chunks = this.#chunks();
    return {
      next: () => chunks.next(),
      // A generator cannot return while it waits for a byte, so whoever stops early ends the request first.
      return: async () => {
        this.#stop.abort();
        await chunks.return();
        return { done: true, value: undefined };
      },
    };
  }

  async *#chunks(): AsyncGenerator<Uint8Array, void, void> {
    const abort = () => this.#stop.abort(this.#signal?.reason);
    if (this.#signal?.aborted) abort();
    this.#signal?.addEventListener("abort", abort, { once: true });
    try {
      for (let failures = 0; this.bytes < this.#length;) {
        const reached = this.bytes;
        try {
          yield* this.#rest();
          return;
        } catch (error) {
          if (this.bytes >= this.#length) return;
          failures = this.bytes > reached ? 1 : failures + 1;
          if (failures > this.#retry.retries || !this.#canResume(error)) throw error;
          await waitBeforeRetry(this.#retry, failures, this.#stop.signal);
        }
      }
    } finally {
      this.#signal?.removeEventListener("abort", abort);
    }
  }

  /** One request, for all that was not handed out yet. */
  async *#rest(): AsyncGenerator<Uint8Array, void, void> {
    this.#stop.signal.throwIfAborted();
    this.requests++;
    const from = this.bytes;
    const ifMatch = from > 0 ? this.eTag : undefined;
    const { headers, body } = await this.#client.get(this.#object, { from, ifMatch, signal: this.#stop.signal });
    if (from === 0) {
      this.eTag = headers.etag;
      this.#length = headers["content-length"] === undefined ? Infinity : Number(headers["content-length"]);
    }
    for await (const chunk of body) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  /** Without an ETag nothing shows that the rest would belong to what was read. */
  #canResume(error: unknown): boolean {
    return error instanceof CosError && error.transient && (this.bytes === 0 || this.eTag !== undefined);
  }
}
