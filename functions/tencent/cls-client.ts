import type { IncomingMessage } from "node:http";
import type { Network } from "../settings";
import { CLS_STORED, jsonObject, requireAcknowledged } from "./acknowledgement";
import { type Credentials, readCredentials } from "./credentials";
import { clsEndpoint } from "./endpoint";
import { HttpClient, type HttpRequest } from "./http";
import { retryAfter, ThrottledError } from "./retry-after";
import { publicCode, publicMessage } from "./service-error";
import { percentEncode, sign } from "./signature";

/** A topic to write to. */
export interface ClsTopic {
  readonly topicId: string;
  readonly region: string;
  /** @default "public" */
  readonly network?: Network;
}

/** A request that CLS refused. */
export class ClsError extends ThrottledError {
  override readonly name = "ClsError";

  override get tooLarge(): boolean {
    return super.tooLarge || this.code === "LogSizeExceed";
  }
}

/**
 * CLS's upload of structured logs, `POST /structuredlog`, for use in one invocation
 * (https://cloud.tencent.com/document/product/614/59470). Each failure is a `ServiceError`.
 */
export class ClsClient {
  readonly #http: HttpClient;
  readonly #credentials: () => Credentials;

  /** @param timeoutMs timeout of a request in milliseconds */
  constructor(timeoutMs?: number, credentials: () => Credentials = readCredentials) {
    this.#http = new HttpClient(timeoutMs);
    this.#credentials = credentials;
  }

  /** Stores logs. @param body a `LogGroupList`, compressed with raw deflate */
  async push(topic: ClsTopic, body: Uint8Array, signal?: AbortSignal): Promise<void> {
    const request = this.#sign(topic, body, signal);
    const response = await this.#http.send(request);
    if (response.statusCode !== 200) {
      throw errorOf(request.what, response, await this.#http.explanation(request, response));
    }
    const answer = await this.#http.answer(request, response);
    requireAcknowledged(request.what, CLS_STORED, answer, requestIdOf(response));
  }

  /** Closes every socket, including those of requests in progress. */
  close(): void {
    this.#http.close();
  }

  #sign({ topicId, region, network }: ClsTopic, body: Uint8Array, signal?: AbortSignal): HttpRequest {
    const endpoint = clsEndpoint({ region, network });
    const credentials = this.#credentials();
    const headers: Record<string, string> = {
      host: endpoint.host,
      "content-type": "application/x-protobuf",
      "x-cls-compress-type": "deflate",
    };
    if (credentials.sessionToken) headers["x-cls-token"] = credentials.sessionToken;
    const query = { topic_id: topicId };
    const authorization = sign({ method: "POST", path: "/structuredlog", query, headers }, credentials);
    return {
      what: `POST cls://${topicId}`,
      method: "POST",
      endpoint,
      path: `/structuredlog?topic_id=${percentEncode(topicId)}`,
      headers: { ...headers, authorization, "content-length": String(body.byteLength) },
      body,
      signal,
    };
  }
}

function errorOf(what: string, response: IncomingMessage, text: string): ClsError {
  const { statusCode = 0, headers } = response;
  const { errorcode, errormessage } = jsonObject(text) ?? {};
  const code = publicCode(typeof errorcode === "string" ? errorcode : undefined) ?? `HTTP_${statusCode}`;
  const told = publicMessage(typeof errormessage === "string" && errormessage !== "" ? errormessage : "no message");
  const message = `${what} failed with ${code} (HTTP ${statusCode}): ${told}`;
  return new ClsError(code, message, statusCode, requestIdOf(response), retryAfter(headers));
}

function requestIdOf({ headers }: IncomingMessage): string | undefined {
  return headers["x-cls-requestid"]?.toString();
}
