import type { DevEvent, Happening } from "./events";

/** Events that are kept for readers that come late, or come back. */
const KEPT = 5_000;

/** Numbers what happens, keeps the last of it, and hands it to all readers. */
export class EventHub {
  #events: DevEvent[] = [];
  #last = 0;
  readonly #listeners = new Set<(event: DevEvent) => void>();

  tell(happening: Happening): void {
    const event = { ...happening, seq: ++this.#last, time: Date.now() };
    this.#events.push(event);
    // Cut now and then, not each time.
    if (this.#events.length > 2 * KEPT) this.#events = this.#events.slice(-KEPT);
    for (const listener of this.#listeners) listener(event);
  }

  get firstSeq(): number {
    return this.#events[0]?.seq ?? this.#last + 1;
  }

  /** @param after sequence number of the last event that the reader has @default none of those before */
  subscribe(listener: (event: DevEvent) => void, after = this.#last): () => void {
    for (const event of this.#events) if (event.seq > after) listener(event);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
