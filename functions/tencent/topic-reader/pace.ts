/** Milliseconds between two requests for a partition at least, whatever waits there: half of what CLS takes. */
export const MIN_INTERVAL_MS = 10;

/** Milliseconds between two requests at most, where CLS asks for fewer. */
const MAX_INTERVAL_MS = 30_000;

/** Milliseconds between two requests: longer when CLS asks for fewer, and by and by as before. */
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
