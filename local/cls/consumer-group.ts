import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";
import type { Partition } from "./partition";
import type { Topic } from "./topic";

/** A partition of one of several topics. */
export interface TopicPartition {
  readonly topicId: string;
  readonly partitionId: number;
}

/** Settings of a group. */
export interface ConsumerGroupSettings {
  /** Seconds without a heartbeat after which a consumer's partitions are reassigned. */
  readonly timeoutSeconds: number;
  readonly topicIds: readonly string[];
}

/** Finds topics. Throws {@link Refusal} if one does not exist. */
export interface Topics {
  topicOf(id: string): Topic;
}

interface Consumer {
  /** Milliseconds since 1970, on the simulated clock. */
  readonly lastBeat: number;
  /** Partitions that it reports to be reading: they are not reassigned before it releases them. */
  readonly holding: Set<string>;
}

/** Consumers that share the partitions of topics, and the committed offset of each partition. */
export class ConsumerGroup {
  private readonly consumers = new Map<string, Consumer>();
  /** Owner of each partition, by name. */
  private readonly owners = new Map<string, string>();
  private readonly offsets = new Map<string, number>();

  constructor(
    readonly logsetId: string,
    readonly name: string,
    public settings: ConsumerGroupSettings,
    private readonly cls: Topics,
    private readonly clock: SimulatedClock,
  ) {}

  /**
   * Handles a consumer's heartbeat; returns the partitions to read.
   * @param holding partitions that it currently reads
   */
  heartbeat(consumer: string, holding: readonly TopicPartition[]): TopicPartition[] {
    this.forgetSilent();
    const beating = { lastBeat: this.clock.now(), holding: new Set(holding.map(nameOf)) };
    this.consumers.set(consumer, beating);
    this.balance();
    const mine = this.partitions().filter((partition) => this.owners.get(nameOf(partition)) === consumer);
    // It holds the assigned partitions until a heartbeat omits them.
    for (const partition of mine) beating.holding.add(nameOf(partition));
    return mine;
  }

  /** Commits offsets of partitions. An offset of -1 means that nothing was read. */
  commit(consumer: string, committed: readonly (TopicPartition & { offset: number })[]): void {
    for (const { topicId, partitionId, offset } of committed) {
      const partition = this.partition({ topicId, partitionId });
      const owner = this.owners.get(nameOf({ topicId, partitionId }));
      if (owner !== undefined && owner !== consumer && this.isLetGo(consumer, { topicId, partitionId })) {
        throw new Refusal("OperationDenied", `partition ${partitionId} must be ${consumer}'s, got ${owner}'s`);
      }
      if (offset > partition.endOffset) {
        throw new Refusal("InvalidOffset", `the offset must be at most ${partition.endOffset}, got ${offset}`);
      }
      if (offset >= 0) this.offsets.set(nameOf({ topicId, partitionId }), offset);
    }
  }

  /**
   * The offset to continue at: the committed one, whether or not its records still exist, otherwise as `from` says:
   * `begin`, `end`, or seconds since 1970.
   */
  offsetOf(wanted: TopicPartition, from: string): number {
    return this.offsets.get(nameOf(wanted)) ?? this.listed(wanted, from);
  }

  /** The offset for `from`, regardless of the group's position. */
  listed(wanted: TopicPartition, from: string): number {
    const partition = this.partition(wanted);
    if (from === "begin") return partition.beginOffset;
    if (from === "end") return partition.endOffset;
    if (/^\d+(\.\d+)?$/.test(from)) return Math.max(partition.beginOffset, partition.offsetAt(Number(from) * 1000));
    throw new Refusal("InvalidParameter", `From must be begin, end, or seconds since 1970, got ${from}.`);
  }

  /** All partitions of the group's topics. Closed ones are also read to their end. */
  partitions(): TopicPartition[] {
    return this.settings.topicIds.flatMap((topicId) =>
      this.cls
        .topicOf(topicId)
        .partitions.all()
        .map(({ id }) => ({ topicId, partitionId: id })),
    );
  }

  private partition({ topicId, partitionId }: TopicPartition): Partition {
    if (!this.settings.topicIds.includes(topicId)) {
      throw new Refusal("InvalidParameter", `The consumer group must read the topic, got ${topicId}.`);
    }
    return this.cls.topicOf(topicId).partitions.partition(partitionId);
  }

  private isLetGo(consumer: string, partition: TopicPartition): boolean {
    return !this.consumers.get(consumer)?.holding.has(nameOf(partition));
  }

  private forgetSilent(): void {
    const since = this.clock.now() - this.settings.timeoutSeconds * 1000;
    for (const [name, { lastBeat }] of this.consumers) if (lastBeat < since) this.consumers.delete(name);
    for (const [partition, owner] of this.owners) if (!this.consumers.has(owner)) this.owners.delete(partition);
  }

  /** Assigns partitions evenly, and moves as few as possible. */
  private balance(): void {
    const all = this.partitions().map(nameOf);
    const names = [...this.consumers.keys()];
    const share = Math.ceil(all.length / names.length);
    const held = new Map<string, string[]>(names.map((name) => [name, []]));
    for (const partition of all) {
      const owner = this.owners.get(partition);
      const mine = owner === undefined ? undefined : held.get(owner);
      if (mine && mine.length < share) mine.push(partition);
      else this.owners.delete(partition);
    }
    for (const partition of all) {
      if (this.owners.has(partition)) continue;
      const [next] = [...held].sort(([, one], [, other]) => one.length - other.length);
      const [name, mine] = next ?? [];
      if (name === undefined || mine === undefined) return;
      // Reserved for the new owner, and assigned when the previous one has released it.
      mine.push(partition);
      const isHeld = names.some((other) => other !== name && this.consumers.get(other)?.holding.has(partition));
      if (!isHeld) this.owners.set(partition, name);
    }
  }
}

function nameOf({ topicId, partitionId }: TopicPartition): string {
  return `${topicId}/${partitionId}`;
}
