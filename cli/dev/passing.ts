import type { LocalCloud } from "../../local";

/** Milliseconds from a record until the time passes that CLS waits for more of them. */
const GATHER_MS = 150;
/** Topics that lead to topics: where they lead on and on, real time is what is left. */
const MAX_ROUNDS = 8;

/**
 * Lets time pass where CLS would wait, minutes for a shipper and seconds for a delivery, so that what is written into a topic
 * comes to its function at once. Else the cloud's time is the machine's, and runs on by itself. Close it.
 */
export class Passing {
  readonly #topics = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #passing: Promise<void> = Promise.resolve();
  #closed = false;
  #unfollow: () => void;

  constructor(private readonly cloud: LocalCloud) {
    this.#unfollow = cloud.clock.follow();
  }

  /** Records came into a topic. */
  received(topicId: string): void {
    this.#topics.add(topicId);
    this.#timer ??= setTimeout(() => void this.passed().catch(() => undefined), GATHER_MS);
  }

  /** Resolves when what came in has gone through all that it leads to. */
  passed(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#passing = this.#passing.catch(() => undefined).then(() => this.#pass());
    return this.#passing;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#unfollow();
  }

  async #pass(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS && !this.#closed; round++) {
      const seconds = this.#wait();
      if (seconds > 0) await this.#advance(seconds);
      await this.cloud.settled();
      if (this.#topics.size === 0) return;
    }
  }

  /** From there on time runs on as before. */
  async #advance(seconds: number): Promise<void> {
    this.#unfollow();
    await this.cloud.clock.advance(seconds * 1000);
    this.#unfollow = this.#closed ? () => undefined : this.cloud.clock.follow();
  }

  /** How long CLS would wait for what came in, in seconds. */
  #wait(): number {
    const topics = new Set(this.#topics);
    this.#topics.clear();
    const shippers = this.cloud.cls.allShippers().filter(({ topic }) => topics.has(topic.id));
    const deliveries = this.cloud.deliveries.all().filter(({ topic }) => topics.has(topic.id));
    return Math.max(
      0,
      ...shippers.map(({ spec }) => spec.intervalSeconds),
      ...deliveries.map(({ spec }) => spec.waitSeconds),
    );
  }
}
