import { setTimeout as wait } from "node:timers/promises";
import { ServiceError } from "../service-error";
import type { Attempts } from "./attempts";
import { PULL_BYTES, type Partition, type PullAnswer, type TopicClient } from "./client";
import { logsOf } from "./log-group";
import { MIN_INTERVAL_MS, Pace } from "./pace";
import type { ReadBatch, ReadEvent, TopicRead } from "./read";
import { isOffsetLost, unknownAnswer } from "./read-error";

/** Dependencies of a read by pulling. */
export interface PullWork {
  readonly client: TopicClient;
  readonly attempts: Attempts;
  readonly read: TopicRead;
  readonly emit: (event: ReadEvent) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Position of a partition's read: an offset, or before the first answer a time in seconds since 1970. */
export interface Position {
  readonly offset?: number;
  readonly startTime: number;
}

/** The oldest retained log. */
export const BEGIN: Position = { startTime: 0 };

/** Milliseconds: logs that are older than this when they are read show that more are waiting. */
export const BEHIND_MS = 2_000;

/** Milliseconds by which CLS can be late with the last logs before `until`. */
const UNTIL_GRACE_MS = 5_000;

/** Reads one partition from a position on. */
export class PartitionReading {
  /** Whether logs are still written to the partition. */
  isOpen: boolean;
  readonly #id: number;
  readonly #work: PullWork;
  readonly #pace: Pace;
  #position: Position;

  constructor(work: PullWork, { id, isOpen }: Partition, position: Position) {
    this.#work = work;
    this.#id = id;
    this.isOpen = isOpen;
    this.#position = position;
    this.#pace = new Pace(1000 / (work.read.perSecond ?? 1));
  }

  /** Resolves when there is nothing more to read, which may be never. */
  async run(): Promise<void> {
    const { emit, signal } = this.#work;
    for (;;) {
      const started = performance.now();
      const wasOpen = this.isOpen;
      const answer = await this.#pull();
      let { intervalMs } = this.#pace;
      if (answer) {
        const batch = this.#batchOf(answer);
        await emit(batch);
        if (this.#isOver(answer, batch, wasOpen)) return;
        if (this.#isBehind(answer, batch)) intervalMs = MIN_INTERVAL_MS;
      }
      signal.throwIfAborted();
      const leftMs = started + Math.max(MIN_INTERVAL_MS, intervalMs) - performance.now();
      if (leftMs > 0) await wait(leftMs, undefined, { signal });
    }
  }

  /** The answer; undefined if the logs at the offset are no longer retained, and the read continues elsewhere. */
  async #pull(): Promise<PullAnswer | undefined> {
    const { client, attempts, read, emit, signal } = this.#work;
    const { until, query } = read;
    const endTime = until && Math.ceil(until.getTime() / 1000);
    const asked = { partition: this.#id, ...this.#position, endTime, query };
    try {
      const answer = await attempts.run(
        () => client.pull(asked, signal),
        () => this.#pace.slower(),
      );
      this.#pace.faster();
      return answer;
    } catch (error) {
      const { offset } = this.#position;
      if (!(error instanceof ServiceError) || !isOffsetLost(error) || offset === undefined) throw error;
      this.#position = BEGIN;
      await emit({ kind: "notice", notice: "lost", partition: this.#id, offset, message: error.message });
      return undefined;
    }
  }

  /** Moves the position to the answer's offset. */
  #batchOf({ messages, nextOffset, serverTime }: PullAnswer): ReadBatch {
    const { offset } = this.#position;
    if (nextOffset !== undefined) this.#position = { offset: nextOffset, startTime: 0 };
    else if (messages.length > 0 && !this.#work.read.until) {
      throw unknownAnswer(
        `partition ${this.#id} must be answered with where to go on, got NextOffset -1 with ${messages.length} messages`,
        "NextOffset -1",
      );
    }
    const received = Math.max(...messages.map(({ receivedAt = NaN }) => receivedAt));
    const behindMs = serverTime !== undefined && received > 0 ? Math.max(0, serverTime - received) : undefined;
    return {
      kind: "logs",
      logs: logsOf(messages),
      partition: this.#id,
      ...(offset !== undefined && { offset }),
      ...(this.#position.offset !== undefined && { nextOffset: this.#position.offset }),
      end: messages.length === 0 && (nextOffset === undefined || nextOffset === offset),
      ...(behindMs !== undefined && { behindMs }),
    };
  }

  #isOver({ nextOffset, serverTime = 0 }: PullAnswer, { end }: ReadBatch, wasOpen: boolean): boolean {
    const { follow = true, until } = this.#work.read;
    if (until && nextOffset === undefined) return true;
    if (!end) return false;
    return !follow || !wasOpen || (until !== undefined && serverTime > until.getTime() + UNTIL_GRACE_MS);
  }

  /** Whether more logs are waiting in the partition, as far as can be seen. */
  #isBehind({ bytes, messages }: PullAnswer, { end, behindMs = 0 }: ReadBatch): boolean {
    const { follow = true } = this.#work.read;
    if (end) return false;
    return !follow || messages.length === 0 || bytes >= PULL_BYTES / 2 || behindMs > BEHIND_MS;
  }
}
