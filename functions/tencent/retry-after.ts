import type { IncomingHttpHeaders } from "node:http";
import { ServiceError } from "./service-error";

/** A refusal that can say when to retry. */
export class ThrottledError extends ServiceError {
  /** @param retryAfterMs milliseconds; undefined if the service did not tell */
  constructor(
    code: string,
    message: string,
    statusCode?: number,
    requestId?: string,
    readonly retryAfterMs?: number,
  ) {
    super(code, message, statusCode, requestId);
  }
}

/** Milliseconds from `Retry-After`, which contains seconds or a date (RFC 9110, 10.2.3). */
export function retryAfter({ "retry-after": value }: IncomingHttpHeaders, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
