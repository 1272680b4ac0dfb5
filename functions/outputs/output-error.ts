/** Why a batch could not be delivered. Safe to log and store. */
export interface OutputFailure {
  /** A code of the service, of Node, or of this project. */
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  /** The reasons of records that were refused individually. */
  readonly records?: readonly FailedRecord[];
}

/** Why one record could not be delivered. The message can quote the record, so it is stored only with the record. */
export interface FailedRecord {
  readonly log_id: string;
  readonly code: string;
  readonly message: string;
}

/** An output failed, and its settings or its quarantine require that the invocation fails. */
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
