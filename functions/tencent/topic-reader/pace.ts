/** Minimum milliseconds between two requests for a partition: half of CLS's limit. */
export const MIN_INTERVAL_MS = 10;

/** Maximum milliseconds between two requests while CLS throttles. */
const MAX_INTERVAL_MS = 30_000;

/** Milliseconds between two requests: longer when CLS throttles, then gradually back to normal. */
export class Pace {
  #intervalMs: number;

  constructor(private readonly baseIntervalMs: number) {
    this.#intervalMs = baseIntervalMs;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  slower(): void {
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(this.#intervalMs, 100) * 2);
  }

  faster(): void {
    this.#intervalMs = Math.max(this.baseIntervalMs, this.#intervalMs * 0.9);
  }
}
