import { ContentError } from "../parser/content-error";
import { RecordError } from "../records/buffer-record";
import { CredentialsError } from "../tencent/credentials";
import { publicMessage, ServiceError } from "../tencent/service-error";
import { DeadlineError } from "./deadline";

/**
 * What became of an object that could not be read to its end.
 *
 * - `transient`: another try may succeed; the invocation throws, so that SCF makes one
 * - `permanent`: no retry helps; the note is all that is left to do
 * - `deadline`: the function's time was up; SCF's retry would run out of it as well
 */
export type FailureKind = "transient" | "permanent" | "deadline";

/** Why an object was not read to its end, fit to be logged and kept: no credentials, no signature, no log text. */
export interface Failure {
  readonly kind: FailureKind;
  /** Tencent's code, Node's or ours. */
  readonly code: string;
  readonly message: string;
  /** COS's id of the request that failed. */
  readonly requestId?: string;
}

/** What no other try changes. */
const PERMANENT = [ContentError, CredentialsError, RecordError];

/** Sorts an error by the failure rule. What nobody foresaw is transient, so that it is loud and tried again. */
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
  // Nobody knows what it quotes.
  return { kind: "transient", code, message: publicMessage(message) };
}
