import type { IncomingHttpHeaders } from "node:http";
import { publicCode, publicMessage, ServiceError } from "./service-error";

/** An answer with a success status, as far as it was read. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Whether it is complete, so that the text is all of it. */
  readonly isWhole: boolean;
}

/** The contents of an answer that is not an acknowledgement. */
export interface Refusal {
  /** The service's code; our own if the answer was not understood. */
  readonly code: string;
  /** The service's message, which can repeat secrets or records; undefined if the answer was not understood. */
  readonly told?: string;
  /** What was received in place of an acknowledgement, if the answer was not understood. */
  readonly got?: string;
  /** Whether the request came too soon, or the service was busy. */
  readonly throttled?: boolean;
  /** Whether the request was too large. */
  readonly tooLarge?: boolean;
  /** Milliseconds after which the service accepts requests again, if it told. */
  readonly retryAfterMs?: number;
}

/**
 * The answer with which one kind of service confirms that it has done what was requested. Nothing else counts, whatever its
 * HTTP status: an answer that is not understood can be a page of a proxy, an incomplete answer, or a refusal in a new form.
 */
export interface Acknowledgement {
  /** Description of the only valid acknowledgement. */
  readonly form: string;
  /** Whether the status and the headers are sufficient, so that the body is not awaited. @default never */
  isDecided?(statusCode: number, headers: IncomingHttpHeaders): boolean;
  /** Whether the start of a body shows that the rest is irrelevant. @default never */
  isEnough?(start: string): boolean;
  /** Milliseconds for which the body is awaited. @default 2000 */
  waitMs?(headers: IncomingHttpHeaders): number;
  /** The refusal in an answer; undefined if it is an acknowledgement. */
  refusal(answer: Answer): Refusal | undefined;
}

/** Code of an answer that was not understood. */
export const NOT_ACKNOWLEDGED = "NotAcknowledged";

/*
 * Required proof of success, by request. Facts: docs/design/facts/runtime.md#what-an-answer-proves.
 *
 * | request         | counts as done                                                       |
 * | --------------- | -------------------------------------------------------------------- |
 * | COS: `PUT`      | HTTP 200, and a complete answer without a body                       |
 * | COS: `DELETE`   | HTTP 204 or 200, the same; or COS's code that the object is missing  |
 * | CLS: an upload  | HTTP 200, and the same, or JSON with only a request id               |
 * | CKafka          | the broker's code 0 for the partition (parts/out-kafka)              |
 * | API 3.0         | `Response` with `RequestId`, and no `Error` (api-client)             |
 * | a bot           | its code 0, or its `ok` (outputs/webhook-format)                     |
 * | another webhook | HTTP 2xx, and no page of HTML with it (outputs/webhook-format)       |
 *
 * COS's ETag and CLS's request id prove that the service itself answered, but are not required: according to the
 * documentation every answer has them, but a user's gateway can strip headers, and then nothing could be written at all. If
 * they are missing, headers must mark the end of the body: a body that ends with the connection can be an error that was
 * cut off before its first byte.
 */

/** COS's answer to writing an object. An answer that begins with a success can contain an error nevertheless. */
export const COS_STORED: Acknowledgement = bare([200], "etag");

/** COS's answer to deleting an object. */
export const COS_DELETED: Acknowledgement = bare([204, 200], "x-cos-request-id");

const CLS_BARE = bare([200], "x-cls-requestid");

/** CLS's answer to an upload. JSON with only a request id counts as an empty body. */
export const CLS_STORED: Acknowledgement = {
  form: CLS_BARE.form,
  refusal(answer) {
    const { headers, text } = answer;
    const said = jsonObject(text);
    if (!said) return CLS_BARE.refusal(answer);
    const { errorcode, errormessage } = said;
    const saysMore = Object.keys(said).some((name) => !/^request_?id$/i.test(name));
    if (!saysMore && headers["x-cls-requestid"]) return CLS_BARE.refusal({ ...answer, text: "" });
    return named(errorcode, errormessage) ?? notUnderstood(text);
  },
};

/** An acknowledgement without a body. @param proof header that only the service itself sends */
function bare(statusCodes: readonly number[], proof: string): Acknowledgement {
  return {
    form: `HTTP ${statusCodes.join(" or ")} and an empty body`,
    refusal({ statusCode, headers, text }) {
      if (text !== "") return notUnderstood(text);
      if (!statusCodes.includes(statusCode)) return { code: NOT_ACKNOWLEDGED, got: `HTTP ${statusCode}` };
      const isWhole = headers["content-length"] === "0" || headers["transfer-encoding"] !== undefined;
      if (headers[proof] || isWhole || statusCode === 204) return undefined;
      return { code: NOT_ACKNOWLEDGED, got: "one that may be cut off" };
    },
  };
}

/** The refusal for an answer that is not in any format of its service. */
export function notUnderstood(text: string): Refusal {
  return { code: NOT_ACKNOWLEDGED, got: describe(text) };
}

/** A refusal with a code of the service, as a number or a text; undefined if the code is not valid. */
export function named(code: unknown, told: unknown): Refusal | undefined {
  const known = typeof code === "number" || typeof code === "string" ? publicCode(String(code)) : undefined;
  if (known === undefined) return undefined;
  return { code: known, ...(typeof told === "string" && told !== "" && { told }) };
}

/** Whether a text begins like an HTML page, after any declarations and comments. */
export function isPage(text: string): boolean {
  return /^(?:\s|<\?[^>]*>|<!--(?:(?!-->)[^])*-->)*<(?:!doctype\s+html|html|head|body)\b/i.test(text);
}

/** The object in a JSON text, if it is one. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Describes what a text looks like; of its contents it only repeats names that are words. */
function describe(text: string): string {
  if (text.trim() === "") return "an empty body";
  if (isPage(text)) return "a page of HTML";
  if (/^\s*</.test(text)) return "XML";
  const object = jsonObject(text);
  if (object) {
    const names = Object.keys(object).filter((name) => /^[A-Za-z_]{1,30}$/.test(name));
    return `JSON with ${names.slice(0, 6).join(", ") || "other fields"}`;
  }
  return /^\s*[[{]/.test(text) ? "other JSON, or half of it" : "another text";
}

/** Describes the failure of a request from its answer. @param what description of the request: `PUT cos://bucket/key` */
export function refusalText(what: string, { form }: Acknowledgement, { code, told, got }: Refusal): string {
  if (got !== undefined) return `${what} must be acknowledged with ${form}, got ${got}`;
  return `${what} failed with code ${code}${told === undefined ? "" : `: ${publicMessage(told)}`}`;
}

/** @throws ServiceError unless the answer is the acknowledgement; it is transient, because the outcome is unknown */
export function requireAcknowledged(
  what: string,
  acknowledgement: Acknowledgement,
  answer: Answer,
  requestId?: string,
): void {
  const refusal = acknowledgement.refusal(answer);
  if (!refusal) return;
  const text = refusalText(what, acknowledgement, refusal);
  throw new ServiceError(refusal.code, text, undefined, requestId);
}
