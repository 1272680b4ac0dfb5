import type { FunctionError } from "./error";
import type { CloudFunction } from "./function";
import type { Outcome } from "./worker";

/** One run of a function. */
export interface Invocation extends Outcome {
  readonly region: string;
  readonly functionName: string;
  readonly requestId: string;
  /** Origin of the event: `cos://bucket/key`. */
  readonly source: string;
  /** 1 for the first run, more for a retry. */
  readonly attempt: number;
  /** When it began, on the simulated clock. */
  readonly startedAt: number;
  readonly error?: FunctionError;
  /** Whether it failed and will not be retried. */
  readonly givenUp: boolean;
}

/** A throttled event: SCF's status 432. The code did not run. */
export interface Throttling {
  readonly region: string;
  readonly functionName: string;
  readonly requestId: string;
  readonly source: string;
  /** On the simulated clock. */
  readonly time: number;
  /** Whether it is not retried: its caller waited for it, or it is too old. */
  readonly givenUp: boolean;
}

/** An event that waits for its function, or for a retry. */
export interface QueuedEvent {
  readonly target: CloudFunction;
  readonly event: unknown;
  readonly source: string;
  readonly requestId: string;
  readonly attempt: number;
  /** Number of runs after an error. */
  readonly retries: number;
  /** On the simulated clock. */
  readonly raisedAt: number;
}

/** A requested invocation. */
export interface InvocationRequest {
  readonly event: unknown;
  /** Whether the caller waits for the result. */
  readonly wait: boolean;
  /** Origin of the event. @default "api" */
  readonly source?: string;
}

/** The public result of an event's run. */
export function invocationOf(
  { target, requestId, source, attempt, retries }: QueuedEvent,
  outcome: Outcome,
  startedAt: number,
): Invocation {
  const { name: functionName, region } = target.spec;
  const givenUp = outcome.error !== undefined && attempt > retries;
  return { region, functionName, requestId, source, attempt, startedAt, givenUp, ...outcome };
}
