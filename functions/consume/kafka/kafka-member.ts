import { setTimeout as wait } from "node:timers/promises";
import { GroupMembership } from "../group-membership";
import { type ConsumedBatch, type ConsumedTopic, LostPartitionError, type PartitionLag } from "../member";
import { Outstanding } from "../outstanding";
import { MessageRecord } from "../record";
import { type Held, keyOf, lagOf, messagesFrom } from "./held";
import { type KafkaMemberOptions, saslOf } from "./kafka-options";
import type { KafkaBatch, KafkaConsumer, KafkaFault } from "./kafka-part";
import { KafkaPositions } from "./kafka-positions";
import { requirePrivate, requirePrivateBrokers } from "./plaintext";

/** Milliseconds between two checks of the lag of the partitions. */
const LOOK_MS = 5_000;

/** The minimum that a broker accepts by default. */
const SESSION_SECONDS = 6;

/** Errors that mean that the partitions belong to other members by now. */
const EXPELLED = /UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION|FENCED_INSTANCE_ID|NOT_COORDINATOR_FOR_GROUP_MEMBER/;
const REBALANCING = /REBALANCE_IN_PROGRESS/;

/** A member of a Kafka consumer group, at CLS's or any other brokers. */
export class KafkaMember extends GroupMembership {
  readonly what: string;
  readonly #options: KafkaMemberOptions;
  readonly #held = new Map<string, Held>();
  #consumer: KafkaConsumer | undefined;
  #positions: KafkaPositions | undefined;
  #answeredAt = performance.now();
  #memberId = "";
  /** When the group last confirmed our membership, in milliseconds of the monotonic clock. */
  #beatAt = performance.now();
  /** Heartbeat of the latest batch in progress, which keeps the session alive. */
  #beat: (() => Promise<void>) | undefined;

  constructor(options: KafkaMemberOptions) {
    super(options);
    this.#options = options;
    const names = options.topics.map(({ name }) => name).join(", ");
    this.what = `group ${options.group} at ${options.brokers.join(", ")}, topics ${names}`;
  }

