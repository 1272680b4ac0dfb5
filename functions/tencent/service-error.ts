import { maskSecrets } from "../runtime/mask";

/** A request that a service refused, or that got no answer, or only a part of one. */
export class ServiceError extends Error {
  override readonly name: string = "ServiceError";
  /** What Tencent's support asks for. It is kept and logged, so a secret that a service puts there is masked. */
  readonly requestId?: string;

  /**
   * @param code Tencent's code, such as `NoSuchKey`; Node's or ours where there was no answer, such as `ECONNRESET`
   * @param statusCode HTTP status; undefined where there was no answer, or not all of one
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

  /** Whether it was refused for its size: half of it may be welcome. */
  get tooLarge(): boolean {
    return this.statusCode === 413;
  }

  /** Whether the same request may succeed later: no answer, a server's error, or too many requests. */
  get transient(): boolean {
    const status = this.statusCode;
    return status === undefined || status >= 500 || status === 429 || status === 408;
  }
}

/**
 * The error of a connection.
 *
 * @param what the request in words, such as `GET cos://bucket/key`
 */
export function connectionError(what: string, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new ServiceError(code ?? "CONNECTION", `${what} got no answer: ${message}`);
}

/** Longest part of a service's message that is kept, in characters: a line of SCF's log holds 8 KB. */
const MAX_MESSAGE_LENGTH = 500;

/**
 * A service's message as it may be logged and kept: short, without the secrets of this process, which some messages
 * repeat, and without what looks like a key or a part of a signature. Linear, whatever the message is.
 */
export function publicMessage(message: string): string {
  return maskSecrets(message)
    .replace(/\bAKID[\w-]+/g, "AKID***")
    .replace(/\b(q-[a-z-]{1,40}|Signature|Credential|x-cos-security-token)=[^&,\s]+/gi, "$1=***")
    .slice(0, MAX_MESSAGE_LENGTH);
}

/** Tencent's code where the text is one, so that a page of something else never stands for a code. */
export function publicCode(code: string | undefined): string | undefined {
  if (code === undefined || !/^[\w.-]{1,100}$/.test(code)) return undefined;
  return maskSecrets(code) === code ? code : undefined;
}
