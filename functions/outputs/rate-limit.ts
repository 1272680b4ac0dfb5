import { setTimeout as wait } from "node:timers/promises";

/** How often requests may be sent. */
export interface Rate {
  /** Requests in any minute. */
  readonly perMinute: number;
  /** Milliseconds between two requests. */
  readonly spacingMs: number;
}

const MINUTE_MS = 60_000;

/** Keeps requests within a rate. The clock can be another for tests. */
export class RateLimiter {
  readonly #rate: Rate;
  readonly #now: () => number;
  /** When requests were sent, or will be, in the last minute. */
  #times: number[] = [];

  constructor(rate: Rate, now: () => number = Date.now) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Milliseconds until the next request may be sent. */
  delay(): number {
    const now = this.#now();
    this.#times = this.#times.filter((time) => time > now - MINUTE_MS);
    const last = this.#times.at(-1) ?? -Infinity;
    const oldest = this.#times.at(-this.#rate.perMinute) ?? -Infinity;
    return Math.max(0, last + this.#rate.spacingMs - now, oldest + MINUTE_MS - now);
  }

  /** The same; it counts as sent then. */
  reserve(): number {
    const delay = this.delay();
    this.#times.push(this.#now() + delay);
    return delay;
  }

  /** Resolves when the next request may be sent; rejects with the signal's reason when it aborts. */
  async take(signal: AbortSignal): Promise<void> {
    const delay = this.reserve();
    if (delay > 0) await wait(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

const limiters = new Map<string, RateLimiter>();

/** The limiter of that name: one for as long as the function's instance lives, since invocations follow each other. */
export function sharedLimiter(name: string, rate: Rate): RateLimiter {
  const limiter = limiters.get(name) ?? new RateLimiter(rate);
  limiters.set(name, limiter);
  return limiter;
}
