/** Counts requests of the last second, each kind on its own. By the machine's time: rates are about who asks. */
export class Rates {
  /** Whether requests are counted at all; tests that ask in a hurry turn it off. */
  enabled = true;
  private readonly requests = new Map<string, number[]>();

  /** Whether one more request of that kind may come; it is counted then. @param limit requests a second */
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
