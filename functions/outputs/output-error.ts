/** Why a batch could not be delivered, fit to be logged and kept. */
export interface OutputFailure {
  /** The service's code, Node's or ours. */
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  /** Of records that were refused one by one, why each was. */
  readonly records?: readonly FailedRecord[];
}

/** Why one record could not be delivered; the message may quote it, so it stands beside the record only. */
export interface FailedRecord {
  readonly log_id: string;
  readonly code: string;
  readonly message: string;
}

/** An output failed, and its settings or its quarantine leave nothing else to do than to fail the invocation. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(output: string, cause: unknown) {
    const { code, message, requestId } = reasonOf(cause);
    super(`output ${output} failed: ${message}`, { cause });
    this.code = code;
    this.requestId = requestId;
  }
}

export function reasonOf(error: unknown): OutputFailure {
  const { name, code = name, message, requestId, records } = error as Error & Partial<OutputFailure>;
  return { code, message, ...(requestId !== undefined && { requestId }), ...(records && { records }) };
}
