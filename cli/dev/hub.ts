import type { DevEvent, Happening } from "./events";

/** Number of events that are stored for readers that start late, or reconnect. */
const KEPT = 5_000;

/** Numbers events, stores the latest ones, and passes them to all readers. */
export class EventHub {
  #events: DevEvent[] = [];
  #last = 0;
  readonly #listeners = new Set<(event: DevEvent) => void>();

  tell(happening: Happening): void {
    const event = { ...happening, seq: ++this.#last, time: Date.now() };
    this.#events.push(event);
    // Truncated occasionally, not each time.
    if (this.#events.length > 2 * KEPT) this.#events = this.#events.slice(-KEPT);
    for (const listener of this.#listeners) listener(event);
  }

  get firstSeq(): number {
    return this.#events[0]?.seq ?? this.#last + 1;
  }

  /** @param after sequence number of the last event that the reader has @default no stored events */
  subscribe(listener: (event: DevEvent) => void, after = this.#last): () => void {
    for (const event of this.#events) if (event.seq > after) listener(event);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
