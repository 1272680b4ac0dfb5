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
  /** The code of an answer with HTTP 200 that is a refusal all the same; absent where the status says it all. */
  refusal?(answer: Readonly<Record<string, unknown>>): Refusal | undefined;
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
};

/**
 * Stated by WeCom's page "群机器人配置说明" (https://developer.work.weixin.qq.com/document/path/91770): text of at most 2,048
 * bytes of UTF-8, 20 messages a minute and bot. 45009, "api freq out of limit", is a refusal with HTTP 200. A request has
 * no signature: the key in the address is all there is.
 */
const WECOM: WebhookDialect = {
  limits: { items: Infinity, bytes: 2048 },
  rate: { perMinute: 20, spacingMs: 0 },
  item: (line) => cut(line, 2048),
  request: (items) => ({ body: JSON.stringify({ msgtype: "text", text: { content: items.join("\n") } }) }),
  refusal: ({ errcode, errmsg }) => refusalOf(errcode, errmsg, 45009),
};

/**
 * Stated by DingTalk's page "自定义机器人接入" (https://open.dingtalk.com/document/orgapp/custom-robot-access): 20 messages a
 * minute and bot, else it is silent for ten minutes; the signature is in the address. 130101, "send too fast, exceed 20
 * times per minute", is a refusal with HTTP 200. How long a text may be is not stated: one of 8,000 bytes is far from what
 * DingTalk takes elsewhere, 15,000.
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
  refusal: ({ errcode, errmsg }) => refusalOf(errcode, errmsg, 130101),
};

/**
 * Stated by Feishu's page "Custom bot usage guide" (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot): 100
 * messages a minute and 5 a second for each bot, a body of at most 20 KB, which 8,000 bytes stay below however JSON escapes
 * them; the signature is in the body, and signs nothing but the time. Refusals come with HTTP 200: 11232 for too many
 * messages, 9499 for a body that it cannot read, 19021, 19022 and 19024 for signature, address and keywords.
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
  refusal: ({ code, msg }) => refusalOf(code, msg, 11232),
};

/**
 * Stated by Slack's page "Rate limits" (https://docs.slack.dev/apis/web-api/rate-limits): one message a second and webhook,
 * short bursts aside, else HTTP 429 with `Retry-After`; by "Truncating really long messages"
 * (https://api.slack.com/changelog/2018-04-truncating-really-long-messages): text over 40,000 characters is cut. Every
 * refusal has an HTTP status of its own. It has no signature. The three characters that Slack reads as markup are escaped.
 */
const SLACK: WebhookDialect = {
  limits: { items: Infinity, bytes: 30_000 },
  rate: { perMinute: 60, spacingMs: SECOND_MS },
  item: (line) => escapeSlack(cut(line, 6_000)),
  request: (items) => ({ body: JSON.stringify({ text: items.join("\n") }) }),
};

export const DIALECTS: Readonly<Record<WebhookFormat, WebhookDialect>> = {
  json: JSON_DIALECT,
  wecom: WECOM,
  dingtalk: DINGTALK,
  feishu: FEISHU,
  slack: SLACK,
};

/** What services say beside codes that they document nowhere, where the same request may succeed later. */
const TOO_SOON = /too (many|fast)|freq|busy/i;

/** A code of 0, or none, is a success. The service's text is looked at, and never handed on: it may repeat the address. */
function refusalOf(code: unknown, text: unknown, throttled: number): Refusal | undefined {
  if (typeof code !== "number" || code === 0) return undefined;
  return { code: String(code), throttled: code === throttled || TOO_SOON.test(String(text)) };
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
