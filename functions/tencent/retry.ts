import { setTimeout as wait } from "node:timers/promises";
import { ServiceError } from "./service-error";

/** How often, and after how long, a request is sent again. */
export interface RetryPolicy {
  /** Failures in a row, without a byte of progress, that are followed by another try. */
  readonly retries: number;
  /** Delay before the first retry in milliseconds; it doubles with each further one. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** About three seconds of trying: a reset or an overloaded moment passes, an outage is SCF's to retry a minute later. */
export const DEFAULT_RETRY: RetryPolicy = { retries: 5, baseDelayMs: 100, maxDelayMs: 5_000 };

/**
 * Delay before a retry in milliseconds: exponential, of which a random half is taken off, so that the functions of one
 * burst of events do not come back together.
 *
 * @param failures how many tries failed in a row, from 1
 */
export function retryDelay(policy: RetryPolicy, failures: number, random = Math.random): number {
  const longest = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failures - 1));
  return longest * (1 - random() / 2);
}

/**
 * Longest wait that a service may ask for, in milliseconds. What asks for more is not tried again: it would be by a later
 * invocation.
 */
const MAX_RETRY_AFTER_MS = 60_000;

/** What is looked at of an error: whether it may pass, and when the service wants to be asked again. */
interface Failed {
  readonly transient?: boolean;
  readonly retryAfterMs?: number;
}

/** Whether a request that failed is to be sent again. @param failures how many tries failed in a row, from 1 */
export function mayRetry(policy: RetryPolicy, failures: number, error: unknown): boolean {
  const { transient = false, retryAfterMs = 0 } = error as Failed;
  return transient && failures <= policy.retries && retryAfterMs <= MAX_RETRY_AFTER_MS;
}

/**
 * Waits before a retry, at least as long as the service asked for; rejects with the signal's reason as soon as the signal
 * aborts.
 */
export async function waitBeforeRetry(
  policy: RetryPolicy,
  failures: number,
  signal?: AbortSignal,
  error?: unknown,
): Promise<void> {
  const { retryAfterMs = 0 } = (error ?? {}) as Failed;
  try {
    await wait(Math.max(retryDelay(policy, failures), retryAfterMs), undefined, { signal });
  } catch (aborted) {
    throw signal?.reason ?? aborted;
  }
}

/** Runs a request that has no side effect when it is repeated, until it succeeds or fails for good. */
export async function withRetries<T>(request: () => Promise<T>, policy: RetryPolicy, signal?: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ServiceError && mayRetry(policy, failures, error))) throw error;
      await waitBeforeRetry(policy, failures, signal, error);
    }
  }
}
