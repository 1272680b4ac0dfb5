import type { IncomingHttpHeaders } from "node:http";
import type { WebhookFormat } from "../settings";
import {
  type Acknowledgement,
  isPage,
  jsonObject,
  named,
  NOT_ACKNOWLEDGED,
  notUnderstood,
  type Refusal,
} from "../tencent/acknowledgement";
import type { ParcelLimits } from "./batcher";
import type { Rate } from "./rate-limit";
import { builtin } from "../tencent/builtin";

/** A request of a webhook, without its address. */
export interface WebhookRequest {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Added to the address. */
  readonly query?: Readonly<Record<string, string>>;
}

/** A record as written in a request. */
export interface WebhookItem {
  readonly text: string;
  /** Whether it is only the start of the record. */
  readonly isCut: boolean;
}

/** The protocol of one kind of webhook. */
export interface WebhookDialect {
  /** Limits of one request; bytes are those of its items. */
  readonly limits: ParcelLimits;
  readonly rate?: Rate;
  /** Converts a record to an item; throws `TypeError` if that is impossible. @param line its JSON @param id its `log_id` */
  item(line: string, id: string): WebhookItem;
  /** The unsigned JSON body for some items. */
  body(items: readonly string[]): string;
  /**
   * The request for a body, of items or of any other form that the service accepts.
   *
   * @param secret signs the request, if given @param now milliseconds since the epoch
   */
  signed(body: string, secret: string | undefined, now: number): WebhookRequest;
  /** How its service acknowledges a request, in addition to a success status. */
  readonly acknowledgement: Acknowledgement;
}

const MAX_JSON_BYTES = 1024 * 1024;
const SECOND_MS = 1000;

const PAGE_TYPE = /^\s*(?:text\/html\b|application\/xhtml\+xml\b)/i;

/** Milliseconds for which the body of an answer without a content type is examined: pages usually have a type. */
const UNTYPED_MS = 100;

/** The start of text that is not a page. */
const NO_PAGE = /^\s*[^\s<]/;

/**
 * A user's own receiver acknowledges a request with its HTTP status. An HTML page with a success status comes from a proxy
 * or a sign-in page. So an answer of type HTML only counts if its body is empty or plain text. An answer of another type
 * counts by its status, and so does one without a type, unless its body arrives with it and is a page.
 */
const BY_STATUS: Acknowledgement = {
  form: "an HTTP status of success, and no page of HTML",
  isDecided: (statusCode, headers) => {
    const type = headers["content-type"]?.trim() ?? "";
    return statusCode >= 300 || headers["content-length"] === "0" || (type !== "" && !PAGE_TYPE.test(type));
  },
  isEnough: (start) => NO_PAGE.test(start),
  waitMs: (headers) => (saysToBePage(headers) ? 2 * SECOND_MS : UNTYPED_MS),
  refusal({ headers, text, isWhole }) {
    const isShown = isWhole || NO_PAGE.test(text) || !saysToBePage(headers);
    if (isPage(text)) return notUnderstood(text);
    return isShown ? undefined : { code: NOT_ACKNOWLEDGED, got: "what may be the start of a page of HTML" };
  },
};

function saysToBePage(headers: IncomingHttpHeaders): boolean {
  return PAGE_TYPE.test(headers["content-type"] ?? "");
}

/**
 * A JSON array of the records, each with `log_id`. Signed with `X-Logs-Signature: sha256=HEX`, HMAC-SHA256 over
 * `TIMESTAMP.BODY`; the timestamp, in seconds, is in `X-Logs-Timestamp`.
 */
const JSON_DIALECT: WebhookDialect = {
  // Each item counts with its comma; the brackets take one byte more than the last comma.
  limits: { items: Infinity, bytes: MAX_JSON_BYTES - 1 },
  item: withId,
  body: (items) => `[${items.join(",")}]`,
  signed(body, secret, now) {
    if (secret === undefined) return { body };
    const timestamp = String(Math.floor(now / SECOND_MS));
    const signature = builtin("node:crypto").createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    return { body, headers: { "x-logs-timestamp": timestamp, "x-logs-signature": `sha256=${signature}` } };
  },
  acknowledgement: BY_STATUS,
};

/**
 * According to WeCom's page "群机器人配置说明" (https://developer.work.weixin.qq.com/document/path/91770): text of at most 2,048
 * bytes of UTF-8, and 20 messages per minute and bot. 45009, "api freq out of limit", is a refusal with HTTP 200. Requests
 * are not signed: the key in the address is the only credential.
 */
const WECOM: WebhookDialect = {
  limits: { items: Infinity, bytes: 2048 },
  rate: { perMinute: 20, spacingMs: 0 },
  item: (line) => cut(line, 2048),
  body: (items) => JSON.stringify({ msgtype: "text", text: { content: items.join("\n") } }),
  signed: (body) => ({ body }),
  acknowledgement: coded("errcode", "errmsg", "45009"),
};

/**
 * According to DingTalk's page "自定义机器人接入" (https://open.dingtalk.com/document/orgapp/custom-robot-access): 20 messages per
 * minute and bot, otherwise it is blocked for ten minutes; the signature is in the address. 130101, "send too fast, exceed
 * 20 times per minute", is a refusal with HTTP 200. The maximum length of a text is not stated: 8,000 bytes are far below
 * DingTalk's limit elsewhere, 15,000.
 */
const DINGTALK: WebhookDialect = {
  limits: { items: Infinity, bytes: 8_000 },
  rate: { perMinute: 20, spacingMs: 0 },
  item: (line) => cut(line, 8_000),
  body: (items) => JSON.stringify({ msgtype: "text", text: { content: items.join("\n") } }),
  signed(body, secret, now) {
    if (secret === undefined) return { body };
    const sign = builtin("node:crypto").createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64");
    return { body, query: { timestamp: String(now), sign } };
  },
  acknowledgement: coded("errcode", "errmsg", "130101"),
};

