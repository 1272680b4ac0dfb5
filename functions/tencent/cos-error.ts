/** A request that COS refused, or that got no answer. */
export class CosError extends Error {
  override readonly name: string = "CosError";

  /**
   * @param code Tencent's code, such as `NoSuchKey`, or Node's where there was no answer, such as `ECONNRESET`
   * @param statusCode HTTP status; undefined where there was no answer
   * @param requestId what Tencent's support asks for
   */
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode?: number,
    readonly requestId?: string,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later: no answer, a server's error, or too many requests. */
  get transient(): boolean {
    const status = this.statusCode;
    return status === undefined || status >= 500 || status === 429 || status === 408;
  }
}

/** The object was replaced while it was read: what was read of the old one cannot be continued. */
export class ObjectReplacedError extends CosError {
  override readonly name = "ObjectReplacedError";
}

/** Longest part of COS's message that is kept: a log line holds 8 KB. */
const MAX_MESSAGE_LENGTH = 500;

/**
 * The error in an answer of COS. Only its code, message and request id are taken: other elements of the XML repeat the
 * string that was signed.
 *
 * @param what the request in words, such as `GET cos://bucket/key`
 */
export function cosErrorOf(
  what: string,
  statusCode: number,
  headerRequestId: string | undefined,
  xml: string,
): CosError {
  const code = element(xml, "Code") ?? `HTTP_${statusCode}`;
  const message = element(xml, "Message")?.slice(0, MAX_MESSAGE_LENGTH) ?? "no message";
  const requestId = headerRequestId ?? element(xml, "RequestId");
  const text = `${what} failed with ${code} (HTTP ${statusCode}): ${message}`;
  const Kind = statusCode === 412 ? ObjectReplacedError : CosError;
  return new Kind(code, text, statusCode, requestId);
}

/** A request that got no answer, or only a part of one. */
export function connectionError(what: string, error: unknown): CosError {
  if (error instanceof CosError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new CosError(code ?? "CONNECTION", `${what} got no answer: ${message}`);
}

function element(xml: string, name: string): string | undefined {
  const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
  return value?.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity]);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
