/** Counts requests of the last second by kind. It uses the machine's time, because rates concern the callers. */
export class Rates {
  /** Whether requests are limited; tests with many requests turn it off. */
  enabled = true;
  private readonly requests = new Map<string, number[]>();

  /** Whether one more request of that kind is allowed; it is then counted. @param limit requests per second */
  take(kind: string, limit: number): boolean {
    if (!this.enabled) return true;
    const now = performance.now();
    const recent = (this.requests.get(kind) ?? []).filter((time) => now - time < 1000);
    this.requests.set(kind, recent);
    if (recent.length >= limit) return false;
    recent.push(now);
    return true;
  }
}
