import { setTimeout as wait } from "node:timers/promises";
import { LinkedAbort } from "../../runtime/linked-abort";
import type { Partition } from "./client";
import { BEGIN, PartitionReading, type Position, type PullWork } from "./partition-reading";
import type { ReadFrom } from "./read";

/** Milliseconds between two checks of the topic's partitions: CLS answers 20 a second, for all readers together. */
const MAX_LOOK_INTERVAL_MS = 5_000;
const MIN_LOOK_INTERVAL_MS = 1_000;

/** Requests for a partition between two checks. */
const PULLS_PER_LOOK = 10;

/** Reads all partitions of a topic in parallel, including new ones. Rejects with the error that ends the read. */
export async function pullTopic(work: PullWork): Promise<void> {
  const { client, attempts, read, emit, signal } = work;
  const { follow = true, until } = read;
  const pullsMs = (PULLS_PER_LOOK * 1000) / (read.perSecond ?? 1);
  const lookMs = Math.min(MAX_LOOK_INTERVAL_MS, Math.max(MIN_LOOK_INTERVAL_MS, pullsMs));
  const list = (): Promise<Partition[]> => attempts.run(() => client.partitions(signal));
  const partitions = new Partitions(work);
  partitions.take(await list(), true, client.now);
  if (!follow) return partitions.settled(Infinity, signal);
  for (;;) {
    await partitions.settled(lookMs, signal);
    const added = partitions.take(await list(), false, client.now);
    const ended = partitions.takeEnded();
    if (added.length > 0 || ended.length > 0) await emit({ kind: "notice", notice: "partitions", added, ended });
    // A split just before the end creates partitions that only another check shows, which has happened by now.
    if (until !== undefined && partitions.running === 0) return;
  }
}

/** The partitions that are or were read. */
class Partitions {
  readonly #work: PullWork;
  readonly #readings = new Map<number, PartitionReading>();
  readonly #running = new Map<number, Promise<void>>();
  #ended: number[] = [];
  #failure: { error: unknown } | undefined;

  constructor(work: PullWork) {
    this.#work = work;
  }

  get running(): number {
    return this.#running.size;
  }

  /**
   * Begins to read new partitions; returns them.
   *
   * @param isFirst whether they existed when the read began
   * @param now CLS's time, in milliseconds since 1970
   */
  take(listed: readonly Partition[], isFirst: boolean, now: number): number[] {
    const added: number[] = [];
    for (const partition of listed) {
      const reading = this.#readings.get(partition.id);
      if (reading) {
        reading.isOpen &&= partition.isOpen;
        continue;
      }
      this.#start(partition, positionOf(this.#work.read.from, partition.id, isFirst, now));
      added.push(partition.id);
    }
    return added;
  }

  /** The partitions that were read to their end since the last call. */
  takeEnded(): number[] {
    return this.#ended.splice(0);
  }

  /** Resolves when no partition is read any more, or after a time; rejects with the first failure. */
  async settled(ms: number, signal: AbortSignal): Promise<void> {
    const timer = new LinkedAbort(signal);
    const all = Promise.all(this.#running.values());
    const due = ms === Infinity ? all : wait(ms, undefined, { signal: timer.signal }).catch(() => undefined);
    try {
      await (this.running > 0 ? Promise.race([all, due]) : due);
    } finally {
      timer.abort(new Error("not waited for any more"));
    }
    signal.throwIfAborted();
    if (this.#failure) throw this.#failure.error;
  }

  #start(partition: Partition, position: Position): void {
    const reading = new PartitionReading(this.#work, partition, position);
    this.#readings.set(partition.id, reading);
    const run = reading.run().then(
      () => {
        this.#running.delete(partition.id);
        this.#ended.push(partition.id);
      },
      (error: unknown) => {
        this.#failure ??= { error };
        throw error;
      },
    );
    // The waiter for all partitions reports it; between two waits, `#failure` stores it.
    run.catch(() => undefined);
    this.#running.set(partition.id, run);
  }
}

function positionOf(from: ReadFrom, partition: number, isFirst: boolean, now: number): Position {
  if (from instanceof Date || from === "end") {
    // A partition that was created later contains nothing older than this read.
    const time = from === "end" ? now : from.getTime();
    return isFirst ? { startTime: Math.max(0, Math.floor(time / 1000)) } : BEGIN;
  }
  const offset = from === "begin" ? undefined : from[partition];
  return offset === undefined ? BEGIN : { offset, startTime: 0 };
}
