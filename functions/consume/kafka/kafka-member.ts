import { setTimeout as wait } from "node:timers/promises";
import { Channel } from "../../tencent/topic-reader/channel";
import {
  type ConsumedBatch,
  type ConsumedTopic,
  type GroupMember,
  LostPartitionError,
  type MemberEvent,
  type MemberState,
  StalledError,
} from "../member";
import { MessageRecord } from "../record";
import { type Held, keyOf, lagOf } from "./held";
import type { KafkaMemberOptions } from "./kafka-options";
import type { KafkaBatch, KafkaConsumer, KafkaFault } from "./kafka-part";
import { KafkaPositions } from "./kafka-positions";
import { requirePrivate, requirePrivateBrokers } from "./plaintext";

/** Milliseconds between two looks at how far partitions are behind. */
const LOOK_MS = 5_000;

/** Faults that say that the partitions are others' by now. */
const EXPELLED = /UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION|FENCED_INSTANCE_ID|NOT_COORDINATOR_FOR_GROUP_MEMBER/;
const REBALANCING = /REBALANCE_IN_PROGRESS/;

/** A member of a group of Kafka, of CLS's brokers or of any others. */
export class KafkaMember implements GroupMember {
  readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  readonly #options: KafkaMemberOptions;
  readonly #channel = new Channel<{ batch: ConsumedBatch; take(): boolean }>();
  readonly #held = new Map<string, Held>();
  readonly #ending = new AbortController();
  #consumer: KafkaConsumer | undefined;
  #positions: KafkaPositions | undefined;
  #leaving: Promise<void> | undefined;
  #isJoined = false;
  #rebalancedAt = Date.now();
  #rebalances = 0;
  #answeredAt = performance.now();
  #memberId = "";
  /** When the group told last that we are of it, in milliseconds of the monotonic clock. */
  #beatAt = performance.now();
  /** The latest batch that is handled: its heartbeat keeps the session. */
  #beat: (() => Promise<void>) | undefined;

  constructor(options: KafkaMemberOptions) {
    this.#options = options;
    this.topics = options.topics;
    const names = options.topics.map(({ name }) => name).join(", ");
    this.what = `group ${options.group} at ${options.brokers.join(", ")}, topics ${names}`;
  }

