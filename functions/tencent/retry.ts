import { setTimeout as wait } from "node:timers/promises";
import { ServiceError } from "./service-error";

/** How often, and after which delays, a request is retried. */
export interface RetryPolicy {
  /** Number of consecutive failures, without a byte of progress, that are followed by a retry. */
  readonly retries: number;
  /** Delay before the first retry in milliseconds; it doubles with each further one. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * Retries for about three seconds: this covers a reset or a short overload; an outage is left to SCF, which retries a
 * minute later.
 */
export const DEFAULT_RETRY: RetryPolicy = { retries: 5, baseDelayMs: 100, maxDelayMs: 5_000 };

/**
 * Delay before a retry in milliseconds: exponential, minus a random part of up to half, so that the functions of one burst
 * of events do not retry together.
 *
 * @param failures number of consecutive failed attempts, from 1
 */
export function retryDelay(policy: RetryPolicy, failures: number, random = Math.random): number {
  const longest = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failures - 1));
  return longest * (1 - random() / 2);
}

/**
 * Maximum milliseconds that a service can ask to wait. For longer waits there is no retry; a later invocation handles them.
 */
const MAX_RETRY_AFTER_MS = 60_000;

/** The examined properties of an error. */
interface Failed {
  readonly transient?: boolean;
  readonly retryAfterMs?: number;
}

/** Whether a failed request is to be retried. @param failures number of consecutive failed attempts, from 1 */
export function mayRetry(policy: RetryPolicy, failures: number, error: unknown): boolean {
  const { transient = false, retryAfterMs = 0 } = error as Failed;
  return transient && failures <= policy.retries && retryAfterMs <= MAX_RETRY_AFTER_MS;
}

/** Waits before a retry, at least as long as the service asked; rejects with the signal's reason when the signal aborts. */
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

/** Runs an idempotent request until it succeeds or fails permanently. */
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
