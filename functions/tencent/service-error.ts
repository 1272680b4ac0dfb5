import { maskSecrets } from "../runtime/mask";

/** A request that a service refused, or that got no answer or an incomplete one. */
export class ServiceError extends Error {
  override readonly name: string = "ServiceError";
  /** The id that Tencent's support asks for. It is stored and logged, so a secret that a service puts there is masked. */
  readonly requestId?: string;

  /**
   * @param code Tencent's code, such as `NoSuchKey`; without an answer, a code of Node or our own, such as `ECONNRESET`
   * @param statusCode HTTP status; undefined without a complete answer
   * @param requestId as the service sent it
   */
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode?: number,
    requestId?: string,
  ) {
    super(message);
    this.requestId = requestId === undefined ? undefined : publicMessage(requestId);
  }

  /** Whether it was refused for its size: half of it can be accepted. */
  get tooLarge(): boolean {
    return this.statusCode === 413;
  }

  /** Whether the same request can succeed later: no answer, a server error, or too many requests. */
  get transient(): boolean {
    const status = this.statusCode;
    return status === undefined || status >= 500 || status === 429 || status === 408;
  }
}

/**
 * The error of a connection.
 *
 * @param what description of the request, such as `GET cos://bucket/key`
 */
export function connectionError(what: string, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new ServiceError(code ?? "CONNECTION", `${what} got no answer: ${message}`);
}

/** Maximum characters of a service's message that are kept: SCF's log stores 8 KB of a line. */
const MAX_MESSAGE_LENGTH = 500;

/**
 * A service's message that is safe to log and store: truncated, without the secrets of this process, which some messages
 * repeat, and without text that looks like a key or a part of a signature. Linear in any message.
 */
export function publicMessage(message: string): string {
  return maskSecrets(message)
    .replace(/\bAKID[\w-]+/g, "AKID***")
    .replace(/\b(q-[a-z-]{1,40}|Signature|Credential|x-cos-security-token)=[^&,\s]+/gi, "$1=***")
    .slice(0, MAX_MESSAGE_LENGTH);
}

/** Tencent's code if the text is one, so that text of another kind is never used as a code. */
export function publicCode(code: string | undefined): string | undefined {
  if (code === undefined || !/^[\w.-]{1,100}$/.test(code)) return undefined;
  return maskSecrets(code) === code ? code : undefined;
}