  async *batches(): AsyncGenerator<ConsumedBatch> {
    this.#run().catch((error: unknown) => this.#fail(error));
    try {
      for await (const { batch, take } of this.#channel.values()) if (take()) yield batch;
    } finally {
      await this.leave(0);
    }
  }

  leave(graceMs: number): Promise<void> {
    return (this.#leaving ??= this.#leave(graceMs));
  }

  state(): MemberState {
    return {
      isJoined: this.#isJoined,
      rebalancedAt: this.#rebalancedAt,
      rebalances: this.#rebalances,
      partitions: [...this.#held.values()].map(lagOf),
    };
  }

  async #run(): Promise<void> {
    const { part, brokers, consumer: clientId, group, topics, sessionSeconds = 6, concurrency = 32 } = this.#options;
    const sessionMs = sessionSeconds * 1000;
    if (!this.#options.allowPlaintext) await requirePrivateBrokers(brokers);
    const consumer = await part.connectConsumer({
      clientId,
      brokers,
      credentials: this.#credentials(),
      group,
      topics: topics.map(({ topicId }) => topicId),
      sessionMs,
      concurrency,
      allowAddress: this.#options.allowPlaintext ? () => undefined : requirePrivate,
      joined: (assignment, memberId) => this.#joined(assignment, memberId),
      rebalancing: () => (this.#isJoined = false),
      answered: (isHeartbeat) => {
        this.#answeredAt = performance.now();
        if (isHeartbeat) this.#beatAt = this.#answeredAt;
      },
      failed: (fault) => this.#fail(new Error(`${this.what} does not work any more: ${fault.code}`)),
    });
    this.#consumer = consumer;
    if (this.#ending.signal.aborted) return consumer.leave();
    const positions = new KafkaPositions(consumer, this.#options);
    this.#positions = positions;
    let isNew = false;
    for (const topic of topics) isNew = (await positions.begin(topic)) || isNew;
    await this.#tell({ kind: "joined", group, isNew });
    await consumer.run((batch) => this.#take(batch));
    await Promise.all([this.#keepSession(sessionMs), this.#look(consumer, positions)]);
  }

  #credentials(): { username: string; password: string } | undefined {
    const { username, credentials } = this.#options;
    if (username === undefined || credentials === undefined) return undefined;
    const { secretId, secretKey, sessionToken } = credentials();
    if (sessionToken !== undefined) {
      throw new Error(
        "CLS's Kafka protocol must be given a permanent key, got a temporary one; use CLS's own consumer groups, which take it",
      );
    }
    return { username, password: `${secretId}#${secretKey}` };
  }

  #joined(assignment: Readonly<Record<string, readonly number[]>>, memberId: string): void {
    const isSame = memberId === this.#memberId;
    this.#memberId = memberId;
    this.#beatAt = performance.now();
    this.#isJoined = true;
    this.#rebalancedAt = Date.now();
    this.#rebalances++;
    const mine = new Set<string>();
    for (const topic of this.topics) {
      for (const partition of assignment[topic.topicId] ?? []) {
        const key = keyOf(topic.topicId, partition);
        mine.add(key);
        // What is worked on is finished, unless others had the partition meanwhile.
        if (isSame && this.#held.has(key)) continue;
        this.#lose(key, "the group had expelled this member");
        const committed = this.#held.get(key)?.committed;
        this.#held.set(key, { topic, partition, committed, expected: committed, movedAt: performance.now() });
        void this.#tell({ kind: "assigned", topic, partition });
      }
    }
    for (const [key, { topic, partition }] of this.#held) {
      if (mine.has(key)) continue;
      this.#lose(key, "it went to another member");
      this.#held.delete(key);
      void this.#tell({ kind: "released", topic, partition });
    }
  }

  /** Hands a batch over; resolves, when it is committed or nobody works on it any more, to whether it is done with. */
  async #take(batch: KafkaBatch): Promise<boolean> {
    const held = this.#held.get(keyOf(batch.topic, batch.partition));
    if (this.#leaving) {
      // The client must not fetch it again while others are finished with.
      await this.#settled();
      return false;
    }
    if (!held) return false;
    // Who was silent for a session may have been expelled, and must not begin with what others have by now.
    if (performance.now() - this.#beatAt > 1000 * (this.#options.sessionSeconds ?? 6)) await batch.heartbeat();
    this.#beat = () => batch.heartbeat();
    // After a rebalance it comes again while it is worked on.
    await held.outstanding?.settled;
    if (this.#held.get(keyOf(batch.topic, batch.partition)) !== held) return false;
    const cut = await this.#cut(held, batch);
    const { nextOffset } = cut;
    const records = cut.records.filter(({ offset }) => offset >= (held.committed ?? -1));
    const [first] = records;
    // Of a partition that another member had before.
    held.expected ??= await this.#positionOf(held);
    if (first && held.expected !== undefined && first.offset > held.expected) {
      if (!(await this.#pass(held, first.offset))) return false;
    }
    held.endOffset = batch.endOffset;
    held.behindMs = Math.max(0, Date.now() - (batch.records.at(-1)?.timestamp ?? Date.now()));
    if (!first) {
      held.movedAt = performance.now();
      return true;
    }
    await this.#hand(held, records, first.offset, nextOffset);
    if ((held.committed ?? -1) < nextOffset) return false;
    held.expected = nextOffset;
    return true;
  }

  async #hand(held: Held, records: KafkaBatch["records"], startOffset: number, nextOffset: number): Promise<void> {
    const lose = new AbortController();
    let resolve = (): void => undefined;
    const settled = new Promise<void>((done) => (resolve = done));
    const settle = (): void => {
      if (held.outstanding === outstanding) held.outstanding = undefined;
      held.movedAt = performance.now();
      resolve();
    };
    const outstanding = { isTaken: false, lose, settled, settle };
    held.outstanding = outstanding;
    const batch: ConsumedBatch = {
      topic: held.topic,
      partition: held.partition,
      startOffset,
      nextOffset,
      records: records.map(({ value, timestamp }) => new MessageRecord(value, timestamp * 1000)),
      readAt: Date.now(),
      receivedAt: records.at(-1)?.timestamp,
      signal: lose.signal,
      commit: async () => {
        lose.signal.throwIfAborted();
        await this.#commit(held, nextOffset);
        lose.signal.throwIfAborted();
        held.committed = nextOffset;
        settle();
      },
    };
    const take = (): boolean => (outstanding.isTaken = held.outstanding === outstanding && !this.#leaving);
    void this.#channel.push({ batch, take });
    await settled;
  }

  /** Resolves when nobody works on a batch any more. */
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

  /** Keeps what came before `until`. */
  async #cut(
    held: Held,
    { topic, records }: KafkaBatch,
  ): Promise<{ records: KafkaBatch["records"]; nextOffset: number }> {
    const { until } = this.#options;
    const nextOffset = (records.at(-1)?.offset ?? -1) + 1;
    if (!until) return { records, nextOffset };
    if (Date.now() < until.getTime() && !records.some(({ timestamp }) => timestamp >= until.getTime())) {
      return { records, nextOffset };
    }
    const ends = await (this.#consumer as KafkaConsumer).offsetsAt(topic, until.getTime());
    const end = (held.untilOffset ??= ends.get(held.partition) ?? Infinity);
    return { records: records.filter(({ offset }) => offset < end), nextOffset: Math.min(nextOffset, end) };
  }

  async #positionOf({ topic, partition }: Held): Promise<number | undefined> {
    const offset = (await (this.#consumer as KafkaConsumer).positions(topic.topicId)).get(partition);
    return offset === undefined || offset < 0 ? undefined : offset;
  }

  /**
   * The client goes on at the oldest by itself where a position is kept no more: that is told. Resolves to whether what
   * comes then is to be handled.
   */
  async #pass(held: Held, offset: number): Promise<boolean> {
    const { topic, partition, expected = offset } = held;
    const consumer = this.#consumer as KafkaConsumer;
    const { oldest, end } = await consumer.bounds(topic.topicId);
    // Offsets may be missing for other reasons, such as marks of transactions.
    if ((oldest.get(partition) ?? 0) <= expected) return true;
    const resumedAt = this.#options.onLost === "end" ? Math.max(offset, end.get(partition) ?? offset) : offset;
    try {
      await (this.#positions as KafkaPositions).lost(topic, partition, expected, resumedAt);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    held.expected = resumedAt;
    if (resumedAt === offset) return true;
    // What lies before comes again, and is left out.
    await this.#commit(held, resumedAt);
    held.committed = resumedAt;
    return false;
  }

  /** Sends heartbeats while batches are handled: the client does so only between them. */
  async #keepSession(sessionMs: number): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await wait(sessionMs / 4, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || ![...this.#held.values()].some(({ outstanding }) => outstanding)) continue;
      try {
        await this.#beat?.();
      } catch (error) {
        // While the group shares anew, what is under way is still ours to finish.
        const { code } = error as KafkaFault;
        if (EXPELLED.test(code)) this.#expel(`the group has expelled this member: ${code}`);
      }
    }
  }

  async #look(consumer: KafkaConsumer, groupPositions: KafkaPositions): Promise<void> {
    const { until, stallMs = 60_000 } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      for (const { topicId } of this.topics) {
        const { end } = await consumer.bounds(topicId);
        const positions = await consumer.positions(topicId);
        for (const held of this.#held.values()) {
          if (held.topic.topicId !== topicId) continue;
          held.endOffset = end.get(held.partition);
          held.committed ??= positions.get(held.partition);
          if (lagOf(held).offsets === 0) held.behindMs = 0;
        }
      }
      this.#refuseStall(stallMs);
      if (until && Date.now() > until.getTime() && (await groupPositions.isAllThrough(until))) {
        return void this.leave(LOOK_MS);
      }
    }
  }

  #refuseStall(stallMs: number): void {
    const now = performance.now();
    const seconds = Math.round(stallMs / 1000);
    if (now - this.#answeredAt > stallMs)
      throw new StalledError(`${this.what} must go on, got no answer for ${seconds} s`);
    for (const held of this.#held.values()) {
      if (held.outstanding || held.untilOffset !== undefined || !(lagOf(held).offsets ?? 0)) continue;
      if (now - held.movedAt <= stallMs) continue;
      throw new StalledError(
        `partition ${held.partition} of ${held.topic.name} must go on, got no progress from offset ${held.committed} for ${seconds} s`,
      );
    }
  }

  /** Waits for what is handled, which commits, and then leaves the group. */
  async #leave(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#expel("there is no more time: the process ends"), graceMs);
    for (const { outstanding } of this.#held.values()) if (!outstanding?.isTaken) outstanding?.settle();
    // The client itself would not wait for them.
    await this.#settled();
    clearTimeout(timer);
    await this.#consumer?.leave();
    this.#ending.abort(new Error("the group is left"));
    this.#channel.end();
    this.#held.clear();
  }

  #expel(reason: string): void {
    for (const key of this.#held.keys()) this.#lose(key, reason);
    void this.#tell({ kind: "expelled", reason });
  }

  #lose(key: string, reason: string): void {
    const outstanding = this.#held.get(key)?.outstanding;
    outstanding?.lose.abort(new LostPartitionError(reason));
    outstanding?.settle();
  }

  #fail(error: unknown): void {
    if (this.#ending.signal.aborted || this.#leaving) return;
    for (const key of this.#held.keys()) this.#lose(key, "the source has failed");
    this.#channel.fail(error);
  }

  async #tell(event: MemberEvent): Promise<void> {
    await this.#options.tell(event);
  }
}
