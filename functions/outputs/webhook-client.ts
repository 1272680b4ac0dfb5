import type { IncomingMessage } from "node:http";
import type { Refusal } from "../tencent/acknowledgement";
import type { HttpClient, HttpRequest } from "../tencent/http";
import { retryAfter, ThrottledError } from "../tencent/retry-after";
import { publicMessage, ServiceError } from "../tencent/service-error";
import { repeats } from "./repeats";
import type { WebhookDialect, WebhookRequest } from "./webhook-format";
import { targetOf } from "./webhook-target";

/** A POST to a webhook. */
export interface WebhookPost {
  /** Name of the address in errors: the name of its variable. */
  readonly name: string;
  /** The address; it is a secret. */
  readonly url: string;
  readonly request: WebhookRequest;
  readonly dialect: Pick<WebhookDialect, "acknowledgement" | "rate">;
  readonly signal: AbortSignal;
  /** Removes secrets that only this process knows from the service's message. @default nothing */
  readonly mask?: (text: string) => string;
}

const MINUTE_MS = 60_000;

/** A refusal of a webhook. */
export class WebhookError extends ThrottledError {
  override readonly name = "WebhookError";
  readonly #refusal: Partial<Refusal>;

  constructor(code: string, message: string, refusal: Partial<Refusal>, statusCode?: number, retryAfterMs?: number) {
    super(code, message, statusCode, undefined, retryAfterMs);
    this.#refusal = refusal;
  }

  /** An answer that was not understood can be different the next time. */
  override get transient(): boolean {
    return this.#refusal.throttled === true || this.#refusal.got !== undefined || super.transient;
  }

  override get tooLarge(): boolean {
    return this.#refusal.tooLarge === true || super.tooLarge;
  }
}

/**
 * Sends a request; resolves when the service accepted it. Errors are `ServiceError`s with a code. They contain neither the
 * address nor text of the request, which the service can repeat.
 */
export async function postToWebhook(http: HttpClient, post: WebhookPost): Promise<void> {
  const { name, request, signal } = post;
  const target = targetOf(name, post.url, request.query);
  const body = Buffer.from(request.body);
  const sent: HttpRequest = {
    what: `POST to ${name}`,
    method: "POST",
    endpoint: target.endpoint,
    path: target.path,
    headers: {
      host: target.endpoint.host,
      "content-type": "application/json; charset=utf-8",
      "content-length": String(body.byteLength),
      ...(target.authorization !== undefined && { authorization: target.authorization }),
      ...request.headers,
    },
    body,
    signal,
  };
  let response: IncomingMessage;
  try {
    response = await http.send(sent);
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as ServiceError;
    throw new ServiceError(code, `${sent.what} got no answer: ${code}`);
  }
  await requireTaken(http, sent, response, post);
}

/** Resolves if the answer is the service's acknowledgement; otherwise throws {@link WebhookError}. */
async function requireTaken(http: HttpClient, sent: HttpRequest, response: IncomingMessage, post: WebhookPost) {
  const { statusCode = 0, headers } = response;
  const { acknowledgement } = post.dialect;
  const isSuccess = statusCode >= 200 && statusCode < 300;
  let refusal: Refusal | undefined;
  if (acknowledgement.isDecided?.(statusCode, headers)) {
    // A body without further information is not awaited.
    http.ignoreBody(response);
  } else if (isSuccess && !acknowledgement.isDecided) {
    refusal = acknowledgement.refusal(await http.answer(sent, response));
  } else {
    const waitMs = acknowledgement.waitMs?.(headers);
    const text = await http.explanation(sent, response, acknowledgement.isEnough, waitMs);
    refusal = acknowledgement.refusal({ statusCode, headers, text, isWhole: response.complete });
  }
  if (isSuccess && !refusal) return;
  throw isSuccess && refusal ? refusedBy(post, refusal, statusCode) : failedWith(post, refusal, response);
}

/** An HTTP error status. The body adds details if it is in the service's own format. */
function failedWith({ name, ...post }: WebhookPost, refusal: Refusal | undefined, response: IncomingMessage) {
  const { statusCode = 0, headers } = response;
  const named = refusal?.got === undefined ? refusal : undefined;
  const words = named ? ` and code ${wordsOf(named, post)}` : "";
  const message = `POST to ${name} failed with HTTP ${statusCode}${words}`;
  return new WebhookError(`HTTP_${statusCode}`, message, named ?? {}, statusCode, retryAfter(headers));
}

/** A success status without an acknowledgement. */
function refusedBy({ name, dialect, ...post }: WebhookPost, refusal: Refusal, statusCode: number) {
  const { form } = dialect.acknowledgement;
  const message =
    refusal.got === undefined
      ? `POST to ${name} failed with code ${wordsOf(refusal, post)}`
      : `POST to ${name} must be acknowledged with ${form}, got ${refusal.got}`;
  // A service that limits requests per minute accepts the next one when that minute is over.
  const minuteMs = refusal.throttled && dialect.rate ? MINUTE_MS : undefined;
  return new WebhookError(refusal.code, message, refusal, statusCode, refusal.retryAfterMs ?? minuteMs);
}

/** The service's code and message, without the message if it quotes the request. */
function wordsOf({ code, told }: Refusal, { request, mask }: Pick<WebhookPost, "request" | "mask">): string {
  if (told === undefined || repeats(told, request.body)) return code;
  return `${code}: ${publicMessage(mask ? mask(told) : told)}`;
}
