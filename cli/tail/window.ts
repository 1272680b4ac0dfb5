import { Earliest } from "./earliest";
import type { TailEvent } from "./events";
import { Traces } from "./traces";

interface Held {
  readonly event: TailEvent;
  /** Latest time to show it, in milliseconds. */
  readonly due: number;
}

/** Position in a writer's events. */
interface Cursor {
  readonly queue: readonly Held[];
  /** Of events with the same time, the first to arrive is shown first. */
  readonly index: number;
  at: number;
}

/**
 * Orders the events of several writers by time, as far as they arrive within a window. Each writer's events stay in
 * order, and the lines of a stack stay together. Events older than the window do not wait.
 */
export class OrderWindow {
  readonly #windowMs: number;
  readonly #queues = new Map<string, Held[]>();

  /** @param windowMs milliseconds; 0 shows everything on arrival */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** @param writer whose order is kept: an instance, or a request @param now milliseconds */
  push(writer: string, event: TailEvent, now: number): void {
    this.#queueOf(writer).push({ event, due: Math.min(now, event.time / 1000) + this.#windowMs });
  }

  /**
   * The same for unordered events, such as the logs of a topic with several partitions: they are inserted before later
   * ones.
   */
  insert(writer: string, event: TailEvent, now: number): void {
    const queue = this.#queueOf(writer);
    let at = queue.length;
    while (at > 0 && queue[at - 1].event.time > event.time) at--;
    queue.splice(at, 0, { event, due: Math.min(now, event.time / 1000) + this.#windowMs });
  }

  #queueOf(writer: string): Held[] {
    let queue = this.#queues.get(writer);
    if (!queue) this.#queues.set(writer, (queue = []));
    return queue;
  }

  /** What is due, in order. @param now Infinity for everything */
  take(now: number): TailEvent[] {
    const taken: TailEvent[] = [];
    if (this.#windowMs === 0) now = Infinity;
    const cursors = [...this.#queues].map(([writer, queue], index) => ({ writer, queue, index, at: 0 }));
    const isDue = ({ queue, at }: Cursor) => at < queue.length && queue[at].due <= now;
    const heads = new Earliest<Cursor>(cursors, isEarlier);
    let due = cursors.filter(isDue).length;
    while (due > 0) {
      const next = heads.first;
      if (isDue(next)) due--;
      const traces = new Traces();
      do {
        const { event } = next.queue[next.at++];
        taken.push(event);
        if (isLine(event)) traces.continues(event.text);
      } while (next.at < next.queue.length && belongs(traces, next.queue[next.at].event));
      if (isDue(next)) due++;
      heads.firstChanged();
    }
    for (const { writer, queue, at } of cursors) {
      if (at === queue.length) this.#queues.delete(writer);
      else if (at > 0) this.#queues.set(writer, queue.slice(at));
    }
    return taken;
  }

  /** When something is next due, in milliseconds; undefined if nothing is held. */
  get nextDue(): number | undefined {
    const heads = [...this.#queues.values()].map(([{ due }]) => due);
    return heads.length === 0 ? undefined : Math.min(...heads);
  }
}

function isEarlier(one: Cursor, other: Cursor): boolean {
  const [time, otherTime] = [timeAt(one), timeAt(other)];
  return time < otherTime || (time === otherTime && one.index < other.index);
}

function timeAt({ queue, at }: Cursor): number {
  return at < queue.length ? queue[at].event.time : Infinity;
}

function isLine(event: TailEvent): event is TailEvent & { type: "line" | "late" } {
  return event.type === "line" || event.type === "late";
}

function belongs(traces: Traces, event: TailEvent): boolean {
  return isLine(event) && traces.belongs(event.text);
}
