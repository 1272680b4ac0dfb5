import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Network } from "../settings";
import { COS_DELETED, COS_STORED, requireAcknowledged } from "./acknowledgement";
import { CosError, cosErrorOf, isMissing, NotModifiedError, ObjectReplacedError, requestIdOf } from "./cos-error";
import { type Credentials, readCredentials } from "./credentials";
import { cosEndpoint } from "./endpoint";
import { HttpClient, type HttpRequest } from "./http";
import { ServiceError } from "./service-error";
import { percentEncode, sign } from "./signature";

/** The address of an object that exists or is to be written. */
export interface CosAddress {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  readonly versionId?: string;
  /** @default that of the client */
  readonly network?: Network;
}

/** Name of an object in places, notes and messages. */
export function cosUrl({ bucket, key }: Pick<CosAddress, "bucket" | "key">): string {
  return `cos://${bucket}/${key}`;
}

/** Options of a GET. */
export interface GetOptions {
  /** Offset of the first byte that is wanted; 0 requests the whole object. */
  readonly from?: number;
  /** ETag that the object must still have; an answer with another ETag, or without one, is refused. */
  readonly ifMatch?: string;
  /** Known ETag; if the object still has it, it is not sent and {@link NotModifiedError} is thrown. */
  readonly ifNoneMatch?: string;
  readonly signal?: AbortSignal;
}

/** The answer to a GET. Its body can be read once. */
export interface CosObjectStream {
  readonly eTag?: string;
  /** Size of the whole object in bytes; undefined if COS did not tell it, and marks the end of the body instead. */
  readonly size?: number;
  /** CRC-64 of the whole object, in digits; undefined for objects that are older than the feature. */
  readonly crc64?: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Options of a {@link CosClient}. */
export interface CosClientOptions {
  /** Milliseconds without a byte, while one is awaited, after which a request has failed. @default 10000 */
  readonly idleTimeoutMs?: number;
  /** Called for each request. @default the role of the function */
  readonly credentials?: () => Credentials;
  /** Network for addresses that do not name one. @default "public" */
  readonly network?: Network;
}

interface CosRequest {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * COS over HTTP, for use in one invocation. Each failure is a {@link ServiceError}; the body of a refusal is never returned
 * as that of an object.
 */
export class CosClient {
  readonly #http: HttpClient;
  readonly #credentials: () => Credentials;
  readonly #network: Network;
  #aheadMs: number | undefined;

  constructor({ idleTimeoutMs, credentials = readCredentials, network = "public" }: CosClientOptions = {}) {
    this.#network = network;
    this.#http = new HttpClient(idleTimeoutMs);
    this.#credentials = credentials;
  }

  /** Milliseconds by which COS's clock was ahead of this machine's at its last answer; undefined if unknown. */
  get aheadMs(): number | undefined {
    return this.#aheadMs;
  }

