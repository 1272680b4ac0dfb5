import type { IncomingHttpHeaders } from "node:http";
import { jsonObject } from "./acknowledgement";
import type { Credentials } from "./credentials";
import { apiEndpoint } from "./endpoint";
import { HttpClient } from "./http";
import { publicCode, publicMessage, ServiceError } from "./service-error";
import { signTc3 } from "./tc3";

/** A product of API 3.0. */
export interface ApiProduct {
  /** Its name in the host: `scf`. */
  readonly name: string;
  /** Version of its API: `2018-04-16`. */
  readonly version: string;
}

/** An error returned by API 3.0; such errors come with HTTP 200. */
export class ApiError extends ServiceError {
  override readonly name = "ApiError";

  /** Whether the same call can succeed later. */
  override get transient(): boolean {
    return super.transient || /^(InternalError|RequestLimitExceeded|ResourcesSoldOut)\b/.test(this.code);
  }
}

/** An answer that is not in the format of API 3.0. */
export class BadAnswerError extends ServiceError {
  override readonly name = "BadAnswerError";

  /** @param answer the whole answer, which can contain secrets */
  constructor(
    what: string,
    readonly answer: string,
  ) {
    super("BadAnswer", `${what} must answer with JSON that holds Response, got something else`);
  }
}

/** Options of an {@link ApiClient}. */
export interface ApiClientOptions {
  readonly product: ApiProduct;
  readonly region: string;
  /** Called for each request. */
  readonly credentials: () => Credentials;
  /** Timeout of a request in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
}

/**
 * Tencent Cloud's API 3.0, JSON over POST, signature v3 (https://cloud.tencent.com/document/api/213/30654). Throws
 * {@link ServiceError}. Close it.
 */
export class ApiClient {
  readonly #options: ApiClientOptions;
  readonly #http: HttpClient;
  #serverTime: number | undefined;

  constructor(options: ApiClientOptions) {
    this.#options = options;
    this.#http = new HttpClient(options.timeoutMs);
  }

  /** The service's time according to its last answer, in milliseconds since 1970; undefined if no answer contained it. */
  get serverTime(): number | undefined {
    return this.#serverTime;
  }

  /** Calls an action; resolves to the contents of `Response`. */
  async call(action: string, parameters: object, signal?: AbortSignal): Promise<Record<string, unknown>> {
    const { product, region, credentials } = this.#options;
    const what = `${product.name}:${action}`;
    const endpoint = apiEndpoint(product.name);
    const body = Buffer.from(JSON.stringify(parameters));
    const headers = signedHeaders({ product, region, action, host: endpoint.host, body }, credentials());
    const request = { what, method: "POST", endpoint, path: "/", headers, body, signal };

    const response = await this.#http.send(request);
    const { statusCode = 0, headers: answered } = response;
    this.#serverTime = timeIn(answered) ?? this.#serverTime;
    if (statusCode === 200) return readAnswer(what, await this.#http.text(request, response));
    const text = publicMessage(await this.#http.explanation(request, response));
    throw new ApiError(`HTTP_${statusCode}`, `${what} failed with HTTP ${statusCode}: ${text}`, statusCode);
  }

  /** Closes every socket. */
  close(): void {
    this.#http.close();
  }
}

interface ApiRequest {
  readonly product: ApiProduct;
  readonly region: string;
  readonly action: string;
  readonly host: string;
  readonly body: Uint8Array;
}

function signedHeaders({ product, region, action, host, body }: ApiRequest, credentials: Credentials) {
  const seconds = Math.floor(Date.now() / 1000);
  const signed = { "content-type": "application/json; charset=utf-8", host, "x-tc-action": action };
  return {
    ...signed,
    authorization: signTc3({ product: product.name, headers: signed, body }, credentials, seconds),
    "content-length": String(body.byteLength),
    "x-tc-version": product.version,
    "x-tc-region": region,
    "x-tc-timestamp": String(seconds),
    ...(credentials.sessionToken && { "x-tc-token": credentials.sessionToken }),
  };
}

function timeIn({ date }: IncomingHttpHeaders): number | undefined {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function readAnswer(what: string, text: string): Record<string, unknown> {
  const response = jsonObject(text)?.Response as ApiResponse | null | undefined;
  // Every answer has an id: one without it is not from API 3.0.
  if (typeof response !== "object" || response === null || (!response.RequestId && !response.Error)) {
    throw new BadAnswerError(what, text);
  }
  if (!response.Error) return response;
  const code = publicCode(response.Error.Code) ?? "UnknownError";
  const message = publicMessage(response.Error.Message ?? "no message");
  const requestId = typeof response.RequestId === "string" ? response.RequestId : undefined;
  throw new ApiError(code, `${what} failed with ${code}: ${message}`, 200, requestId);
}

type ApiResponse = Record<string, unknown> & {
  readonly Error?: { readonly Code?: string; readonly Message?: string };
};
