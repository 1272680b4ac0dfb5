import { ApiError } from "../functions/tencent/api-client";
import { ServiceError } from "../functions/tencent/service-error";

/**
 * Codes of conditions that can pass within a minute, from the services' own lists. SCF refuses to change triggers while a
 * function is created or updated, or while another operation on it is in progress. CLS refuses while a topic is created.
 * CLS has no code for a function that is not ready: it passes SCF's error on as a plain `FailedOperation`, or as a failed
 * call of another product. If a trigger exists already, SCF can be about to list or remove it.
 */
const NOT_READY = new Set([
  "FailedOperation",
  "FailedOperation.CloudProductInvocationError",
  "FailedOperation.CreateTrigger",
  "FailedOperation.DebugModeStatus",
  "FailedOperation.FunctionNameStatusError",
  "FailedOperation.FunctionStatusError",
  "FailedOperation.FunctionVersionStatusNotActive",
  "FailedOperation.OperationConflict",
  "FailedOperation.ProvisionedInProgress",
  "FailedOperation.ReservedInProgress",
  "FailedOperation.Timeout",
  "FailedOperation.TopicCreating",
  "FailedOperation.TotalConcurrencyMemoryInProgress",
  "ResourceBusy",
  "ResourceInUse",
  "ResourceInUse.Trigger",
  "ResourceInUse.TriggerName",
  "ResourceUnavailable",
  "ResourceUnavailable.Namespace",
]);

/** A call that the cloud refused temporarily. */
class NotReadyError extends ServiceError {
  override readonly name = "NotReadyError";

  override get transient(): boolean {
    return true;
  }
}

/** Runs a call. If it fails because something is not ready, the error is marked as transient. */
export async function callWhenReady<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiError && NOT_READY.has(error.code))) throw error;
    throw new NotReadyError(error.code, error.message, error.statusCode, error.requestId);
  }
}
