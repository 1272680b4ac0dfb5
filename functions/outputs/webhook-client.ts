import type { IncomingMessage } from "node:http";
import { objectIn } from "../runtime/checked-json";
import type { Endpoint } from "../tencent/endpoint";
import type { HttpClient } from "../tencent/http";
import { retryAfter, ThrottledError } from "../tencent/retry-after";
import { ServiceError } from "../tencent/service-error";
import { SecretError } from "./secret";
import type { WebhookDialect, WebhookRequest } from "./webhook-format";

/** A POST to a webhook. */
export interface WebhookPost {
  /** What errors call the address: the name of its variable. */
  readonly name: string;
  /** The address; it is a secret. */
  readonly url: string;
  readonly request: WebhookRequest;
  readonly dialect: Pick<WebhookDialect, "refusal" | "rate">;
  readonly signal: AbortSignal;
}

const MINUTE_MS = 60_000;

/** A refusal of a webhook. */
export class WebhookError extends ThrottledError {
  override readonly name = "WebhookError";

  constructor(
    code: string,
    message: string,
    readonly throttled: boolean,
    statusCode?: number,
    retryAfterMs?: number,
  ) {
    super(code, message, statusCode, undefined, retryAfterMs);
  }

  override get transient(): boolean {
    return this.throttled || super.transient;
  }
}

/**
 * Sends a request; resolves when the service took it. Neither the address nor the body of an answer, which may repeat it,
 * stands in an error: each is a `ServiceError` of a code.
 */
export async function postToWebhook(http: HttpClient, post: WebhookPost): Promise<void> {
  const { name, request, signal } = post;
  const target = targetOf(name, post.url, request.query);
  const body = Buffer.from(request.body);
  const sent = {
    what: `POST to ${name}`,
    method: "POST",
    ...target,
    headers: {
      host: target.endpoint.host,
      "content-type": "application/json; charset=utf-8",
      "content-length": String(body.byteLength),
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
  requireTaken(post, response, await http.explanation(sent, response));
}

function requireTaken(
  { name, dialect }: WebhookPost,
  { statusCode = 0, headers, complete }: IncomingMessage,
  text: string,
): void {
  const what = `POST to ${name}`;
  if (statusCode < 200 || statusCode >= 300) {
    const message = `${what} failed with HTTP ${statusCode}`;
    throw new WebhookError(`HTTP_${statusCode}`, message, false, statusCode, retryAfter(headers));
  }
  if (!dialect.refusal) return;
  if (!complete) throw new ServiceError("ECONNRESET", `${what} got a part of its answer`);
  const refused = dialect.refusal(objectIn(text) ?? {});
  if (!refused) return;
  const message = `${what} failed with code ${refused.code}`;
  // What counts requests by the minute takes the next one when that minute is over.
  const retryAfterMs = refused.throttled && dialect.rate ? MINUTE_MS : undefined;
  throw new WebhookError(refused.code, message, refused.throttled, statusCode, retryAfterMs);
}

function targetOf(
  name: string,
  secret: string,
  query: Readonly<Record<string, string>> = {},
): { endpoint: Endpoint; path: string } {
  const url = urlOf(secret);
  const protocol = url?.protocol;
  if (!url || (protocol !== "https:" && protocol !== "http:")) {
    throw new SecretError(`${name} must be an address that begins with https:// or http://, got something else`);
  }
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (protocol === "https:" ? 443 : 80));
  return { endpoint: { protocol, hostname, port, host: url.host }, path: url.pathname + url.search };
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
