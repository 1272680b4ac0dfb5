import { type CosAddress, type CosClient, cosUrl } from "./cos-client";
import { ObjectReplacedError } from "./cos-error";
import { Crc64 } from "./crc64";
import { DEFAULT_RETRY, mayRetry, type RetryPolicy, waitBeforeRetry } from "./retry";
import { ServiceError } from "./service-error";

/** Options of a {@link CosReader}. */
export interface CosReaderOptions {
  readonly client: CosClient;
  readonly retry?: RetryPolicy;
  /** Known properties of the object, for example from an event: an object with that ETag has that size in bytes. */
  readonly known?: { readonly eTag?: string; readonly size?: number };
  /** Known ETag; the object is only read if it has another one, otherwise iteration throws a `NotModifiedError`. */
  readonly ifNoneMatch?: string;
  /** Ends the read; iteration then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The bytes of an object, each once and in order, whatever happens to the connection. After a reset, a timeout, a short
 * body or a server error it waits, then continues from the byte that it had reached, provided that the object is unchanged
 * (`If-Match`). Can be iterated once.
 *
 * The bytes are checked against the object's size and CRC-64 as reported by COS, over all requests. Bytes that were already
 * passed on cannot be taken back, so these errors come at the end.
 *
 * Throws {@link ServiceError}: immediately if a retry is of no use (403, 404), otherwise after the policy's number of
 * consecutive retries without a byte; and {@link ObjectReplacedError} if the object was replaced meanwhile.
 */
export class CosReader implements AsyncIterable<Uint8Array> {
  /** Number of bytes passed on so far. */
  bytes = 0;
  /** Number of requests sent so far. */
  requests = 0;
  /** ETag of the object, from the first answer. */
  eTag?: string;

  readonly #object: CosAddress;
  readonly #client: CosClient;
  readonly #retry: RetryPolicy;
  readonly #ifNoneMatch: string | undefined;
  readonly #known: CosReaderOptions["known"];
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  /** Size of the object in bytes, from the first answer that contains it. */
  #size: number | undefined;
  /** CRC-64 of the object, from the first answer; if there is one, also that of the bytes so far. */
  #crc64: string | undefined;
  #sum: Crc64 | undefined;

  constructor(object: CosAddress, { client, retry = DEFAULT_RETRY, known, ifNoneMatch, signal }: CosReaderOptions) {
    this.#object = object;
    this.#client = client;
    this.#retry = retry;
    this.#known = known;
    this.#ifNoneMatch = ifNoneMatch;
    this.#signal = signal;
  }

  /** Number of requests that were retried. */
  get retries(): number {
    return Math.max(0, this.requests - 1);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const chunks = this.#chunks();
    return {
      next: () => chunks.next(),
      // A generator cannot return while it waits for a byte, so the request is ended first.
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
          return this.#checkSum();
        } catch (error) {
          const isWrong = error instanceof WrongBytesError;
          if (isWrong && this.bytes > 0) throw error;
          if (!isWrong && this.bytes === this.#size) return this.#checkSum();
          failures = this.bytes > reached ? 1 : failures + 1;
          if (!mayRetry(this.#retry, failures, error) || !this.#canResume(error)) throw error;
          await waitBeforeRetry(this.#retry, failures, this.#stop.signal, error);
        }
      }
    } finally {
      this.#signal?.removeEventListener("abort", abort);
    }
  }

  /** One request, for everything that was not passed on yet. */
  async *#rest(): AsyncGenerator<Uint8Array, void, void> {
    this.#stop.signal.throwIfAborted();
    this.requests++;
    const from = this.bytes;
    const ifMatch = from > 0 ? this.eTag : undefined;
    const ifNoneMatch = from > 0 ? undefined : this.#ifNoneMatch;
    const conditions = { from, ifMatch, ifNoneMatch, signal: this.#stop.signal };
    const { eTag, size, crc64, body } = await this.#client.get(this.#object, conditions);
    if (from === 0) {
      this.eTag = eTag;
      this.#size = undefined;
      this.#crc64 = crc64;
      this.#sum = crc64 === undefined ? undefined : new Crc64();
    }
    this.#checkSize(size);
    this.#checkKnown(size);
    for await (const chunk of body) {
      this.#sum?.update(chunk);
      this.bytes += chunk.length;
      yield chunk;
    }
    this.#checkKnown(this.bytes);
    if (this.#size !== undefined && this.bytes < this.#size) {
      const message = `GET ${cosUrl(this.#object)} must answer with all ${this.#size} bytes, got ${this.bytes}`;
      throw new ServiceError("IncompleteBody", message);
    }
  }

  /** An object of another size is another object, whatever its ETag. */
  #checkSize(size: number | undefined): void {
    this.#size ??= size;
    if (size === this.#size || size === undefined) return;
    const message = `GET ${cosUrl(this.#object)} must answer with a part of ${this.#size} bytes, got one of ${size}`;
    throw new ObjectReplacedError("PreconditionFailed", message, 206);
  }

  /** An object that was overwritten has another ETag, and its own event: then this event's size does not apply. */
  #checkKnown(size: number | undefined): void {
    const known = this.#known;
    if (known?.size === undefined || size === undefined || size === known.size) return;
    if (unquoted(known.eTag) === undefined || unquoted(known.eTag) !== unquoted(this.eTag)) return;
    const message = `GET ${cosUrl(this.#object)} must answer with the ${known.size} bytes that its event tells, got ${size}`;
    throw new WrongBytesError("WrongSize", message);
  }

  /** It is unknown which bytes are wrong, so none can be requested again. */
  #checkSum(): void {
    if (this.#sum === undefined || this.#sum.digest() === BigInt(this.#crc64 ?? 0).toString()) return;
    throw new WrongBytesError(
      "WrongChecksum",
      `GET ${cosUrl(this.#object)} must answer with bytes of the object's CRC-64, got ${this.bytes} of another`,
    );
  }

  /** Without an ETag, the rest could belong to another version of the object. */
  #canResume(error: unknown): boolean {
    return error instanceof ServiceError && (this.bytes === 0 || this.eTag !== undefined);
  }
}

/** COS's answer differs from the object. Bytes that were passed on cannot be corrected; all must be read again. */
class WrongBytesError extends ServiceError {
  override readonly name = "WrongBytesError";
}

/** An ETag without its quotes, as in some events. */
function unquoted(eTag: string | undefined): string | undefined {
  return eTag?.replaceAll('"', "");
}
