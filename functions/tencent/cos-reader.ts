import { type CosAddress, type CosClient, cosUrl } from "./cos-client";
import { ObjectReplacedError } from "./cos-error";
import { DEFAULT_RETRY, mayRetry, type RetryPolicy, waitBeforeRetry } from "./retry";
import { ServiceError } from "./service-error";

/** What a {@link CosReader} needs beside the object. */
export interface CosReaderOptions {
  readonly client: CosClient;
  readonly retry?: RetryPolicy;
  /** ETag that is known; the object is read only where it has another, else iteration throws a `NotModifiedError`. */
  readonly ifNoneMatch?: string;
  /** Ends the read; iteration then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The bytes of an object, each once and in order, whatever happens to the connection: after a reset, a timeout, a short
 * body or a server's error it waits, then asks again from the byte it had reached, provided that the object is still the
 * same (`If-Match`). Can be iterated once.
 *
 * Throws {@link ServiceError}: at once where a retry is of no use (403, 404), else after the policy's retries in a row
 * that brought not one byte; and {@link ObjectReplacedError} where the object was replaced meanwhile.
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
  readonly #ifNoneMatch: string | undefined;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  /** Size of the object in bytes, from the first answer that told. */
  #size: number | undefined;

  constructor(object: CosAddress, { client, retry = DEFAULT_RETRY, ifNoneMatch, signal }: CosReaderOptions) {
    this.#object = object;
    this.#client = client;
    this.#retry = retry;
    this.#ifNoneMatch = ifNoneMatch;
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
      for (let failures = 0; ;) {
        const reached = this.bytes;
        try {
          yield* this.#rest();
          return;
        } catch (error) {
          if (this.bytes === this.#size) return;
          failures = this.bytes > reached ? 1 : failures + 1;
          if (!mayRetry(this.#retry, failures, error) || !this.#canResume(error)) throw error;
          await waitBeforeRetry(this.#retry, failures, this.#stop.signal, error);
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
    const ifNoneMatch = from > 0 ? undefined : this.#ifNoneMatch;
    const conditions = { from, ifMatch, ifNoneMatch, signal: this.#stop.signal };
    const { eTag, size, body } = await this.#client.get(this.#object, conditions);
    if (from === 0) {
      this.eTag = eTag;
      this.#size = undefined;
    }
    this.#checkSize(size);
    for await (const chunk of body) {
      this.bytes += chunk.length;
      yield chunk;
    }
    if (this.#size !== undefined && this.bytes < this.#size) {
      const message = `GET ${cosUrl(this.#object)} must answer with all ${this.#size} bytes, got ${this.bytes}`;
      throw new ServiceError("IncompleteBody", message);
    }
  }

  /** An object of another size is another object, whatever its ETag says. */
  #checkSize(size: number | undefined): void {
    this.#size ??= size;
    if (size === this.#size || size === undefined) return;
    const message = `GET ${cosUrl(this.#object)} must answer with a part of ${this.#size} bytes, got one of ${size}`;
    throw new ObjectReplacedError("PreconditionFailed", message, 206);
  }

  /** Without an ETag nothing shows that the rest would belong to what was read. */
  #canResume(error: unknown): boolean {
    return error instanceof ServiceError && (this.bytes === 0 || this.eTag !== undefined);
  }
}
