import { setTimeout as wait } from "node:timers/promises";

/** How often requests can be sent. */
export interface Rate {
  /** Maximum requests in any minute. */
  readonly perMinute: number;
  /** Minimum milliseconds between two requests. */
  readonly spacingMs: number;
}

const MINUTE_MS = 60_000;

/** Keeps requests within a rate. Tests can use another clock. */
export class RateLimiter {
  readonly #rate: Rate;
  readonly #now: () => number;
  /** When the requests of the last minute were sent, and when reserved ones will be. */
  #times: number[] = [];

  constructor(rate: Rate, now: () => number = Date.now) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Milliseconds until the next request can be sent. */
  delay(): number {
    const now = this.#now();
    this.#times = this.#times.filter((time) => time > now - MINUTE_MS);
    const last = this.#times.at(-1) ?? -Infinity;
    const oldest = this.#times.at(-this.#rate.perMinute) ?? -Infinity;
    return Math.max(0, last + this.#rate.spacingMs - now, oldest + MINUTE_MS - now);
  }

  /** The same, and counts the request as sent then. */
  reserve(): number {
    const delay = this.delay();
    this.#times.push(this.#now() + delay);
    return delay;
  }

  /** Resolves when the next request can be sent; rejects with the signal's reason when it aborts. */
  async take(signal: AbortSignal): Promise<void> {
    const delay = this.reserve();
    if (delay > 0) await wait(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

const limiters = new Map<string, RateLimiter>();

/** The limiter of that name: it lives as long as the function's instance, across invocations. */
export function sharedLimiter(name: string, rate: Rate): RateLimiter {
  const limiter = limiters.get(name) ?? new RateLimiter(rate);
  limiters.set(name, limiter);
  return limiter;
}
