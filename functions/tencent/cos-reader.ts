import { type CosAddress, type CosClient, cosUrl } from "./cos-client";
import { ObjectReplacedError } from "./cos-error";
import { Crc64 } from "./crc64";
import { DEFAULT_RETRY, mayRetry, type RetryPolicy, waitBeforeRetry } from "./retry";
import { ServiceError } from "./service-error";

/** What a {@link CosReader} needs beside the object. */
export interface CosReaderOptions {
  readonly client: CosClient;
  readonly retry?: RetryPolicy;
  /** What is known of the object, such as by an event: as long as it has that ETag, it has that size in bytes. */
  readonly known?: { readonly eTag?: string; readonly size?: number };
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
 * What came is compared with what COS says of the object: its size, and the CRC-64 of all its bytes, over as many
 * requests as it took. Bytes that are handed out already cannot be taken back, so such a fault comes at the end.
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
  readonly #known: CosReaderOptions["known"];
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  /** Size of the object in bytes, from the first answer that told. */
  #size: number | undefined;
  /** CRC-64 of the object, from the first answer; and that of the bytes so far, where it told. */
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

  /** One request, for all that was not handed out yet. */
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

  /** An object of another size is another object, whatever its ETag says. */
  #checkSize(size: number | undefined): void {
    this.#size ??= size;
    if (size === this.#size || size === undefined) return;
    const message = `GET ${cosUrl(this.#object)} must answer with a part of ${this.#size} bytes, got one of ${size}`;
    throw new ObjectReplacedError("PreconditionFailed", message, 206);
  }

  /** An object that was written over has another ETag, and an event of its own: its size is not that of this event. */
  #checkKnown(size: number | undefined): void {
    const known = this.#known;
    if (known?.size === undefined || size === undefined || size === known.size) return;
    if (unquoted(known.eTag) === undefined || unquoted(known.eTag) !== unquoted(this.eTag)) return;
    const message = `GET ${cosUrl(this.#object)} must answer with the ${known.size} bytes that its event tells, got ${size}`;
    throw new WrongBytesError("WrongSize", message);
  }

  /** Nobody knows which bytes are wrong, so none can be asked for again. */
  #checkSum(): void {
    if (this.#sum === undefined || this.#sum.digest() === BigInt(this.#crc64 ?? 0).toString()) return;
    throw new WrongBytesError(
      "WrongChecksum",
      `GET ${cosUrl(this.#object)} must answer with bytes of the object's CRC-64, got ${this.bytes} of another`,
    );
  }

  /** Without an ETag nothing shows that the rest would belong to what was read. */
  #canResume(error: unknown): boolean {
    return error instanceof ServiceError && (this.bytes === 0 || this.eTag !== undefined);
  }
}

/** What COS answers with is not the object. What was handed out of it cannot be mended; all of it must be read again. */
class WrongBytesError extends ServiceError {
  override readonly name = "WrongBytesError";
}

/** An ETag as events may have it, without its quotes. */
function unquoted(eTag: string | undefined): string | undefined {
  return eTag?.replaceAll('"', "");
}
