import { type ConsumedTopic, LostPartitionError, type MemberEvent } from "../member";
import { partitionKey, type TopicPartition } from "./group-client";
import { HeldPartition, type HeldWork } from "./held-partition";
import { partitionOf, type Position } from "./positions";

/** Dependencies of the partitions that a member holds. */
export interface HoldingWork {
  readonly topics: readonly ConsumedTopic[];
  workOf(topic: ConsumedTopic): HeldWork;
  /** The positions of partitions, by their keys. */
  positionsOf(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position>>;
  /** Partitions were assigned or taken away. */
  rebalanced(): void;
  /** A partition was released, which CLS must be told. */
  released(): void;
  /** A partition cannot be read. */
  failed(error: unknown): void;
  tell(event: MemberEvent): Promise<void>;
}

/** The partitions that a member holds. */
export class Holding {
  readonly #work: HoldingWork;
  readonly #held = new Map<string, HeldPartition>();
  /** Partitions whose last batch is still being handled: CLS is told until then that we hold them. */
  readonly #releasing = new Map<string, Promise<void>>();

  constructor(work: HoldingWork) {
    this.#work = work;
  }

  get all(): ReadonlyMap<string, HeldPartition> {
    return this.#held;
  }

  /** The partitions that heartbeats report as ours. */
  get told(): TopicPartition[] {
    return [...new Set([...this.#held.keys(), ...this.#releasing.keys()])].map(partitionOf);
  }

  /** Takes and releases partitions so that we hold those that are assigned to us. */
  async follow(mine: readonly TopicPartition[]): Promise<void> {
    const topicIds = new Set(this.#work.topics.map(({ topicId }) => topicId));
    const wanted = new Set(mine.filter(({ topicId }) => topicIds.has(topicId)).map(partitionKey));
    const added = [...wanted].filter((key) => !this.#held.has(key) && !this.#releasing.has(key));
    for (const key of [...this.#held.keys()])
      if (!wanted.has(key) && !this.#releasing.has(key)) await this.#release(key);
    if (added.length > 0) await this.#take(added);
  }

  /** Releases all partitions; resolves when no batch is being handled any more. */
  async release(): Promise<void> {
    await Promise.all([...this.#held.values()].map((held) => held.release()));
    this.#held.clear();
  }

  /** A partition is no longer ours. */
  lose(key: string, reason: LostPartitionError): void {
    this.#held.get(key)?.lose(reason);
    this.#held.delete(key);
    this.#releasing.delete(key);
  }

  /** No partition is ours any more. @param ofTopic limits this to one topic */
  loseAll(reason: LostPartitionError, ofTopic?: string): void {
    for (const key of [...this.#held.keys()])
      if (ofTopic === undefined || partitionOf(key).topicId === ofTopic) this.lose(key, reason);
  }

  async #take(keys: readonly string[]): Promise<void> {
    const { topics, workOf, positionsOf, rebalanced, tell, failed } = this.#work;
    const positions = await positionsOf(keys.map(partitionOf));
    rebalanced();
    for (const key of keys) {
      const { topicId, partition } = partitionOf(key);
      const topic = topics.find((one) => one.topicId === topicId) as ConsumedTopic;
      const held = new HeldPartition(workOf(topic), partition, positions.get(key) ?? { offset: 0 });
      this.#held.set(key, held);
      await tell({ kind: "assigned", topic, partition });
      held.run().then(() => (held.isThrough ? tell({ kind: "ended", topic, partition }) : undefined), failed);
    }
  }

  /** Releases a partition once its batch is handled; until then CLS is told that we hold it. */
  async #release(key: string): Promise<void> {
    const held = this.#held.get(key);
    if (!held) return;
    const { rebalanced, released, tell } = this.#work;
    rebalanced();
    const isLetGo = held.release().then(() => {
      this.#held.delete(key);
      this.#releasing.delete(key);
      released();
    });
    this.#releasing.set(key, isLetGo);
    await tell({ kind: "released", topic: held.lag.topic, partition: held.partition });
  }
}