  protected async isThere({ topicId }: ConsumedTopic): Promise<boolean> {
    const bounds = (this.#consumer as KafkaConsumer).bounds(topicId);
    return bounds.then(
      () => true,
      () => false,
    );
  }

  protected lags(): PartitionLag[] {
    return [...this.#held.values()].map(lagOf);
  }

  protected loseAll(reason: LostPartitionError): void {
    for (const key of this.#held.keys()) this.#lose(key, reason.message);
  }

  protected async run(): Promise<void> {
    const {
      part,
      brokers,
      consumer: clientId,
      group,
      topics,
      sessionSeconds = SESSION_SECONDS,
      concurrency = 32,
    } = this.#options;
    const sessionMs = sessionSeconds * 1000;
    if (!this.#options.allowPlaintext) await requirePrivateBrokers(brokers);
    const consumer = await part.connectConsumer({
      clientId,
      brokers,
      credentials: saslOf(this.#options),
      group,
      topics: topics.map(({ topicId }) => topicId),
      sessionMs,
      concurrency,
      allowAddress: this.#options.allowPlaintext ? () => undefined : requirePrivate,
      absent: (topicId) => {
        for (const topic of topics.filter((one) => one.topicId === topicId)) {
          this.absent.set(topic, `topic ${topicId} must be there at ${brokers.join(", ")}, got none of that name`);
        }
      },
      joined: (assignment, memberId) => this.#joined(assignment, memberId),
      rebalancing: () => (this.isJoined = false),
      answered: (isHeartbeat) => {
        this.#answeredAt = performance.now();
        if (isHeartbeat) this.#beatAt = this.#answeredAt;
      },
      failed: (fault) => this.fail(new Error(`${this.what} does not work any more: ${fault.code}`)),
    });
    this.#consumer = consumer;
    if (this.ending.signal.aborted) return consumer.leave();
    await this.tellAbsent();
    const there = topics.filter((topic) => !this.absent.has(topic));
    const positions = new KafkaPositions(consumer, { ...this.#options, topics: there });
    this.#positions = positions;
    let isNew = false;
    for (const topic of there) isNew = (await positions.begin(topic)) || isNew;
    await this.tell({ kind: "joined", group, isNew });
    await consumer.run((batch) => this.#take(batch));
    await Promise.all([
      this.#keepSession(sessionMs),
      this.#look(consumer, positions, there),
      this.lookForAbsent(this.ending.signal),
    ]);
  }

  #joined(assignment: Readonly<Record<string, readonly number[]>>, memberId: string): void {
    const isSame = memberId === this.#memberId;
    this.#memberId = memberId;
    this.#beatAt = performance.now();
    this.isJoined = true;
    this.rebalanced();
    const mine = new Set<string>();
    for (const topic of this.topics) {
      for (const partition of assignment[topic.topicId] ?? []) {
        const key = keyOf(topic.topicId, partition);
        mine.add(key);
        // Work in progress is finished, unless another member had the partition in the meantime.
        if (isSame && this.#held.has(key)) continue;
        this.#lose(key, "the group had expelled this member");
        const committed = this.#held.get(key)?.committed;
        this.#held.set(key, { topic, partition, committed, expected: committed, movedAt: performance.now() });
        void this.tell({ kind: "assigned", topic, partition });
      }
    }
    for (const [key, { topic, partition }] of this.#held) {
      if (mine.has(key)) continue;
      this.#lose(key, "it went to another member");
      this.#held.delete(key);
      void this.tell({ kind: "released", topic, partition });
    }
  }

  /** Hands a batch over. Resolves when it is committed or no longer being handled, to whether it is done. */
  async #take(batch: KafkaBatch): Promise<boolean> {
    const readAt = Date.now();
    const held = this.#held.get(keyOf(batch.topic, batch.partition));
    if (this.isLeaving) {
      // The client must not fetch the batch again while others are being finished.
      await this.#settled();
      return false;
    }
    if (!held) return false;
    // A member that was silent for a session can have been expelled, and must not start on partitions of other members.
    if (this.#isSilent) await batch.heartbeat();
    this.#beat = () => batch.heartbeat();
    // After a rebalance the same batch comes again while it is being handled.
    await held.outstanding?.settled;
    if (this.#held.get(keyOf(batch.topic, batch.partition)) !== held) return false;
    const positions = this.#positions as KafkaPositions;
    const cut = await positions.cut(held, batch);
    const { nextOffset } = cut;
    const records = messagesFrom(cut.records, held.committed ?? -1);
    const startOffset = Number(records.at(0)?.offset);
    // Another member had the partition before.
    held.expected ??= await positions.of(held);
    if (held.expected !== undefined && startOffset > held.expected) {
      if (!(await this.#pass(held, startOffset))) return false;
    }
    held.endOffset = batch.endOffset;
    held.behindMs = Math.max(0, Date.now() - Number(batch.records.at(-1)?.timestamp ?? Date.now()));
    if (records.length === 0) {
      held.movedAt = performance.now();
      return true;
    }
    await this.#hand(held, { records, readAt, startOffset, nextOffset });
    if ((held.committed ?? -1) < nextOffset) return false;
    held.expected = nextOffset;
    return true;
  }

  get #isSilent(): boolean {
    return performance.now() - this.#beatAt > 1000 * (this.#options.sessionSeconds ?? SESSION_SECONDS);
  }

  async #hand(
    held: Held,
    {
      records,
      readAt,
      startOffset,
      nextOffset,
    }: Pick<ConsumedBatch, "readAt" | "startOffset" | "nextOffset"> & Pick<KafkaBatch, "records">,
  ): Promise<void> {
    const lose = new AbortController();
    const outstanding = Object.assign(new Outstanding(), { lose });
    held.outstanding = outstanding;
    void outstanding.settled.then(() => {
      if (held.outstanding === outstanding) held.outstanding = undefined;
      held.movedAt = performance.now();
    });
    const batch: ConsumedBatch = {
      topic: held.topic,
      partition: held.partition,
      startOffset,
      nextOffset,
      records: records.map((message) => new MessageRecord(message)),
      readAt,
      receivedAt: Number(records[records.length - 1].timestamp),
      signal: lose.signal,
      isOurs: () => {
        if (this.#isSilent) this.#expel("the group has heard nothing of this member for a session");
        return !lose.signal.aborted;
      },
      commit: async () => {
        lose.signal.throwIfAborted();
        await this.#commit(held, nextOffset);
        lose.signal.throwIfAborted();
        held.committed = nextOffset;
        outstanding.settle();
      },
    };
    const mayBegin = (): boolean => batch.isOurs() && held.outstanding === outstanding && !this.isLeaving;
    void this.channel.push({ batch, take: () => (outstanding.isTaken = mayBegin()) });
    await outstanding.settled;
  }

  /** Resolves when no batch is being handled any more. */
  async #settled(): Promise<void> {
    await Promise.all([...this.#held.values()].map(({ outstanding }) => outstanding?.settled));
  }

  async #commit(held: Held, offset: number): Promise<void> {
    try {
      await (this.#consumer as KafkaConsumer).commit(held.topic.topicId, held.partition, offset);
    } catch (error) {
      const { code } = error as KafkaFault;
      if (!EXPELLED.test(code) && !REBALANCING.test(code)) throw error;
      const reason = `partition ${held.partition} of ${held.topic.name} must be ours to commit ${offset}, got ${code}`;
      this.#expel(reason);
      throw new LostPartitionError(reason);
    }
  }

  /**
   * If the records at a position are no longer retained, the client continues at the oldest by itself; this reports it.
   * Resolves to whether the next records are to be handled.
   */
  async #pass(held: Held, offset: number): Promise<boolean> {
    const { topic, partition, expected = offset } = held;
    const consumer = this.#consumer as KafkaConsumer;
    const { oldest, end } = await consumer.bounds(topic.topicId);
    // Offsets can be missing for other reasons, such as transaction markers.
    if ((oldest.get(partition) ?? 0) <= expected) return true;
    const resumedAt = this.#options.onLost === "end" ? Math.max(offset, end.get(partition) ?? offset) : offset;
    try {
      await (this.#positions as KafkaPositions).lost(topic, partition, expected, resumedAt);
    } catch (error) {
      this.fail(error);
      return false;
    }
    held.expected = resumedAt;
    if (resumedAt === offset) return true;
    // Records before that offset come again and are left out.
    await this.#commit(held, resumedAt);
    held.committed = resumedAt;
    return false;
  }

  /** Sends heartbeats while batches are handled: the client sends them only between batches. */
  async #keepSession(sessionMs: number): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await wait(sessionMs / 4, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || ![...this.#held.values()].some(({ outstanding }) => outstanding)) continue;
      try {
        await this.#beat?.();
      } catch (error) {
        // During a rebalance, work in progress is still ours to finish.
        const { code } = error as KafkaFault;
        if (EXPELLED.test(code)) this.#expel(`the group has expelled this member: ${code}`);
      }
    }
  }

  async #look(
    consumer: KafkaConsumer,
    groupPositions: KafkaPositions,
    topics: readonly ConsumedTopic[],
  ): Promise<void> {
    const { until } = this.#options;
    const { signal } = this.ending;
    while (!signal.aborted) {
      await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      for (const { topicId } of topics) {
        const { end } = await consumer.bounds(topicId);
        const positions = await consumer.positions(topicId);
        for (const held of this.#held.values()) {
          if (held.topic.topicId !== topicId) continue;
          held.endOffset = end.get(held.partition);
          held.committed ??= positions.get(held.partition);
          if (lagOf(held).offsets === 0) held.behindMs = 0;
        }
      }
      this.#refuseStall();
      if (until && Date.now() > until.getTime() && (await groupPositions.isAllThrough(until))) {
        return void this.leave(LOOK_MS);
      }
    }
  }

  #refuseStall(): void {
    if (this.isOverdue(this.#answeredAt)) throw this.stalled(this.what, "an answer");
    for (const held of this.#held.values()) {
      if (held.outstanding || held.untilOffset !== undefined || !(lagOf(held).offsets ?? 0)) continue;
      if (!this.isOverdue(held.movedAt)) continue;
      throw this.stalled(`partition ${held.partition} of ${held.topic.name}`, `progress from offset ${held.committed}`);
    }
  }

  /** Waits for the batches in progress, which commit, and then leaves the group. */
  protected async leaveWithin(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#expel("there is no more time: the process ends"), graceMs);
    for (const { outstanding } of this.#held.values()) outstanding?.withdraw();
    // The client itself would not wait for them.
    await this.#settled();
    clearTimeout(timer);
    await this.#consumer?.leave();
    this.ending.abort(new Error("the group is left"));
    this.channel.end();
    this.#held.clear();
  }

  #expel(reason: string): void {
    for (const key of this.#held.keys()) this.#lose(key, reason);
    void this.tell({ kind: "expelled", reason });
  }

  #lose(key: string, reason: string): void {
    const outstanding = this.#held.get(key)?.outstanding;
    outstanding?.lose.abort(new LostPartitionError(reason));
    outstanding?.settle();
  }
}
