import type { LocalCloud } from "../../local";

/** Milliseconds from a record until the time is advanced by CLS's wait for more records. */
const GATHER_MS = 150;
/** Maximum topics in a chain: for longer ones, the rest takes real time. */
const MAX_ROUNDS = 8;

/**
 * Advances the time when CLS would wait, minutes for a shipper and seconds for a delivery, so that records of a topic
 * reach their function immediately. Otherwise the cloud's time follows the machine's. Close it after use.
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

  /** Call it when a topic received records. */
  received(topicId: string): void {
    this.#topics.add(topicId);
    this.#timer ??= setTimeout(() => void this.passed().catch(() => undefined), GATHER_MS);
  }

  /** Resolves when the records have passed through everything that they lead to. */
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

  /** From then on, the time continues as before. */
  async #advance(seconds: number): Promise<void> {
    this.#unfollow();
    await this.cloud.clock.advance(seconds * 1000);
    this.#unfollow = this.#closed ? () => undefined : this.cloud.clock.follow();
  }

  /** CLS's wait for the received records, in seconds. */
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
