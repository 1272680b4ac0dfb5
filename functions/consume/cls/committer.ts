import { setTimeout as wait } from "node:timers/promises";
import { retryDelay, type RetryPolicy } from "../../tencent/retry";
import { ServiceError } from "../../tencent/service-error";
import { isPassing, isThrottled } from "../../tencent/topic-reader/read-error";
import { LostPartitionError } from "../member";
import { type GroupClient, isOwnedByOther, partitionKey, type TopicPartition } from "./group-client";

/** Average milliseconds between two requests: CLS answers 20 a second, for all members together. */
const INTERVAL_MS = 50;

/** Requests that can follow each other immediately after a pause. */
const BURST = 10;

/** Maximum milliseconds between two requests, if many members share CLS's limit. */
const MAX_INTERVAL_MS = 1_000;

/** Pauses while CLS is not reachable. */
const PAUSES: RetryPolicy = { retries: Infinity, baseDelayMs: 200, maxDelayMs: 5_000 };

interface Waiting {
  readonly of: TopicPartition;
  readonly offset: number;
  /** Aborts when the partition is no longer ours. */
  readonly signal: AbortSignal;
  resolve(): void;
  reject(error: unknown): void;
}

/** Commits positions, those of several partitions in one request, one request at a time, until CLS has stored them. */
export class Committer {
  readonly #client: GroupClient;
  #intervalMs = INTERVAL_MS;
  readonly #waiting = new Map<string, Waiting>();
  #isAtWork = false;
  /** Time until which the rate limit is used up by the requests so far. */
  #spentUntil = 0;

  constructor(client: GroupClient) {
    this.#client = client;
  }

  /**
   * Resolves when CLS has stored the position. Throws {@link LostPartitionError} if CLS says that the partition belongs to
   * another member, the signal's reason, or an error that no retry can fix.
   */
  commit(of: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(partitionKey(of), { of, offset, signal, resolve, reject });
      if (!this.#isAtWork) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    // Positions that are committed in the same turn share a request.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const all = [...this.#waiting.values()];
      this.#waiting.clear();
      await this.#send(all);
      await this.#rest();
    }
    this.#isAtWork = false;
  }

  /** Waits until the next request is allowed. */
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
          // One of them is refused. Send each alone, so that the others are committed.
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
  if (!isOwnedByOther(error)) return error;
  const what = `partition ${of.partition} of topic ${of.topicId}`;
  return new LostPartitionError(`${what} must be ours to commit ${offset}, got: ${error.message}`);
}
