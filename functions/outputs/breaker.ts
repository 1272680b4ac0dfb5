/** Milliseconds between two probes of an output that is down. */
const PROBE_EVERY_MS = 15_000;

/**
 * The state of a destination in one invocation. Once all attempts of a batch have failed, later batches are not sent: each
 * would cost as many attempts, while the other outputs wait. At intervals one batch is sent once, as a probe.
 */
export class Breaker {
  #reason: unknown;
  #probeAt = 0;

  /** Why nothing is sent; undefined if the destination works, or a probe is due. */
  refusal(now = Date.now()): unknown {
    if (this.#reason === undefined || now < this.#probeAt) return this.#reason;
    this.#probeAt = now + PROBE_EVERY_MS;
    return undefined;
  }

  /** Whether the next request is a probe. */
  get isOpen(): boolean {
    return this.#reason !== undefined;
  }

  /** @param reason error of the last attempt @param retryAfterMs for how long the service asked to wait */
  open(reason: unknown, retryAfterMs = 0, now = Date.now()): void {
    this.#reason = reason;
    this.#probeAt = now + Math.max(PROBE_EVERY_MS, retryAfterMs);
  }

  close(): void {
    this.#reason = undefined;
  }
}
