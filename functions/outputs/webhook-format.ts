import type { WebhookFormat } from "../settings";
import type { ParcelLimits } from "./batcher";
import type { Rate } from "./rate-limit";
import { builtin } from "../tencent/builtin";

/** A request of a webhook, but for its address. */
export interface WebhookRequest {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Added to the address. */
  readonly query?: Readonly<Record<string, string>>;
}

/** How one kind of webhook is spoken to. */
export interface WebhookDialect {
  /** Limits of one request; bytes are those of its items. */
  readonly limits: ParcelLimits;
  readonly rate?: Rate;
  /** The item of a record. @param line its JSON @param id its `log_id` */
  item(line: string, id: string): string;
  /** @param secret signs the request, where there is one @param now milliseconds since the epoch */
  request(items: readonly string[], secret: string | undefined, now: number): WebhookRequest;
  /** The code of an answer with HTTP 200 that is a refusal all the same. */
  refusal(answer: Readonly<Record<string, unknown>>): Refusal | undefined;
}

/** A refusal that stands in the body of an answer. */
export interface Refusal {
  readonly code: string;
  /** Whether the request came too soon. */
  readonly throttled: boolean;
}

const MAX_JSON_BYTES = 1024 * 1024;
const SECOND_MS = 1000;

/**
 * A JSON array of the records, each with `log_id`. Signed with `X-Logs-Signature: sha256=HEX`, HMAC-SHA256 over
 * `TIMESTAMP.BODY`; the timestamp, in seconds, is in `X-Logs-Timestamp`.
 */
const JSON_DIALECT: WebhookDialect = {
  limits: { items: Infinity, bytes: MAX_JSON_BYTES },
  // A log_id of its own stands behind ours, and the last one counts.
  item: (line, id) => `{"log_id":"${id}"${/^\{\s*\}/.test(line) ? "" : ","}${line.trimStart().slice(1)}`,
  request(items, secret, now) {
    const body = `[${items.join(",")}]`;
    if (secret === undefined) return { body };
    const timestamp = String(Math.floor(now / SECOND_MS));
    const signature = builtin("node:crypto").createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    return { body, headers: { "x-logs-timestamp": timestamp, "x-logs-signature": `sha256=${signature}` } };
  },
  refusal: () => undefined,
};

/**
 * Text of at most 2,048 bytes, 20 messages a minute and bot
 * (https://developer.work.weixin.qq.com/document/path/91770). It has no signature.
 */
const WECOM: WebhookDialect = {
  limits: { items: Infinity, bytes: 2048 },
  rate: { perMinute: 20, spacingMs: 0 },
  item: (line) => cut(line, 2048),
  request: (items) => ({ body: JSON.stringify({ msgtype: "text", text: { content: items.join("\n") } }) }),
  refusal: ({ errcode }) => refusalOf(errcode, [45009, -1]),
};

/**
 * At most 20 messages a minute and bot, else it is silent for ten; a body of at most 20,000 bytes. The signature is in
 * the address (https://open.dingtalk.com/document/orgapp/custom-robot-access).
 */
const DINGTALK: WebhookDialect = {
  limits: { items: Infinity, bytes: 8_000 },
  rate: { perMinute: 20, spacingMs: 0 },
  item: (line) => cut(line, 8_000),
  request(items, secret, now) {
    const body = JSON.stringify({ msgtype: "text", text: { content: items.join("\n") } });
    if (secret === undefined) return { body };
    const sign = builtin("node:crypto").createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64");
    return { body, query: { timestamp: String(now), sign } };
  },
  refusal: ({ errcode }) => refusalOf(errcode, [130101, 410100, -1]),
};

/**
 * At most 100 messages a minute and 5 a second, a body of at most 20 KB. The signature is in the body, and signs nothing
 * but the time (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot).
 */
const FEISHU: WebhookDialect = {
  limits: { items: Infinity, bytes: 8_000 },
  rate: { perMinute: 100, spacingMs: SECOND_MS / 5 },
  item: (line) => cut(line, 8_000),
  request(items, secret, now) {
    const message = { msg_type: "text", content: { text: items.join("\n") } };
    if (secret === undefined) return { body: JSON.stringify(message) };
    const timestamp = String(Math.floor(now / SECOND_MS));
    const sign = builtin("node:crypto").createHmac("sha256", `${timestamp}\n${secret}`).digest("base64");
    return { body: JSON.stringify({ timestamp, sign, ...message }) };
  },
  refusal: ({ code }) => refusalOf(code, [9499, 11232]),
};

/**
 * One message a second (https://docs.slack.dev/apis/web-api/rate-limits); text over 40,000 characters would be cut. It
 * has no signature. The three characters that Slack reads as markup are escaped.
 */
const SLACK: WebhookDialect = {
  limits: { items: Infinity, bytes: 30_000 },
  rate: { perMinute: 60, spacingMs: SECOND_MS },
  item: (line) => escapeSlack(cut(line, 6_000)),
  request: (items) => ({ body: JSON.stringify({ text: items.join("\n") }) }),
  refusal: () => undefined,
};

export const DIALECTS: Readonly<Record<WebhookFormat, WebhookDialect>> = {
  json: JSON_DIALECT,
  wecom: WECOM,
  dingtalk: DINGTALK,
  feishu: FEISHU,
  slack: SLACK,
};

/** A code of 0, or none, is a success. */
function refusalOf(code: unknown, throttled: readonly number[]): Refusal | undefined {
  if (typeof code !== "number" || code === 0) return undefined;
  return { code: String(code), throttled: throttled.includes(code) };
}

/** A message is read by people: of a record that does not fit into one its start is sent. */
function cut(line: string, maxBytes: number): string {
  const bytes = Buffer.from(line);
  if (bytes.length <= maxBytes) return line;
  const mark = "…";
  const head = bytes.subarray(0, maxBytes - Buffer.byteLength(mark)).toString();
  return head.replace(/\ufffd$/u, "") + mark;
}

function escapeSlack(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
