/** Why an invocation failed, worded as in SCF's function log. */
export interface FunctionError {
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly statusCode: number;
  /** What the code threw. */
  readonly stackTrace?: string;
}

/** The code threw, or its promise was rejected. */
export function codeThrew(stackTrace: string): FunctionError {
  return { errorCode: 1, errorMessage: "User code exception caught", statusCode: 430, stackTrace };
}

/**
 * All instances that the function is allowed were busy, so the code did not run. Fact:
 * docs/design/facts/runtime.md#retries.
 */
export function noRoom(): FunctionError {
  return { errorCode: -1, errorMessage: "ResourceLimitReached: no instance is free", statusCode: 432 };
}

/** The invocation took longer than the function's timeout. */
export function timedOut(seconds: number): FunctionError {
  return { errorCode: -1, errorMessage: `Invoking task timed out after ${seconds} seconds`, statusCode: 433 };
}

/** The process used more than the function's memory. */
export function outOfMemory(limitMb: number): FunctionError {
  return { errorCode: -1, errorMessage: `Task memory exceeded ${limitMb} MB`, statusCode: 434 };
}

/** The process exited before it answered. */
export function processExited(): FunctionError {
  return { errorCode: -1, errorMessage: "User process exit when running", statusCode: 439 };
}