const FEISHU_NEW = coded("code", "msg", "11232");
const FEISHU_OLD = coded("StatusCode", "StatusMessage", "11232");

/**
 * According to Feishu's page "Custom bot usage guide" (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot):
 * 100 messages a minute and 5 a second for each bot, and a body of at most 20 KB, which 8,000 bytes never exceed, even with
 * JSON escapes. The signature is in the body, and signs only the time. Refusals come with HTTP 200: 11232 for too many
 * messages, 9499 for an unreadable body, 19021, 19022 and 19024 for signature, address and keywords.
 */
const FEISHU: WebhookDialect = {
  limits: { items: Infinity, bytes: 8_000 },
  rate: { perMinute: 100, spacingMs: SECOND_MS / 5 },
  item: (line) => cut(line, 8_000),
  body: (items) => JSON.stringify({ msg_type: "text", content: { text: items.join("\n") } }),
  signed(body, secret, now) {
    if (secret === undefined) return { body };
    const timestamp = String(Math.floor(now / SECOND_MS));
    const sign = builtin("node:crypto").createHmac("sha256", `${timestamp}\n${secret}`).digest("base64");
    return { body: `${JSON.stringify({ timestamp, sign }).slice(0, -1)},${body.slice(1)}` };
  },
  acknowledgement: {
    form: '{"code":0} or {"StatusCode":0}',
    refusal(answer) {
      const { code, StatusCode } = jsonObject(answer.text) ?? {};
      // The older format; an answer can contain both.
      if (code === undefined || (code === 0 && StatusCode !== undefined)) return FEISHU_OLD.refusal(answer);
      return FEISHU_NEW.refusal(answer);
    },
  },
};

/**
 * According to Slack's page "Rate limits" (https://docs.slack.dev/apis/web-api/rate-limits): one message per second and
 * webhook, except short bursts, otherwise HTTP 429 with `Retry-After`. According to "Truncating really long messages"
 * (https://api.slack.com/changelog/2018-04-truncating-really-long-messages), text over 40,000 characters is truncated.
 * Every refusal has its own HTTP status. There is no signature. The three characters that Slack reads as markup are
 * escaped.
 */
const SLACK: WebhookDialect = {
  limits: { items: Infinity, bytes: 30_000 },
  rate: { perMinute: 60, spacingMs: SECOND_MS },
  item(line) {
    const { text, isCut } = cut(line, 6_000);
    return { text: escapeSlack(text), isCut };
  },
  body: (items) => JSON.stringify({ text: items.join("\n") }),
  signed: (body) => ({ body }),
  acknowledgement: {
    form: "the text ok",
    refusal({ text }) {
      if (text.trim() === "ok") return undefined;
      // Its refusals are single words: `invalid_token`, `no_text`, `channel_is_archived`.
      return (/^[a-z_]{3,60}$/.test(text.trim()) && named(text.trim(), undefined)) || notUnderstood(text);
    },
  },
};

export const DIALECTS: Readonly<Record<WebhookFormat, WebhookDialect>> = {
  json: JSON_DIALECT,
  wecom: WECOM,
  dingtalk: DINGTALK,
  feishu: FEISHU,
  slack: SLACK,
};

/** Messages, with undocumented codes, after which the same request can succeed later. */
const TOO_SOON = /too (many|fast)|freq|busy/i;

/** Messages after which a shorter text can succeed. */
const TOO_LONG = /too (long|large)|exceed\w* (max\w* )?(length|size)/i;

/** The acknowledgement of a bot: JSON whose code is the number 0. @param throttled the code for too many messages */
function coded(codeName: string, messageName: string, throttled: string): Acknowledgement {
  return {
    form: JSON.stringify({ [codeName]: 0 }),
    refusal({ text }): Refusal | undefined {
      const answer = jsonObject(text);
      if (!answer) return notUnderstood(text);
      const { [codeName]: code, [messageName]: told, wait } = answer;
      if (code === 0) return undefined;
      const refusal = named(code, told);
      // DingTalk's flood protection does not answer in the bot's format, but says how many seconds it lasts.
      if (!refusal || code === "0") {
        return {
          ...notUnderstood(text),
          ...(typeof wait === "number" && wait > 0 && { retryAfterMs: wait * SECOND_MS }),
        };
      }
      const words = refusal.told ?? "";
      return {
        ...refusal,
        throttled: refusal.code === throttled || TOO_SOON.test(words),
        tooLarge: TOO_LONG.test(words),
      };
    },
  };
}

/**
 * A record as JSON with its `log_id`, without leading whitespace. The record's own `log_id` comes after ours, and the last
 * one counts.
 *
 * @throws TypeError if the line is not a JSON object: it would break the body for all of its records
 */
function withId(line: string, id: string): WebhookItem {
  const object = jsonObject(line);
  if (!object) throw new TypeError("its line must be a JSON object, got something else");
  const rest = line.slice(line.indexOf("{") + 1);
  return { text: `{"log_id":"${id}"${Object.keys(object).length === 0 ? "" : ","}${rest}`, isCut: false };
}

/** Messages are read by people: a record that does not fit into one is truncated. */
function cut(line: string, maxBytes: number): WebhookItem {
  const bytes = Buffer.from(line);
  if (bytes.length <= maxBytes) return { text: line, isCut: false };
  const mark = "…";
  const head = bytes.subarray(0, maxBytes - Buffer.byteLength(mark)).toString();
  return { text: head.replace(/\ufffd$/u, "") + mark, isCut: true };
}

function escapeSlack(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
