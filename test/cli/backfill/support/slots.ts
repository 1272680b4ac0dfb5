import type { Fate } from "../../../../cli/backfill/journal";
import type { Engine, Tell, Timing } from "../../../../cli/backfill/runner";
import { SimulatedClock } from "../../../../local/clock";
import { seeded } from "../../../faults/support/random";

/** Simulates SCF on the local cloud's clock: only invocations take time. */
export class SimulatedSlots implements Engine {
  readonly clock = new SimulatedClock();
  readonly tell: Tell = { ended: () => undefined, progress: () => undefined };
  /** Maximum concurrent invocations. */
  most = 0;
  #running = 0;
  #calls = 0;
  readonly #ends = new Map<string, Fate>();
  readonly #random: () => number;
  readonly #failing: (n: number) => boolean;
  readonly #asked: Map<number, number>;

  /**
   * @param options.failing objects that are retried until they are left to a note
   * @param options.known earlier requests to SCF
   */
  constructor(options: { seed: number; failing?: (n: number) => boolean; known?: Map<number, number> }) {
    this.#random = seeded(options.seed + 1);
    this.#failing = options.failing ?? (() => false);
    this.#asked = options.known ?? new Map<number, number>();
    // Invocations of an earlier process have ended by now.
    for (const n of this.#asked.keys()) this.#ends.set(`o${n}`, { outcome: "done", records: 2 });
  }

  get timing(): Timing {
    const { clock } = this;
    return {
      now: () => clock.now(),
      wait: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const abort = (): void => {
            timer.cancel();
            reject(signal.reason as Error);
          };
          // A long-lived signal searches all its listeners for one to remove.
          const timer = clock.setTimer(milliseconds, () => {
            signal.removeEventListener("abort", abort);
            resolve();
          });
          signal.addEventListener("abort", abort, { once: true });
        }),
      holdMs: 20_000,
      patienceMs: 300_000,
    };
  }

  invoke(event: object): Promise<string> {
    const { n } = event as { n: number };
    this.#calls++;
    this.#asked.set(n, (this.#asked.get(n) ?? 0) + 1);
    if (!this.#failing(n)) {
      this.#running++;
      this.most = Math.max(this.most, this.#running);
      this.clock.setTimer(100 + this.#random() * 2_000, () => {
        this.#running--;
        this.#ends.set(`o${n}`, { outcome: "done", records: 2 });
      });
    }
    return Promise.resolve(`request-${this.#calls}`);
  }

  look(id: string): Promise<Fate | undefined> {
    return Promise.resolve(this.#ends.get(id));
  }

  giveUp(): Promise<Fate> {
    return Promise.resolve({ outcome: "quarantined", records: 0, reason: "refused" });
  }

  /** Advances the time until it ends, or that many calls were made. */
  async runUntil(done: Promise<void>, calls = Infinity, enough: () => void = () => undefined): Promise<void> {
    let hasEnded = false;
    const ended = done.finally(() => (hasEnded = true));
    ended.catch(() => undefined);
    while (!hasEnded) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#calls >= calls) {
        enough();
        await ended.catch(() => undefined);
        return;
      }
      await this.clock.advance(50);
    }
    await ended;
  }
}
