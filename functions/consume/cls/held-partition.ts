import { setTimeout as wait } from "node:timers/promises";
import type { Attempts } from "../../tencent/topic-reader/attempts";
import { PULL_BYTES, type PullAnswer, type TopicClient } from "../../tencent/topic-reader/client";
import { BEHIND_MS } from "../../tencent/topic-reader/partition-reading";
import { MIN_INTERVAL_MS, Pace } from "../../tencent/topic-reader/pace";
import { isOffsetLost, unknownAnswer } from "../../tencent/topic-reader/read-error";
import { ServiceError } from "../../tencent/service-error";
import type { ConsumedBatch, ConsumedTopic, LostChoice, PartitionLag } from "../member";
import { LostPartitionError, LostPositionError, type MemberEvent } from "../member";
import { recordsOf } from "../record";
import { type Handed, Outstanding } from "../outstanding";
import type { Position } from "./positions";

/** Dependencies of a held partition. */
export interface HeldWork {
  readonly topic: ConsumedTopic;
  readonly client: TopicClient;
  readonly attempts: Attempts;
  /** Requests per second while no records are waiting. */
  readonly perSecond: number;
  readonly onLost: LostChoice;
  readonly until?: Date;
  /** Milliseconds by which CLS can be late with the last logs before `until`. */
  readonly lateMs: number;
  /** The offset for `from` in this partition; undefined if CLS does not tell it. */
  listed(partition: number, from: string): Promise<number | undefined>;
  /** Hands a batch over; resolves when it was taken. */
  hand(handed: Handed): Promise<void>;
  /** Loses all partitions if the session is over. */
  checkSession(): void;
  commit(partition: number, offset: number, signal: AbortSignal): Promise<void>;
  tell(event: MemberEvent): Promise<void>;
}

/** One partition while it is ours. It reads ahead by one batch, and hands over the next batch when the last is committed. */
export class HeldPartition {
  /** Whether logs are still written to it. */
  isOpen = true;
  /** Offset after the newest record, as far as is known. */
  endOffset: number | undefined;
  /** When CLS last answered, or there was nothing to request, in milliseconds of the monotonic clock. */
  answeredAt = performance.now();
  /** When the position last moved, or there was nothing to read. */
  movedAt = performance.now();
  /** Whether it was read to a known end. */
  isThrough = false;
  #position: number;
  /** Whether the records at the position are no longer retained. */
  #isLost: boolean;
  #committed: number;
  #behindMs: number | undefined;
  #untilOffset: number | undefined;
  #outstanding: Outstanding | undefined;
  readonly #work: HeldWork;
  readonly #pace: Pace;
  /** Stops reading. */
  readonly #stop = new AbortController();
  /** Aborts the handling of what was read. */
  readonly #lose = new AbortController();

  constructor(
    work: HeldWork,
    readonly partition: number,
    { offset, oldest }: Position,
  ) {
    this.#work = work;
    this.#position = this.#committed = offset;
    this.#isLost = offset < (oldest ?? 0);
    this.#pace = new Pace(1000 / work.perSecond);
  }

  get committed(): number {
    return this.#committed;
  }

  /** Whether a batch of it is being handled, or its lost position is being reported. */
  get isBusy(): boolean {
    return this.#isLost || this.#outstanding !== undefined;
  }

  get lag(): PartitionLag {
    const { topic } = this.#work;
    const offsets = this.endOffset === undefined ? undefined : Math.max(0, this.endOffset - this.#committed);
    const seconds = this.#behindMs === undefined ? undefined : this.#behindMs / 1000;
    return { topic, partition: this.partition, offsets, seconds };
  }

  /** Resolves when it is read to its end, or stopped. Throws errors that no retry can fix. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    try {
      // Not where the partition is taken: the report alerts people, which can take longer than a session.
      if (this.#isLost) await this.#skip();
      while (!this.isThrough) {
        const started = performance.now();
        const wasOpen = this.isOpen;
        const readAt = Date.now();
        const answer = await this.#pull();
        this.answeredAt = performance.now();
        if (!answer) continue;
        const isBehind = await this.#take(answer, readAt, wasOpen);
        const intervalMs = isBehind ? MIN_INTERVAL_MS : this.#pace.intervalMs;
        const leftMs = started + Math.max(MIN_INTERVAL_MS, intervalMs) - performance.now();
        if (leftMs > 0 && !this.isThrough) await wait(leftMs, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Stops reading; resolves when no batch of it is being handled any more. */
  async release(): Promise<void> {
    this.#stop.abort(new Error("the partition is released"));
    this.#outstanding?.withdraw();
    await this.#outstanding?.settled;
  }

  /** The partition is no longer ours: all work on it must end. */
  lose(reason: LostPartitionError): void {
    this.#stop.abort(reason);
    this.#lose.abort(reason);
    this.#outstanding?.settle();
  }

  /** The answer; undefined if the records at the position are no longer retained, and reading continues elsewhere. */
  async #pull(): Promise<PullAnswer | undefined> {
    const { client, attempts, topic } = this.#work;
    const { signal } = this.#stop;
    const asked = { partition: this.partition, offset: this.#position, startTime: 0, query: topic.query };
    const slower = (): void => {
      this.answeredAt = performance.now();
      this.#pace.slower();
    };
    try {
      const answer = await attempts.run(() => client.pull(asked, signal), slower);
      this.#pace.faster();
      return answer;
    } catch (error) {
      if (!(error instanceof ServiceError) || !isOffsetLost(error)) throw error;
      await this.#outstanding?.settled;
      await this.#skip();
      return undefined;
    }
  }

  /** Continues where `onLost` says. Before the position moves, it reports how many offsets are lost. */
  async #skip(): Promise<void> {
    this.#isLost = true;
    const { topic, onLost, listed, tell } = this.#work;
    const offset = this.#position;
    const resumedAt = (await listed(this.partition, onLost === "end" ? "end" : "begin")) ?? 0;
    const hole = Math.max(0, resumedAt - offset);
    await tell({ kind: "lost", topic, partition: this.partition, offset, resumedAt, hole });
    if (onLost === "fail") {
      throw new LostPositionError(
        `partition ${this.partition} of ${topic.name} must keep offset ${offset}, got ${resumedAt} as its oldest: ` +
          `${hole} are lost; start with --on-lost begin or end to go on`,
      );
    }
    this.#position = resumedAt;
    this.#isLost = false;
    this.movedAt = this.answeredAt = performance.now();
  }

