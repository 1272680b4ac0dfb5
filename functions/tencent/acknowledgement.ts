import type { IncomingHttpHeaders } from "node:http";
import { publicCode, publicMessage, ServiceError } from "./service-error";

/** An answer whose HTTP status is a success, as far as it was read. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Whether it came to its end, so that the text is all of it. */
  readonly isWhole: boolean;
}

/** What an answer says instead of an acknowledgement. */
export interface Refusal {
  /** The service's code; ours where nothing was understood. */
  readonly code: string;
  /** The service's own words, which may repeat secrets or records; undefined where nothing was understood. */
  readonly told?: string;
  /** What stands where an acknowledgement should, where nothing was understood. */
  readonly got?: string;
  /** Whether the request came too soon, or met a service that was busy. */
  readonly throttled?: boolean;
  /** Whether it was too large. */
  readonly tooLarge?: boolean;
  /** Milliseconds after which the service takes requests again, where it told. */
  readonly retryAfterMs?: number;
}

/**
 * The answer by which one kind of service says that it did what it was asked. Nothing else counts as that, whatever its
 * HTTP status: what is not understood may be a page of a proxy, half of an answer, or a refusal in words that are new.
 */
export interface Acknowledgement {
  /** The only answer that counts, in words. */
  readonly form: string;
  /** Whether the status and the headers say it all, so that nobody need wait for a body. @default never */
  isDecided?(statusCode: number, headers: IncomingHttpHeaders): boolean;
  /** Whether the start of a body shows that the rest says nothing more. @default never */
  isEnough?(start: string): boolean;
  /** Milliseconds for which that is waited for. @default 2000 */
  waitMs?(headers: IncomingHttpHeaders): number;
  /** What an answer is that is no acknowledgement; undefined where it is one. */
  refusal(answer: Answer): Refusal | undefined;
}

/** Code of an answer that was not understood. */
export const NOT_ACKNOWLEDGED = "NotAcknowledged";

/*
 * What proves that it worked, by what was asked. Facts: docs/design/facts/runtime.md#what-an-answer-proves.
 *
 * | asked           | counts as done                                                        |
 * | --------------- | --------------------------------------------------------------------- |
 * | COS: `PUT`      | HTTP 200, and no body that came to its end                            |
 * | COS: `DELETE`   | HTTP 204 or 200, the same; or COS's word that there is no such object |
 * | CLS: an upload  | HTTP 200, and the same, or JSON with a request id alone               |
 * | CKafka          | the broker's code 0 for the partition (parts/out-kafka)               |
 * | API 3.0         | `Response` with `RequestId`, and no `Error` (api-client)              |
 * | a bot           | its code 0, or its `ok` (outputs/webhook-format)                      |
 * | another webhook | HTTP 2xx, and no page of HTML with it (outputs/webhook-format)         |
 *
 * COS's ETag and CLS's request id are proof of the service itself, and are not required: both are stated of every answer,
 * but a gateway of the user's may strip headers, and then nothing could be written at all. Where they are missing, headers
 * must mark where the body ends: one that ends with the connection may be an error that was cut off before its first byte.
 */

/** COS's answer to what writes an object. One that begins with a success may hold an error all the same. */
export const COS_STORED: Acknowledgement = bare([200], "etag");

/** COS's answer to what deletes one. */
export const COS_DELETED: Acknowledgement = bare([204, 200], "x-cos-request-id");

const CLS_BARE = bare([200], "x-cls-requestid");

/** CLS's answer to an upload. JSON that says nothing more than its request id does is none. */
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

/** An answer that is nothing that its service says. */
export function notUnderstood(text: string): Refusal {
  return { code: NOT_ACKNOWLEDGED, got: describe(text) };
}

/** A refusal with a code of the service, as a number or a text; undefined where the code is none. */
export function named(code: unknown, told: unknown): Refusal | undefined {
  const known = typeof code === "number" || typeof code === "string" ? publicCode(String(code)) : undefined;
  if (known === undefined) return undefined;
  return { code: known, ...(typeof told === "string" && told !== "" && { told }) };
}

/** Whether a text begins as a page of HTML does, whatever declarations and comments stand before. */
export function isPage(text: string): boolean {
  return /^(?:\s|<\?[^>]*>|<!--(?:(?!-->)[^])*-->)*<(?:!doctype\s+html|html|head|body)\b/i.test(text);
}

/** The object that a text holds as JSON, if it does. */
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

/** What a text looks like; of its contents only names that are words. */
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

/** What went wrong with a request, by the answer to it. @param what the request in words: `PUT cos://bucket/key` */
export function refusalText(what: string, { form }: Acknowledgement, { code, told, got }: Refusal): string {
  if (got !== undefined) return `${what} must be acknowledged with ${form}, got ${got}`;
  return `${what} failed with code ${code}${told === undefined ? "" : `: ${publicMessage(told)}`}`;
}

/** @throws ServiceError unless the answer is the acknowledgement; it is transient, since nobody knows what was done */
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
