import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";
import type { Partition } from "./partition";
import type { Topic } from "./topic";

/** A partition of one of several topics. */
export interface TopicPartition {
  readonly topicId: string;
  readonly partitionId: number;
}

/** What a group is made of. */
export interface ConsumerGroupSettings {
  /** Seconds after its last heartbeat that a consumer's partitions go to others. */
  readonly timeoutSeconds: number;
  readonly topicIds: readonly string[];
}

/** Where topics are found. Throws {@link Refusal} where one is not. */
export interface Topics {
  topicOf(id: string): Topic;
}

interface Consumer {
  /** Milliseconds since 1970, on the simulated clock. */
  readonly lastBeat: number;
  /** Partitions that it reads by its own account: they go to no other before it lets go of them. */
  readonly holding: Set<string>;
}

/** Consumers that share the partitions of topics, and how far each partition was read. */
export class ConsumerGroup {
  private readonly consumers = new Map<string, Consumer>();
  /** Whose a partition is, by its name. */
  private readonly owners = new Map<string, string>();
  private readonly offsets = new Map<string, number>();

  constructor(
    readonly logsetId: string,
    readonly name: string,
    public settings: ConsumerGroupSettings,
    private readonly cls: Topics,
    private readonly clock: SimulatedClock,
  ) {}

  /** Takes a consumer's heartbeat; returns what it is to read. @param holding what it reads already */
  heartbeat(consumer: string, holding: readonly TopicPartition[]): TopicPartition[] {
    this.forgetSilent();
    const beating = { lastBeat: this.clock.now(), holding: new Set(holding.map(nameOf)) };
    this.consumers.set(consumer, beating);
    this.balance();
    const mine = this.partitions().filter((partition) => this.owners.get(nameOf(partition)) === consumer);
    // What it is told to read now, it holds until a heartbeat says that it does not.
    for (const partition of mine) beating.holding.add(nameOf(partition));
    return mine;
  }

  /** Keeps how far partitions were read. An offset of -1 says that nothing was. */
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

  /** Where to go on: where the group is, kept or not, or else where `from` says: `begin`, `end`, or seconds since 1970. */
  offsetOf(wanted: TopicPartition, from: string): number {
    return this.offsets.get(nameOf(wanted)) ?? this.listed(wanted, from);
  }

  /** The offset that `from` says, wherever the group is. */
  listed(wanted: TopicPartition, from: string): number {
    const partition = this.partition(wanted);
    if (from === "begin") return partition.beginOffset;
    if (from === "end") return partition.endOffset;
    if (/^\d+(\.\d+)?$/.test(from)) return Math.max(partition.beginOffset, partition.offsetAt(Number(from) * 1000));
    throw new Refusal("InvalidParameter", `From must be begin, end, or seconds since 1970, got ${from}.`);
  }

  /** All partitions of the group's topics. A closed one is read to its end like an open one. */
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

  /** Gives each consumer its share, and moves no more than that takes. */
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
      // Reserved for the next one, and given to it when the last one has let go of it.
      mine.push(partition);
      const isHeld = names.some((other) => other !== name && this.consumers.get(other)?.holding.has(partition));
      if (!isHeld) this.owners.set(partition, name);
    }
  }
}

function nameOf({ topicId, partitionId }: TopicPartition): string {
  return `${topicId}/${partitionId}`;
}
