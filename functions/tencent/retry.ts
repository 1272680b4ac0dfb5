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

/** Waits before a retry; rejects with the signal's reason as soon as the signal aborts. */
export async function waitBeforeRetry(policy: RetryPolicy, failures: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(retryDelay(policy, failures), undefined, { signal });
  } catch (error) {
    throw signal?.reason ?? error;
  }
}

/** Runs a request that has no side effect when it is repeated, until it succeeds or fails for good. */
export async function withRetries<T>(request: () => Promise<T>, policy: RetryPolicy, signal?: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ServiceError && error.transient) || failures > policy.retries) throw error;
      await waitBeforeRetry(policy, failures, signal);
    }
  }
}
