/** Why a receiver did not accept a message; neither the text nor the code contains its address. */
export class ReceiverError extends Error {
  override readonly name = "ReceiverError";

  constructor(
    readonly code: string,
    message: string,
    /** Whether the same message can be accepted later. */
    readonly transient: boolean,
    /** Whether a shorter message can be accepted. */
    readonly tooLarge: boolean,
    /** Milliseconds for which the service asked to wait, if it did. */
    readonly retryAfterMs: number | undefined,
  ) {
    super(message);
  }
}

/** Code of an alert that exceeded the rate. */
export const TOO_MANY = "LOGS_ALERT_RATE";

export function tooMany(): ReceiverError {
  return new ReceiverError(TOO_MANY, "it takes no more messages in this minute", false, false, undefined);
}

export function slow(milliseconds: number): ReceiverError {
  return new ReceiverError("ETIMEDOUT", `no answer for ${milliseconds / 1000} s`, true, false, undefined);
}

/** Whether an alert was refused because of its contents, so that another one can be accepted. */
export function isRefusal({ code, transient }: ReceiverError): boolean {
  return !transient && code !== TOO_MANY;
}
