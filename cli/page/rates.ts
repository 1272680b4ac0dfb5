import type { Count } from "./items";

/** Seconds over which a rate is averaged. */
const WINDOW = 5;

/** How much passed edges and nodes, in total and in the last seconds. */
export class Rates {
  readonly #counters = new Map<string, { total: number; unit: string; seconds: number[]; at: number }>();
  readonly #now: () => number;
  readonly #told = new Map<string, string>();

  /** @param now milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  add(id: string, amount: number, unit: string): void {
    const counter = this.#counters.get(id) ?? { total: 0, unit, seconds: [], at: this.#second };
    this.#counters.set(id, counter);
    this.#pass(counter);
    counter.total += amount;
    counter.seconds[counter.seconds.length - 1] += amount;
  }

  /** All counts, or those that changed since they were last returned. */
  counts({ changed = false } = {}): Record<string, Count> {
    const counts: Record<string, Count> = {};
    for (const [id, counter] of this.#counters) {
      this.#pass(counter);
      const { total, unit, seconds } = counter;
      // The current second is incomplete: it would make every rate too small.
      const past = seconds.slice(0, -1);
      const perSecond = past.reduce((sum, one) => sum + one, 0) / WINDOW;
      const count = { total, perSecond, unit };
      const text = `${total} ${perSecond}`;
      if (changed && this.#told.get(id) === text) continue;
      this.#told.set(id, text);
      counts[id] = count;
    }
    return counts;
  }

  get #second(): number {
    return Math.floor(this.#now() / 1000);
  }

  /** Advances by the seconds that have passed. */
  #pass(counter: { seconds: number[]; at: number }): void {
    const gone = Math.min(this.#second - counter.at, WINDOW + 1);
    for (let second = 0; second < gone; second++) counter.seconds.push(0);
    counter.at = this.#second;
    if (counter.seconds.length === 0) counter.seconds.push(0);
    counter.seconds.splice(0, counter.seconds.length - WINDOW - 1);
  }
}
