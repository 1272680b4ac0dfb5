/** Milliseconds between two probes of an output that is down. */
const PROBE_EVERY_MS = 15_000;

/**
 * What is known of a destination in one invocation. Once it took all tries of a batch and refused each, the batches after
 * it are not sent: each would cost as many tries, for which the other outputs would wait. Now and then one is sent once, as
 * a probe.
 */
export class Breaker {
  #reason: unknown;
  #probeAt = 0;

  /** Why nothing is sent; undefined where things are, or where it is time for a probe. */
  refusal(now = Date.now()): unknown {
    if (this.#reason === undefined || now < this.#probeAt) return this.#reason;
    this.#probeAt = now + PROBE_EVERY_MS;
    return undefined;
  }

  /** Whether what is sent now is a probe. */
  get isOpen(): boolean {
    return this.#reason !== undefined;
  }

  /** @param reason what the last try failed with @param retryAfterMs for how long the service wants to hear nothing */
  open(reason: unknown, retryAfterMs = 0, now = Date.now()): void {
    this.#reason = reason;
    this.#probeAt = now + Math.max(PROBE_EVERY_MS, retryAfterMs);
  }

  close(): void {
    this.#reason = undefined;
  }
}
