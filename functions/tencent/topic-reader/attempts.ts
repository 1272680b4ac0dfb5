import { setTimeout as wait } from "node:timers/promises";
import { retryDelay, type RetryPolicy } from "../retry";
import { ServiceError } from "../service-error";
import { isPassing, isThrottled, ReadError } from "./read-error";
import type { ReadNotice } from "./read";

/** Pauses between failing requests: short after a reset, without load during an outage of the network. */
const PAUSES: RetryPolicy = { retries: Infinity, baseDelayMs: 200, maxDelayMs: 10_000 };

/** Number of consecutive retries after an unknown answer, which can come from a proxy. */
const UNKNOWN_RETRIES = 2;

/** Milliseconds between two notices that CLS throttles requests. */
const THROTTLED_NOTICE_MS = 10_000;

/** Options of {@link Attempts}. */
export interface AttemptsOptions {
  readonly signal: AbortSignal;
  /** Milliseconds without an answer after which it gives up. */
  readonly patienceMs: number;
  /** Id of the key that signs the next request. */
  readonly keyId: () => string;
  readonly tell: (notice: ReadNotice) => Promise<void>;
}

/**
 * Retries requests until they are answered. Reports once when answers stop and once when they resume, however many
 * partitions are read at the same time.
 */
export class Attempts {
  readonly #options: AttemptsOptions;
  /** Requests that are currently failing. */
  readonly #failing = new Set<object>();
  #downSince = 0;
  #throttledTold = -Infinity;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /**
   * The result of the request. Throws errors that no retry can fix.
   *
   * @param throttled called when CLS throttles requests
   */
  async run<T>(request: () => Promise<T>, throttled: () => void = () => undefined): Promise<T> {
    const { signal, keyId, patienceMs } = this.#options;
    const started = performance.now();
    let unknowns = 0;
    for (let failures = 1; ; failures++) {
      const key = keyId();
      try {
        const result = await request();
        await this.#up(request);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServiceError)) throw error;
        if (isThrottled(error)) {
          throttled();
          const waitMs = Math.max(retryDelay(PAUSES, failures), (error as { retryAfterMs?: number }).retryAfterMs ?? 0);
          await this.#tellThrottled(error.code, waitMs);
          await wait(waitMs, undefined, { signal });
          continue;
        }
        const isRenewed = error instanceof ReadError && error.failure === "key" && keyId() !== key;
        const isUnknown = error instanceof ReadError && error.failure === "answer" && ++unknowns <= UNKNOWN_RETRIES;
        if (!isRenewed && !isUnknown && !isPassing(error)) {
          this.#failing.delete(request);
          throw error;
        }
        const afterMs = performance.now() - started;
        if (afterMs >= patienceMs) throw gaveUp(error, afterMs);
        if (!isRenewed) await this.#down(request, error);
        await wait(isRenewed ? 0 : retryDelay(PAUSES, failures), undefined, { signal });
      }
    }
  }

  async #down(request: object, { code, message }: ServiceError): Promise<void> {
    const isFirst = this.#failing.size === 0;
    this.#failing.add(request);
    if (!isFirst) return;
    this.#downSince = performance.now();
    await this.#options.tell({ kind: "notice", notice: "disconnected", code, message });
  }

  async #up(request: object): Promise<void> {
    if (!this.#failing.delete(request) || this.#failing.size > 0) return;
    await this.#options.tell({
      kind: "notice",
      notice: "reconnected",
      afterMs: Math.round(performance.now() - this.#downSince),
    });
  }

  async #tellThrottled(code: string, waitMs: number): Promise<void> {
    const now = performance.now();
    if (now - this.#throttledTold < THROTTLED_NOTICE_MS) return;
    this.#throttledTold = now;
    await this.#options.tell({ kind: "notice", notice: "throttled", code, waitMs: Math.round(waitMs) });
  }
}

function gaveUp({ code, message, statusCode, requestId }: ServiceError, afterMs: number): ReadError {
  const text = `${message}; no other answer came for ${(afterMs / 1000).toFixed(1)} s`;
  return new ReadError("unavailable", code, text, { statusCode, requestId });
}
