import { BadAnswerError } from "../api-client";
import { publicMessage, ServiceError } from "../service-error";

/**
 * Why a topic cannot be read. `denied`: the key's policies lack an action. `key`: the key is unknown or expired, or its
 * token is wrong. `clock`: this machine's clock is wrong. `missing`: the topic, or its region, does not exist. `request`:
 * the request is wrong, for example the query does not parse. `answer`: CLS's answer is not understood. `unavailable`: no
 * usable answer came within the time limit.
 */
export type ReadFailure = "denied" | "key" | "clock" | "missing" | "request" | "answer" | "unavailable";

/** The error that ended a read. */
export class ReadError extends ServiceError {
  override readonly name = "ReadError";

  constructor(
    readonly failure: ReadFailure,
    code: string,
    message: string,
    readonly details: {
      /** The requested action: `cls:SearchLog`. */
      readonly action?: string;
      readonly statusCode?: number;
      readonly requestId?: string;
      /** The start of the unknown answer. It can contain logs, so the message does not contain it. */
      readonly answer?: string;
    } = {},
  ) {
    super(code, message, details.statusCode, details.requestId);
  }

  /** Whether a retry can help: only if there was no answer. */
  override get transient(): boolean {
    return this.failure === "unavailable";
  }

  /** The unknown answer, without control characters; it can contain logs. */
  get answer(): string | undefined {
    return this.details.answer;
  }

  /** The requested action of CAM: `cls:SearchLog`. */
  get action(): string | undefined {
    return this.details.action;
  }
}

/** Whether CLS throttles. Fact: docs/design/facts/cls-reading.md#limits-of-reading. */
export function isThrottled({ code, statusCode }: ServiceError): boolean {
  return statusCode === 429 || /^(SpeedQuotaExceed|RequestLimitExceeded|LimitExceeded)\b/.test(code);
}

/** Whether the same request can succeed later. */
export function isPassing(error: ServiceError): boolean {
  return error.transient || /^(InternalError|InternalServerError|Timeout)\b/.test(error.code);
}

/** Whether the logs at the requested offset are no longer retained. */
export function isOffsetLost({ code }: ServiceError): boolean {
  return /InvalidOffset|OffsetOutOfRange/i.test(code);
}

/** Difference between CLS's clock and this one, in milliseconds, from which on signatures are refused. */
const CLOCK_LIMIT_MS = 5 * 60_000;

/** Converts CLS's refusal to an error that says what to do. */
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

/** Maximum characters of an answer that an error stores. */
const MAX_KEPT = 500;

/** The error for an unknown answer. @param problem what was expected, and what was received */
export function unknownAnswer(problem: string, answer: unknown): ReadError {
  const text = typeof answer === "string" ? answer : (JSON.stringify(answer) ?? "nothing");
  // A packed or malicious answer must not reach a terminal unchanged.
  const kept = publicMessage(text.slice(0, MAX_KEPT)).replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
  return new ReadError("answer", "UnknownAnswer", problem, { answer: kept });
}

function isDenied(code: string, statusCode?: number): boolean {
  return (
    /^(AuthFailure\.UnauthorizedOperation|UnauthorizedOperation|NotAllowed|OperationDenied|Forbidden)/.test(code) ||
    (statusCode === 403 && /^HTTP_403$/.test(code))
  );
}
