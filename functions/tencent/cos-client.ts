import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { CosError, connectionError, cosErrorOf } from "./cos-error";
import { readCredentials } from "./credentials";
import { cosEndpoint } from "./endpoint";
import { percentEncode, sign } from "./signature";

/** An object, or the place for one. */
export interface CosAddress {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  readonly versionId?: string;
}

/** Name of an object in places, notes and messages. */
export function cosUrl({ bucket, key }: CosAddress): string {
  return `cos://${bucket}/${key}`;
}

/** What a GET may ask for. */
export interface GetOptions {
  /** Offset in bytes of the first byte that is wanted; 0 asks for the whole object. */
  readonly from?: number;
  /** ETag that the object must still have. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

/** The answer to a GET: its body is read once. */
export interface CosObjectStream {
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Milliseconds without a byte, while one is awaited, after which a request has failed. */
export const DEFAULT_IDLE_TIMEOUT_MS = 10_000;

/** Longest error document that is read. */
const MAX_ERROR_BYTES = 64 * 1024;

type Method = "GET" | "PUT" | "DELETE";

interface CosRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * COS over HTTP, for the length of one invocation. Each failure is a {@link CosError}; the body of a refusal is never
 * handed out as an object's. An instance is frozen between invocations and its sockets die unnoticed (facts/runtime.md
 * 1.4), so a client has its own agents and {@link close} ends every socket that it opened.
 */
export class CosClient {
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });
  readonly #idleTimeoutMs: number;

  constructor(idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS) {
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Opens an object for reading; resolves when its headers are there. */
  async get(object: CosAddress, { from = 0, ifMatch, signal }: GetOptions = {}): Promise<CosObjectStream> {
    const headers: Record<string, string> = {};
    if (from > 0) headers.range = `bytes=${from}-`;
    if (ifMatch !== undefined) headers["if-match"] = ifMatch;
    const what = `GET ${cosUrl(object)}`;
    const response = await this.#send("GET", object, { headers, signal });
    if (from > 0) requireRange(what, response, from);
    return { headers: response.headers, body: this.#body(what, response, signal) };
  }

  /** Writes an object, or overwrites it. */
  async put(object: CosAddress, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<void> {
    const headers = { "content-type": contentType, "content-length": String(body.byteLength) };
    await this.#finish("PUT", object, { headers, body, signal });
  }

  /** Deletes an object; one that is not there is deleted already. */
  async delete(object: CosAddress, signal?: AbortSignal): Promise<void> {
    try {
      await this.#finish("DELETE", object, { signal });
    } catch (error) {
      if (!(error instanceof CosError && error.statusCode === 404 && error.code !== "NoSuchBucket")) throw error;
    }
  }

  /** Ends every socket, also those of requests under way. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  /** Sends a request whose answer has no body that matters. */
  async #finish(method: Method, object: CosAddress, request: CosRequest): Promise<void> {
    const response = await this.#send(method, object, request);
    await readText(this.#body(`${method} ${cosUrl(object)}`, response, request.signal));
  }

  /** Sends a request; resolves with an answer that is not an error. */
  async #send(method: Method, object: CosAddress, request: CosRequest): Promise<IncomingMessage> {
    const what = `${method} ${cosUrl(object)}`;
    const response = await this.#exchange(what, method, object, request);
    const statusCode = response.statusCode ?? 0;
    if (statusCode >= 200 && statusCode < 300) return response;
    const xml = await readText(this.#body(what, response, request.signal));
    throw cosErrorOf(what, statusCode, requestIdOf(response), xml);
  }

  #exchange(
    what: string,
    method: Method,
    object: CosAddress,
    { headers, body, signal }: CosRequest,
  ): Promise<IncomingMessage> {
    const { protocol, hostname, port, host } = cosEndpoint(object.bucket, object.region);
    const { path, signed } = authorize(method, object, { host, ...headers });
    const send = protocol === "http:" ? httpRequest : httpsRequest;
    const agent = protocol === "http:" ? this.#http : this.#https;

    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const request = send({ hostname, port, path, method, headers: signed, agent });
      const abort = () => request.destroy(signal?.reason);
      const timer = setTimeout(() => request.destroy(idle(what, this.#idleTimeoutMs)), this.#idleTimeoutMs);
      signal?.addEventListener("abort", abort, { once: true });
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      request.once("response", (response) => {
        settle();
        resolve(response);
      });
      // Not once: a socket may fail again after the answer began, and the body reports that itself.
      request.on("error", (error) => {
        settle();
        reject(signal?.aborted ? signal.reason : connectionError(what, error));
      });
      request.end(body);
    });
  }

  /**
   * The body of an answer. The time limit runs only while a byte is awaited: a reader that takes its time, because what
   * comes after it does, is no fault of the connection's.
   */
  async *#body(what: string, response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    const abort = () => response.destroy();
    signal?.addEventListener("abort", abort, { once: true });
    try {
      for (;;) {
        signal?.throwIfAborted();
        const timer = setTimeout(() => response.destroy(idle(what, this.#idleTimeoutMs)), this.#idleTimeoutMs);
        const next = await chunks.next().finally(() => clearTimeout(timer));
        if (next.done && !response.complete) throw new CosError("ECONNRESET", `${what} got a part of its answer`);
        if (next.done) return;
        yield next.value;
      }
    } catch (error) {
      throw signal?.aborted ? signal.reason : connectionError(what, error);
    } finally {
      signal?.removeEventListener("abort", abort);
      if (!response.complete) response.destroy();
    }
  }
}

/** Path as it is sent, and headers with the signature over all of them. */
function authorize(method: Method, { key, versionId }: CosAddress, headers: Record<string, string>) {
  const credentials = readCredentials();
  const signed = { ...headers };
  if (credentials.sessionToken) signed["x-cos-security-token"] = credentials.sessionToken;
  const query: Record<string, string> = versionId === undefined ? {} : { versionId };
  const authorization = sign({ method, path: `/${key}`, query, headers: signed }, credentials);

  const search = versionId === undefined ? "" : `?versionId=${percentEncode(versionId)}`;
  const path = `/${key.split("/").map(percentEncode).join("/")}${search}`;
  return { path, signed: { ...signed, authorization } };
}

/** An answer that starts elsewhere would tear a hole into what is read, or repeat a part of it. */
function requireRange(what: string, response: IncomingMessage, from: number): void {
  const { statusCode, headers } = response;
  if (statusCode === 206 && headers["content-range"]?.startsWith(`bytes ${from}-`)) return;
  response.destroy();
  const message = `${what} must answer with the bytes from ${from}, got HTTP ${statusCode} and other bytes`;
  throw new CosError("InvalidRange", message, statusCode, requestIdOf(response));
}

function requestIdOf({ headers }: IncomingMessage): string | undefined {
  return headers["x-cos-request-id"]?.toString();
}

function idle(what: string, milliseconds: number): CosError {
  return new CosError("ETIMEDOUT", `${what} got no byte for ${milliseconds} ms`);
}

/** A short document as text; what is beyond the limit is left unread, and its socket is not used again. */
async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ERROR_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}
