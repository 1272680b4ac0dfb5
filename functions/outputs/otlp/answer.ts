import { jsonObject } from "../../tencent/acknowledgement";
import type { PostAnswer } from "../body-post";
import type { PartialSuccess } from "../otlp-part";

/**
 * Reads a successful answer; undefined if it is not OTLP. An empty body, as in answers with status 204, adds nothing to the
 * status.
 *
 * Fact: docs/design/facts/destinations.md#what-collectors-answer.
 */
export function readSuccess({ headers, body }: PostAnswer): PartialSuccess | undefined {
  if (body.length === 0) return { rejected: 0, words: "" };
  const type = headers["content-type"] ?? "";
  if (/^application\/(x-)?protobuf\b/i.test(type)) return protobufSuccess(body);
  return /^application\/json\b/i.test(type) ? jsonSuccess(body.toString()) : undefined;
}

/** Whether OTLP requires a retry after this status; no other request must be retried. */
export function isRetryable(statusCode: number): boolean {
  return [429, 502, 503, 504].includes(statusCode);
}

/** The message of a refusal, a `google.rpc.Status { 1: code, 2: message }`. */
export function readStatus({ headers, body }: PostAnswer): string | undefined {
  if (/json/i.test(headers["content-type"] ?? "")) {
    const { message } = jsonObject(body.toString()) ?? {};
    return typeof message === "string" ? message : undefined;
  }
  const words = /protobuf/i.test(headers["content-type"] ?? "") ? readMessage(body)?.get(2) : undefined;
  return words instanceof Uint8Array ? words.toString() : undefined;
}

/** `ExportLogsServiceResponse { 1: { 1: rejected_log_records, 2: error_message } }`. */
function protobufSuccess(body: Buffer): PartialSuccess | undefined {
  const message = readMessage(body);
  if (!message) return undefined;
  const part = message.get(1);
  if (part === undefined) return message.size === 0 ? { rejected: 0, words: "" } : undefined;
  const success = part instanceof Uint8Array ? readMessage(part) : undefined;
  if (!success) return undefined;
  const [rejected = 0, words] = [success.get(1), success.get(2)];
  if (typeof rejected !== "number") return undefined;
  return { rejected, words: words instanceof Uint8Array ? words.toString() : "" };
}

/** An answer with more than a partial success and a request id is not OTLP. */
function jsonSuccess(text: string): PartialSuccess | undefined {
  const answer = jsonObject(text);
  if (!answer) return undefined;
  const { partialSuccess = {}, partial_success: also = partialSuccess, ...rest } = answer;
  if (Object.keys(rest).some((name) => !/^(request|trace)_?id$/i.test(name))) return undefined;
  if (typeof also !== "object" || also === null) return undefined;
  const { rejectedLogRecords = 0, errorMessage = "" } = also as Record<string, unknown>;
  const rejected = Number(rejectedLogRecords);
  if (!Number.isSafeInteger(rejected) || rejected < 0 || typeof errorMessage !== "string") return undefined;
  return { rejected, words: errorMessage };
}

/** The fields of a message, the last one of each number; undefined if it is not a message. */
function readMessage(bytes: Buffer): Map<number, number | Buffer> | undefined {
  const fields = new Map<number, number | Buffer>();
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    if (!tag) return undefined;
    const [field, type] = [Math.floor(tag.value / 8), tag.value % 8];
    if (type === 1 || type === 5) {
      at = tag.end + (type === 1 ? 8 : 4);
      continue;
    }
    const number = type === 0 || type === 2 ? readVarint(bytes, tag.end) : undefined;
    if (!number || field === 0) return undefined;
    at = number.end + (type === 2 ? number.value : 0);
    if (at > bytes.length) return undefined;
    fields.set(field, type === 2 ? bytes.subarray(number.end, at) : number.value);
  }
  return fields;
}

function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = start, factor = 1; at < bytes.length && at < start + 10; at++, factor *= 128) {
    value += (bytes[at] & 127) * factor;
    if (bytes[at] < 128) return { value, end: at + 1 };
  }
  return undefined;
}
