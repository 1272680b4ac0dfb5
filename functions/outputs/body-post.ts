import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { isPage, NOT_ACKNOWLEDGED } from "../tencent/acknowledgement";
import { builtin } from "../tencent/builtin";
import type { HttpClient, HttpRequest } from "../tencent/http";
import { retryAfter, ThrottledError } from "../tencent/retry-after";
import { publicMessage, ServiceError } from "../tencent/service-error";
import { repeats } from "./repeats";
import { readSecret, SecretError } from "./secret";
import type { WebhookTarget } from "./webhook-target";

/** A POST of records to a user's server. */
export interface BodyPost {
  /** Name of the address in errors: the name of its variable. */
  readonly name: string;
  readonly target: WebhookTarget;
  /** Sent in addition to the headers that the address requires; can contain secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly compression: "gzip" | "none";
  /** Maximum bytes of an answer to a successful request. */
  readonly maxAnswerBytes: number;
  readonly signal: AbortSignal;
}

/** A complete answer, or of a refusal as much as arrived in time. */
export interface PostAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Bytes of the request's body as sent. */
  readonly sentBytes: number;
}

/** For logs, level 4 makes bodies 5 % larger than zlib's default, in two thirds of the time. */
const PACKED = { level: 4, memLevel: 9 };

/**
 * Sends a request; resolves with the answer, whatever its status. Errors are `ServiceError`s with a code and contain
 * neither the address nor a header.
 */
export async function postBody(http: HttpClient, post: BodyPost): Promise<PostAnswer> {
  const { name, target, signal } = post;
  const body = post.compression === "gzip" ? await packed(post.body) : post.body;
  const request: HttpRequest = {
    what: `POST to ${name}`,
    method: "POST",
    endpoint: target.endpoint,
    path: target.path,
    headers: {
      ...(target.authorization !== undefined && { authorization: target.authorization }),
      ...post.headers,
      host: target.endpoint.host,
      "content-length": String(body.length),
      ...(post.compression === "gzip" && { "content-encoding": "gzip" }),
    },
    body,
    signal,
  };
  try {
    const response = await http.send(request);
    const { statusCode = 0, headers } = response;
    const isSuccess = statusCode >= 200 && statusCode < 300;
    const answer = isSuccess
      ? await http.whole(request, response, post.maxAnswerBytes)
      : Buffer.from(await http.explanation(request, response));
    return { statusCode, headers, body: answer, sentBytes: body.length };
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as ServiceError;
    throw new ServiceError(code, `${request.what} got no whole answer: ${code}`);
  }
}

function packed(body: Buffer): Promise<Buffer> {
  return promisify(builtin("node:zlib").gzip)(body, PACKED);
}

/** Details in a refusal. */
interface Told {
  readonly code?: string;
  /** The service's message. */
  readonly words?: string;
}

/** A request that was refused as a whole. */
export class PostError extends ThrottledError {
  override readonly name = "PostError";
  readonly #isTransient: boolean;

  /** @param isTransient whether this status means that the same request can succeed later */
  constructor(
    { name, body }: Pick<BodyPost, "name" | "body">,
    { statusCode, headers }: PostAnswer,
    { code, words }: Told,
    isTransient: boolean,
  ) {
    const shown = publicWords(words ?? "", body);
    const named = code === undefined ? "" : ` and code ${code}`;
    const message = `POST to ${name} failed with HTTP ${statusCode}${named}${shown}`;
    super(code ?? `HTTP_${statusCode}`, message, statusCode, undefined, retryAfter(headers));
    this.#isTransient = isTransient;
  }

  override get transient(): boolean {
    return this.#isTransient;
  }
}

/** A success status without an acknowledgement: the outcome is unknown, so the request is sent again. */
export function notAcknowledged(name: string, form: string, body: Buffer): ServiceError {
  const text = body.toString("utf8", 0, 1000);
  const got = body.length === 0 ? "an empty body" : isPage(text) ? "a page of HTML" : "something else";
  return new ServiceError(NOT_ACKNOWLEDGED, `POST to ${name} must be acknowledged with ${form}, got ${got}`);
}

/** The service's message, to be appended to our own; empty if it repeats the request. */
export function publicWords(words: string, body: Buffer): string {
  return words === "" || repeats(words, body) ? "" : `: ${publicMessage(words)}`;
}

/** Characters that are allowed in a header's value (RFC 9110, 5.5). */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A secret that is sent in a header. @throws SecretError if a header cannot contain it */
export function readHeaderSecret(name: string): string {
  const value = readSecret(name);
  if (HEADER_VALUE.test(value)) return value;
  throw new SecretError(
    `${name} must be what a header may hold, got characters that it may not; look for line ends in it`,
  );
}
