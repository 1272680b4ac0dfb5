/** Why a receiver did not take a message; neither the text nor the code holds its address. */
export class ReceiverError extends Error {
  override readonly name = "ReceiverError";

  constructor(
    readonly code: string,
    message: string,
    /** Whether the same message may be taken later. */
    readonly transient: boolean,
    /** Whether less of it may be taken. */
    readonly tooLarge: boolean,
    /** Milliseconds for which the service wants to hear nothing, where it told. */
    readonly retryAfterMs: number | undefined,
  ) {
    super(message);
  }
}

/** Code of an alert that came too soon after others. */
export const TOO_MANY = "LOGS_ALERT_RATE";

export function tooMany(): ReceiverError {
  return new ReceiverError(TOO_MANY, "it takes no more messages in this minute", false, false, undefined);
}

export function slow(milliseconds: number): ReceiverError {
  return new ReceiverError("ETIMEDOUT", `no answer for ${milliseconds / 1000} s`, true, false, undefined);
}

/** Whether an alert was refused for what it is, so that another may be taken. */
export function isRefusal({ code, transient }: ReceiverError): boolean {
  return !transient && code !== TOO_MANY;
}