  /** Opens an object for reading; resolves when the headers have arrived. */
  async get(object: CosAddress, { from = 0, ifMatch, ifNoneMatch, signal }: GetOptions = {}): Promise<CosObjectStream> {
    const headers: Record<string, string> = {};
    if (from > 0) headers.range = `bytes=${from}-`;
    if (ifMatch !== undefined) headers["if-match"] = ifMatch;
    if (ifNoneMatch !== undefined) headers["if-none-match"] = ifNoneMatch;
    const what = `GET ${cosUrl(object)}`;
    const response = await this.#send("GET", object, { headers, signal });
    try {
      requireSame(what, response, ifMatch);
      const size = from > 0 ? sizeOfRest(what, response, from) : sizeOfWhole(what, response);
      const crc64 = crc64Of(response);
      return { eTag: response.headers.etag, size, crc64, body: this.#http.body({ what, signal }, response) };
    } catch (error) {
      response.destroy();
      throw error;
    }
  }

  /** Writes an object, replacing an existing one. */
  async put(object: CosAddress, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<void> {
    const headers = { "content-type": contentType, "content-length": String(body.byteLength) };
    await this.#change("PUT", object, { headers, body, signal });
  }

  /** Writes an object unless one with that key exists; resolves to whether it did. With versioning COS always overwrites. */
  async putNew(object: CosAddress, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.create(object, body, contentType, signal)) !== "exists";
  }

  /** The same, but also reports whether the bucket is versioned: then nothing was claimed. */
  async create(
    object: CosAddress,
    body: Uint8Array,
    contentType: string,
    signal?: AbortSignal,
  ): Promise<"created" | "exists" | "made a version"> {
    const headers = {
      "content-type": contentType,
      "content-length": String(body.byteLength),
      "x-cos-forbid-overwrite": "true",
    };
    try {
      const answer = await this.#change("PUT", object, { headers, body, signal });
      return answer["x-cos-version-id"] === undefined ? "created" : "made a version";
    } catch (error) {
      if (error instanceof CosError && error.statusCode === 409 && error.code === "FileAlreadyExists") return "exists";
      throw error;
    }
  }

  /** Deletes an object; it is no error if it does not exist. */
  async delete(object: CosAddress, signal?: AbortSignal): Promise<void> {
    try {
      await this.#change("DELETE", object, { signal });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  /** Requests a document about a bucket, such as a list of its objects; resolves to its XML. */
  async getBucket(
    bucket: Pick<CosAddress, "bucket" | "region">,
    query: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<string> {
    const object = { ...bucket, key: "" };
    const response = await this.#send("GET", object, { query, signal });
    return this.#http.text({ what: `GET ${cosUrl(object)}`, signal }, response);
  }

  /** Closes every socket, including those of requests in progress. */
  close(): void {
    this.#http.close();
  }

  /** Sends a write or a delete; resolves to the headers of the answer when COS has acknowledged it. */
  async #change(method: string, object: CosAddress, request: CosRequest): Promise<IncomingHttpHeaders> {
    const what = `${method} ${cosUrl(object)}`;
    const response = await this.#send(method, object, request);
    const answer = await this.#http.answer({ what, signal: request.signal }, response);
    requireAcknowledged(what, method === "DELETE" ? COS_DELETED : COS_STORED, answer, requestIdOf(response));
    return response.headers;
  }

  /** Sends a request; resolves with an answer that is not an error. */
  async #send(method: string, object: CosAddress, request: CosRequest): Promise<IncomingMessage> {
    const signed = this.#sign(method, object, request);
    const response = await this.#http.send(signed);
    const { statusCode = 0, headers } = response;
    const date = Date.parse(headers.date ?? "");
    if (!Number.isNaN(date)) this.#aheadMs = date - Date.now();
    if (statusCode >= 200 && statusCode < 300) return response;
    const xml = await this.#http.explanation(signed, response);
    if (statusCode === 304) {
      throw new NotModifiedError(
        "NotModified",
        `${signed.what} found the object unchanged`,
        304,
        requestIdOf(response),
      );
    }
    if (statusCode >= 300 && statusCode < 400) throw redirected(signed.what, statusCode, headers.location, response);
    throw cosErrorOf(signed.what, response, xml);
  }

  #sign(method: string, object: CosAddress, { query = {}, headers = {}, body, signal }: CosRequest): HttpRequest {
    const { bucket, region, key, versionId, network = this.#network } = object;
    const endpoint = cosEndpoint({ bucket, region, network });
    const credentials = this.#credentials();
    const toSign: Record<string, string> = { host: endpoint.host, ...headers };
    if (credentials.sessionToken) toSign["x-cos-security-token"] = credentials.sessionToken;
    const parameters: Record<string, string> = versionId === undefined ? query : { ...query, versionId };
    const authorization = sign({ method, path: `/${key}`, query: parameters, headers: toSign }, credentials);

    const search = Object.entries(parameters).map((pair) => pair.map(percentEncode).join("="));
    const path = `/${key.split("/").map(percentEncode).join("/")}${search.length > 0 ? `?${search.join("&")}` : ""}`;
    const what = `${method} ${cosUrl(object)}`;
    return { what, method, endpoint, path, headers: { ...toSign, authorization }, body, signal };
  }
}

/** `If-Match` requires the same ETag; an answer with another one would mix two versions of an object. */
function requireSame(what: string, response: IncomingMessage, eTag: string | undefined): void {
  if (eTag === undefined || response.headers.etag === eTag) return;
  const message = `${what} must answer with the object of ETag ${eTag}, got ${response.headers.etag ?? "none"}`;
  throw new ObjectReplacedError("PreconditionFailed", message, response.statusCode, requestIdOf(response));
}

/** Size of an object that is sent whole. A body without a marked end could be cut off unnoticed. */
function sizeOfWhole(what: string, response: IncomingMessage): number | undefined {
  const { statusCode, headers } = response;
  if (statusCode !== 200) {
    const message = `${what} must answer with HTTP 200, got ${statusCode}`;
    throw new CosError(`HTTP_${statusCode}`, message, statusCode, requestIdOf(response));
  }
  if (headers["content-length"] !== undefined) return Number(headers["content-length"]);
  if (headers["transfer-encoding"]?.endsWith("chunked")) return undefined;
  throw new ServiceError("NoLength", `${what} must answer with the length of its body, got none`);
}

/** Size of an object of which the rest is sent. An answer that starts elsewhere would leave out or repeat bytes. */
function sizeOfRest(what: string, response: IncomingMessage, from: number): number | undefined {
  const { statusCode, headers } = response;
  const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  const length = headers["content-length"] ?? Number(end) - from + 1;
  const asked = statusCode === 206 && Number(start) === from && Number(length) === Number(end) - from + 1;
  if (asked) return total === "*" ? undefined : Number(total);
  const message = `${what} must answer with the bytes from ${from}, got HTTP ${statusCode} and other bytes`;
  throw new CosError("InvalidRange", message, statusCode, requestIdOf(response));
}

/** COS redirects if the bucket is elsewhere. The signature is only valid for this host, so redirects are not followed. */
function redirected(what: string, statusCode: number, location: string | undefined, response: IncomingMessage) {
  const host = /^https?:\/\/([\w.:-]+)/.exec(location ?? "")?.[1] ?? "nowhere";
  const message = `${what} must be answered by the bucket's own host, got a redirect to ${host} (HTTP ${statusCode}); check bucket and region`;
  return new CosError("Redirected", message, statusCode, requestIdOf(response));
}

/** Fact: docs/design/facts/runtime.md#reading-objects. */
function crc64Of({ headers }: IncomingMessage): string | undefined {
  const value = headers["x-cos-hash-crc64ecma"]?.toString() ?? "";
  return /^\d{1,20}$/.test(value) ? value : undefined;
}
