import { ReadError } from "../../functions/tencent/topic-reader";
import type { ServiceError } from "../../functions/tencent/service-error";
import { UserError } from "../../terminal/user-error";

/** An error that the user can fix, with a stable code and exit status 2. */
export class TailError extends UserError {
  override readonly name = "TailError";

  constructor(
    /** As in `error` events: `UNKNOWN_FUNCTION`. */
    readonly code: string,
    message: string,
    status = 2,
  ) {
    super(message, status);
  }
}

/** Milliseconds of clock difference from which signatures are refused. */
const CLOCK_LIMIT_MS = 5 * 60_000;

/** A refusal as a sentence with its remedy; if there is no remedy here, the service's own message. */
export function tailErrorOf(
  error: ServiceError,
  { action, what, aheadMs }: { action: string; what: string; aheadMs?: number },
): TailError {
  const { code, message } = error;
  if (/^(UnsupportedRegion|InvalidParameterValue\.Region)/.test(code)) {
    return new TailError("UNKNOWN_REGION", `${message}; --region must be a region of Tencent Cloud`);
  }
  if (error instanceof ReadError) return ofReading(error);
  const isRefused = /^(AuthFailure|UnauthorizedOperation|InvalidCredential)/.test(code) || code === "AccessDenied";
  if (isRefused && aheadMs !== undefined && Math.abs(aheadMs) > CLOCK_LIMIT_MS) {
    const minutes = Math.round(Math.abs(aheadMs) / 60_000);
    const side = aheadMs < 0 ? "ahead of" : "behind";
    return new TailError("CLOCK", `${message}; this machine's clock is ${minutes} minutes ${side} the cloud's: set it`);
  }
  if (/^(AuthFailure\.UnauthorizedOperation|UnauthorizedOperation|AccessDenied)/.test(code)) {
    return new TailError("DENIED", `${message}; the key's policies must allow ${action} for ${what}`);
  }
  if (isRefused) {
    return new TailError("KEY", `${message}; the keys must be valid, and temporary ones must not have expired`);
  }
  if (/^ResourceNotFound\.Namespace/.test(code)) {
    return new TailError("UNKNOWN_NAMESPACE", `${message}; --namespace must be one of the region's`);
  }
  return new TailError(code, message, 1);
}

function ofReading({ failure, code, message, answer }: ReadError): TailError {
  switch (failure) {
    case "denied":
      return new TailError("DENIED", message);
    case "key":
      return new TailError("KEY", message);
    case "clock":
      return new TailError("CLOCK", message);
    case "missing":
      if (/Index/.test(code)) {
        return new TailError("NO_INDEX", `${message}; give the topic an index, or allow the key to pull from it`);
      }
      return new TailError("UNKNOWN_TOPIC", message);
    case "answer":
      return new TailError(code, `${message}${answer === undefined ? "" : `: ${answer}`}`, 1);
    default:
      return new TailError(code, message, 1);
  }
}
