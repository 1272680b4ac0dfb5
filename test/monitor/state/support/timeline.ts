import { MINUTE, World } from "./world";

/** A world in which waiting calls resume at their time, so that several can wait at once. */
export class Timeline extends World {
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  override pause(ms: number): Promise<void> {
    const at = this.now + ms;
    return new Promise((wake) => this.#sleepers.push({ at, wake }));
  }

  /** Lets seconds pass. @param each called at each full minute, before the calls that resume then */
  async wait(seconds: number, each: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await settled();
    const until = this.now + seconds * 1000;
    let minute = Math.floor(this.now / MINUTE) + 1;
    for (;;) {
      const next = Math.min(minute * MINUTE, ...this.#sleepers.map(({ at }) => at));
      if (next > until) break;
      this.now = Math.max(this.now, next);
      if (next === minute * MINUTE) {
        minute++;
        void each();
      } else {
        const due = this.#sleepers.filter(({ at }) => at === next);
        for (const one of due) this.#sleepers.splice(this.#sleepers.indexOf(one), 1);
        for (const { wake } of due) wake();
      }
      await settled();
    }
    this.now = until;
  }
}

/** All calls that can continue have done so. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
