import { ApiError } from "../functions/tencent/api-client";
import { ServiceError } from "../functions/tencent/service-error";

/**
 * Codes that may pass within a minute, by the services' own lists: SCF refuses a change of triggers while a function is
 * made or changed, or another operation on it is under way; CLS while a topic is made. CLS has no code of its own for a
 * function that is not ready: what SCF answered it is a plain `FailedOperation`, or a failed call of another product. A
 * trigger that is there already may be one that SCF lists, or removes, in a moment.
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

/** A call that the cloud refused for now. */
class NotReadyError extends ServiceError {
  override readonly name = "NotReadyError";

  override get transient(): boolean {
    return true;
  }
}

/** Runs a call; where it fails on what is not ready, its error is one that may pass. */
export async function callWhenReady<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiError && NOT_READY.has(error.code))) throw error;
    throw new NotReadyError(error.code, error.message, error.statusCode, error.requestId);
  }
}
