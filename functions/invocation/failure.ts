import { ContentError } from "../parser/content-error";
import { RecordError } from "../records/buffer-record";
import { CredentialsError } from "../tencent/credentials";
import { publicMessage, ServiceError } from "../tencent/service-error";
import { DeadlineError } from "./deadline";

/**
 * Why an object could not be read to its end.
 *
 * - `transient`: a retry can succeed; the invocation throws, so that SCF retries
 * - `permanent`: no retry helps; only a note is written
 * - `deadline`: the function's time was up; it would also be up in SCF's retry
 */
export type FailureKind = "transient" | "permanent" | "deadline";

/** Why an object was not read to its end. Safe to log and store: it contains no credentials, signature or log text. */
export interface Failure {
  readonly kind: FailureKind;
  /** A code of Tencent Cloud, of Node, or of this project. */
  readonly code: string;
  readonly message: string;
  /** COS's id of the failed request. */
  readonly requestId?: string;
}

/** Errors that no retry can change. */
const PERMANENT = [ContentError, CredentialsError, RecordError];

/** Classifies an error by the failure rule. Unexpected errors are transient, so that they are visible and retried. */
export function failureOf(error: unknown): Failure {
  const { message } = error as Error;
  if (error instanceof ServiceError) {
    return { kind: error.transient ? "transient" : "permanent", code: error.code, message, requestId: error.requestId };
  }
  if (error instanceof DeadlineError) return { kind: "deadline", code: error.code, message };
  if (PERMANENT.some((kind) => error instanceof kind)) {
    return { kind: "permanent", code: (error as ContentError).code, message };
  }
  const code = (error as { code?: string }).code ?? (error as Error).name;
  // The message could quote anything.
  return { kind: "transient", code, message: publicMessage(message) };
}
