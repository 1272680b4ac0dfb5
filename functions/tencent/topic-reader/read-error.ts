import { BadAnswerError } from "../api-client";
import { publicMessage, ServiceError } from "../service-error";

/**
 * Why a topic cannot be read: the key's policies lack an action; the key is unknown, has expired or its token is wrong;
 * this machine's clock is wrong; the topic, or its region, is not there; the request is wrong, such as a query that does
 * not parse; CLS answered with what nobody knows here; no usable answer came for as long as there was patience.
 */
export type ReadFailure = "denied" | "key" | "clock" | "missing" | "request" | "answer" | "unavailable";

/** What ended a read. */
export class ReadError extends ServiceError {
  override readonly name = "ReadError";

  constructor(
    readonly failure: ReadFailure,
    code: string,
    message: string,
    readonly details: {
      /** The action that was asked for: `cls:SearchLog`. */
      readonly action?: string;
      readonly statusCode?: number;
      readonly requestId?: string;
      /** What came instead of an answer that is known, cut; it may hold logs, so the message does not. */
      readonly answer?: string;
    } = {},
  ) {
    super(code, message, details.statusCode, details.requestId);
  }

  /** Whether trying again may help: only where nobody answered. */
  override get transient(): boolean {
    return this.failure === "unavailable";
  }

  /** What came instead of an answer that is known, without control characters; it may hold logs. */
  get answer(): string | undefined {
    return this.details.answer;
  }

  /** The action of CAM that was asked for: `cls:SearchLog`. */
  get action(): string | undefined {
    return this.details.action;
  }
}

/** Whether CLS asks for fewer requests. Fact: docs/design/facts/cls-reading.md#limits-of-reading. */
export function isThrottled({ code, statusCode }: ServiceError): boolean {
  return statusCode === 429 || /^(SpeedQuotaExceed|RequestLimitExceeded|LimitExceeded)\b/.test(code);
}

/** Whether the same request may be answered later. */
export function isPassing(error: ServiceError): boolean {
  return error.transient || /^(InternalError|InternalServerError|Timeout)\b/.test(error.code);
}

/** Whether nothing is kept at the offset that was asked for. */
export function isOffsetLost({ code }: ServiceError): boolean {
  return /InvalidOffset|OffsetOutOfRange/i.test(code);
}

/** Milliseconds by which CLS's clock and this one differ, from which on signatures are refused. */
const CLOCK_LIMIT_MS = 5 * 60_000;

/** Makes CLS's refusal an error that says what to do. */
export function refusalOf(
  error: ServiceError,
  { what, action, serverTime }: { what: string; action: string; serverTime?: number },
): ServiceError {
  const { code, message, statusCode, requestId } = error;
  const details = { action, statusCode, requestId };
  if (error instanceof ReadError || isThrottled(error) || isOffsetLost(error)) return error;
  if (error instanceof BadAnswerError) return unknownAnswer(error.message, error.answer);
  if (isDenied(code, statusCode)) {
    return new ReadError("denied", code, `${message}; the key's policies must allow ${action} for ${what}`, details);
  }
  if (/^(AuthFailure|Unauthorized$|Invalid(Authorization|SecretId)|MissingAuthorization)/.test(code)) {
    const aheadMs = serverTime === undefined ? 0 : Date.now() - serverTime;
    if (/Expire/.test(code) && Math.abs(aheadMs) > CLOCK_LIMIT_MS) {
      const minutes = Math.round(Math.abs(aheadMs) / 60_000);
      const text = `${message}; this machine's clock is ${minutes} minutes ${aheadMs > 0 ? "ahead of" : "behind"} CLS's, set it`;
      return new ReadError("clock", code, text, details);
    }
    return new ReadError(
      "key",
      code,
      `${message}; the key must be valid, and a temporary one must not have expired`,
      details,
    );
  }
  if (/^(TopicNotExist|LogsetNotExist|ResourceNotFound|UnsupportedRegion)/.test(code)) {
    return new ReadError("missing", code, message, details);
  }
  return isPassing(error) ? error : new ReadError("request", code, message, details);
}

/** Longest part of an answer that an error keeps, in characters. */
const MAX_KEPT = 500;

/** The error of an answer that is not known here. @param problem what was wanted, and what it looks like */
export function unknownAnswer(problem: string, answer: unknown): ReadError {
  const text = typeof answer === "string" ? answer : (JSON.stringify(answer) ?? "nothing");
  // A packed or hostile answer must not reach a terminal as it is.
  const kept = publicMessage(text.slice(0, MAX_KEPT)).replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
  return new ReadError("answer", "UnknownAnswer", problem, { answer: kept });
}

function isDenied(code: string, statusCode?: number): boolean {
  return (
    /^(AuthFailure\.UnauthorizedOperation|UnauthorizedOperation|NotAllowed|OperationDenied|Forbidden)/.test(code) ||
    (statusCode === 403 && /^HTTP_403$/.test(code))
  );
}
