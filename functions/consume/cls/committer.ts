import { setTimeout as wait } from "node:timers/promises";
import { retryDelay, type RetryPolicy } from "../../tencent/retry";
import { ServiceError } from "../../tencent/service-error";
import { isPassing, isThrottled } from "../../tencent/topic-reader/read-error";
import { LostPartitionError } from "../member";
import { type GroupClient, partitionKey, type TopicPartition } from "./group-client";

/** Milliseconds between two requests in the long run: CLS answers 20 a second, to all members together. */
const INTERVAL_MS = 50;

/** Requests that may follow each other at once after a rest. */
const BURST = 10;

/** Milliseconds at most, where members are so many that each has little of that. */
const MAX_INTERVAL_MS = 1_000;

/** Pauses while CLS is away. */
const PAUSES: RetryPolicy = { retries: Infinity, baseDelayMs: 200, maxDelayMs: 5_000 };

interface Waiting {
  readonly of: TopicPartition;
  readonly offset: number;
  /** Aborts when the partition is no longer ours. */
  readonly signal: AbortSignal;
  resolve(): void;
  reject(error: unknown): void;
}

/** Commits positions: those of several partitions in one request, one request at a time, until CLS has them. */
export class Committer {
  readonly #client: GroupClient;
  #intervalMs = INTERVAL_MS;
  readonly #waiting = new Map<string, Waiting>();
  #isAtWork = false;
  /** Until when the requests so far have used up what there is. */
  #spentUntil = 0;

  constructor(client: GroupClient) {
    this.#client = client;
  }

  /**
   * Resolves when CLS has the position. Throws {@link LostPartitionError} where CLS says that the partition is another
   * member's; the signal's reason; what no retry cures.
   */
  commit(of: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(partitionKey(of), { of, offset, signal, resolve, reject });
      if (!this.#isAtWork) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    // Those that are committed in the same turn travel together.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const all = [...this.#waiting.values()];
      this.#waiting.clear();
      await this.#send(all);
      await this.#rest();
    }
    this.#isAtWork = false;
  }

  /** Waits until the next request may follow. */
  async #rest(): Promise<void> {
    const now = performance.now();
    this.#spentUntil = Math.max(this.#spentUntil, now) + this.#intervalMs;
    const overMs = this.#spentUntil - now - BURST * INTERVAL_MS;
    if (overMs > 0) await wait(overMs);
  }

  async #send(all: readonly Waiting[]): Promise<void> {
    for (let failures = 1; ; failures++) {
      const due = all.filter(({ signal, reject }) => {
        if (signal.aborted) reject(signal.reason);
        return !signal.aborted;
      });
      if (due.length === 0) return;
      try {
        await this.#client.commit(due.map(({ of, offset }) => ({ ...of, offset })));
        this.#intervalMs = Math.max(INTERVAL_MS, this.#intervalMs * 0.9);
        return due.forEach(({ resolve }) => resolve());
      } catch (error) {
        if (error instanceof ServiceError && isThrottled(error)) {
          this.#intervalMs = Math.min(MAX_INTERVAL_MS, this.#intervalMs * 2);
          await wait(this.#intervalMs * (0.5 + Math.random()));
        } else if (error instanceof ServiceError && isPassing(error)) {
          await wait(retryDelay(PAUSES, failures));
        } else if (due.length > 1) {
          // One of them is refused: the others must not suffer from it.
          for (const one of due) await this.#send([one]);
          return;
        } else {
          return due[0].reject(refusalOf(due[0], error));
        }
      }
    }
  }
}

function refusalOf({ of, offset }: Waiting, error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.code !== "OperationDenied") return error;
  const what = `partition ${of.partition} of topic ${of.topicId}`;
  return new LostPartitionError(`${what} must be ours to commit ${offset}, got: ${error.message}`);
}
