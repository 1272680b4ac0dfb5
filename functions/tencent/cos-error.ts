import type { IncomingMessage } from "node:http";
import { retryAfter, ThrottledError } from "./retry-after";
import { publicCode, publicMessage } from "./service-error";

/** A request that COS refused. */
export class CosError extends ThrottledError {
  override readonly name: string = "CosError";
  /** Whether the answer was complete and had no body. */
  isBare = false;
}

/** The object was replaced while it was read, so the read cannot be continued. */
export class ObjectReplacedError extends CosError {
  override readonly name = "ObjectReplacedError";
}

/** The object still has the known ETag (`If-None-Match`). */
export class NotModifiedError extends CosError {
  override readonly name = "NotModifiedError";
}

/**
 * The error in an answer of COS. Only its code, message and request id are used: other elements of the XML repeat the
 * string that was signed.
 *
 * @param what description of the request, such as `GET cos://bucket/key`
 */
export function cosErrorOf(what: string, response: IncomingMessage, xml: string): CosError {
  const { statusCode = 0, headers } = response;
  const code = publicCode(xmlElement(xml, "Code")) ?? `HTTP_${statusCode}`;
  const message = publicMessage(xmlElement(xml, "Message") || "no message");
  const requestId = requestIdOf(response) ?? publicCode(xmlElement(xml, "RequestId"));
  const text = `${what} failed with ${code} (HTTP ${statusCode}): ${message}`;
  const Kind = statusCode === 412 ? ObjectReplacedError : CosError;
  const error = new Kind(code, text, statusCode, requestId, retryAfter(headers));
  error.isBare = xml === "" && response.complete;
  return error;
}

/**
 * Whether COS itself says that the object does not exist. Any server in between can answer with 404, and a missing bucket
 * says nothing about the object.
 */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof CosError) || error.statusCode !== 404) return false;
  return error.code === "NoSuchKey" || error.code === "NoSuchVersion" || error.isBare;
}

/** COS's id of a request. */
export function requestIdOf({ headers }: Pick<IncomingMessage, "headers">): string | undefined {
  return headers["x-cos-request-id"]?.toString();
}

/** Text of the first element of that name in COS's XML, whose elements have no attributes. */
export function xmlElement(xml: string, name: string): string | undefined {
  const value = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return value?.replace(/&(?:#(\d+)|(amp|lt|gt|quot|apos));/g, (_, code: string | undefined, entity: string) =>
    code === undefined ? ENTITIES[entity] : String.fromCodePoint(Math.min(Number(code), 0x10ffff)),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