  /** Hands over the records of an answer. Returns whether more are waiting. */
  async #take(answer: PullAnswer, readAt: number, wasOpen: boolean): Promise<boolean> {
    const { messages, serverTime } = await this.#cut(answer);
    const { bytes } = answer;
    const nextOffset = Math.min(answer.nextOffset ?? this.#position, this.#untilOffset ?? Infinity);
    if (answer.nextOffset === undefined && messages.length > 0) {
      throw unknownAnswer(`partition ${this.partition} must be answered with where to go on`, "NextOffset -1");
    }
    const received = Math.max(...messages.map(({ receivedAt = NaN }) => receivedAt));
    const isAtEnd = messages.length === 0 && nextOffset === this.#position;
    if (isAtEnd) this.#behindMs = 0;
    else if (serverTime !== undefined && received > 0) this.#behindMs = Math.max(0, serverTime - received);
    const records = messages.flatMap(({ logs }) => recordsOf(logs));
    // This batch waits here until the last one is committed.
    await this.#outstanding?.settled;
    this.#stop.signal.throwIfAborted();
    if (records.length > 0) {
      await this.#hand({
        records,
        readAt,
        startOffset: this.#position,
        nextOffset,
        receivedAt: received > 0 ? received : undefined,
      });
    } else if (nextOffset > this.#position) await this.#commit(nextOffset);
    if (nextOffset > this.#position) this.movedAt = performance.now();
    this.#position = nextOffset;
    const isLast = this.#untilOffset !== undefined ? nextOffset >= this.#untilOffset : isAtEnd && !wasOpen;
    if (isLast) {
      await this.#outstanding?.settled;
      this.isThrough = this.#committed >= nextOffset;
    }
    return !isAtEnd && (messages.length === 0 || bytes >= PULL_BYTES / 2 || (this.#behindMs ?? 0) > BEHIND_MS);
  }

  /** Leaves out logs that CLS received after `until`, and finds the offset of that time. */
  async #cut(answer: PullAnswer): Promise<Pick<PullAnswer, "messages" | "serverTime">> {
    const { until, lateMs, listed } = this.#work;
    const { messages, serverTime = Date.now() } = answer;
    if (!until) return answer;
    const isPast = ({ receivedAt = 0 }: { receivedAt?: number }): boolean => receivedAt >= until.getTime();
    const leftMs = until.getTime() + lateMs - serverTime;
    if (leftMs > 0) {
      if (!messages.some(isPast)) return answer;
      await wait(leftMs, undefined, { signal: this.#stop.signal });
    }
    this.#untilOffset ??= await listed(this.partition, String(Math.ceil(until.getTime() / 1000)));
    return { messages: messages.filter((message) => !isPast(message)), serverTime };
  }

  async #hand(
    of: Pick<ConsumedBatch, "records" | "readAt" | "startOffset" | "nextOffset" | "receivedAt">,
  ): Promise<void> {
    const outstanding = (this.#outstanding = new Outstanding());
    const { topic, checkSession } = this.#work;
    const { signal } = this.#lose;
    void outstanding.settled.then(() => {
      if (this.#outstanding === outstanding) this.#outstanding = undefined;
      this.movedAt = this.answeredAt = performance.now();
    });
    const batch: ConsumedBatch = {
      ...of,
      topic,
      partition: this.partition,
      signal,
      isOurs: () => {
        checkSession();
        return !signal.aborted;
      },
      commit: async () => {
        await this.#commit(of.nextOffset);
        outstanding.settle();
      },
    };
    const mayBegin = (): boolean => batch.isOurs() && this.#outstanding === outstanding && !this.#stop.signal.aborted;
    await this.#work.hand({ batch, take: () => (outstanding.isTaken = mayBegin()) });
  }

  async #commit(offset: number): Promise<void> {
    const { signal } = this.#lose;
    signal.throwIfAborted();
    await this.#work.commit(this.partition, offset, signal);
    signal.throwIfAborted();
    this.#committed = offset;
  }
}
