import { type ConsumedTopic, LostPositionError } from "../member";
import type { Held } from "./held";
import type { KafkaMemberOptions } from "./kafka-options";
import type { KafkaBatch, KafkaConsumer, KafkaOffsets } from "./kafka-part";

/** The positions of a group in its topics: where it begins, what it has lost, and whether it has read everything. */
export class KafkaPositions {
  readonly #consumer: KafkaConsumer;
  readonly #options: KafkaMemberOptions;

  constructor(consumer: KafkaConsumer, options: KafkaMemberOptions) {
    this.#consumer = consumer;
    this.#options = options;
  }

  /** Stores where a group begins, and reports lost records. Resolves to whether the group had no position. */
  async begin(topic: ConsumedTopic): Promise<boolean> {
    const { start = "end", onLost = "begin" } = this.#options;
    const positions = await this.#consumer.positions(topic.topicId);
    const { oldest, end } = await this.#consumer.bounds(topic.topicId);
    const isNew = [...positions.values()].every((offset) => offset < 0);
    if (isNew) {
      // The beginning does not move while nothing is read, and a consumer without a position starts there by itself.
      if (start === "begin") return true;
      const from = start === "end" ? end : await this.#consumer.offsetsAt(topic.topicId, start.getTime());
      return this.#setPositions(topic, from, positions.size > 0);
    }
    for (const [partition, offset] of positions) {
      const kept = oldest.get(partition) ?? 0;
      if (offset < 0 || offset >= kept) continue;
      const resumedAt = onLost === "end" ? (end.get(partition) ?? kept) : kept;
      await this.lost(topic, partition, offset, resumedAt);
      if (onLost === "end") await this.#setPositions(topic, new Map([[partition, resumedAt]]), true);
    }
    return false;
  }

  /** Another member can have joined in the meantime and stored them first. */
  async #setPositions(topic: ConsumedTopic, offsets: KafkaOffsets, isNew: boolean): Promise<boolean> {
    try {
      await this.#consumer.setPositions(topic.topicId, offsets);
      return isNew;
    } catch (error) {
      const now = await this.#consumer.positions(topic.topicId);
      if ([...offsets.keys()].every((partition) => (now.get(partition) ?? -1) >= 0)) return false;
      throw error;
    }
  }

  /** Reports records that nobody can read any more. @throws LostPositionError if that must end the reading */
  async lost(topic: ConsumedTopic, partition: number, offset: number, resumedAt: number): Promise<void> {
    const hole = resumedAt - offset;
    await this.#options.tell({ kind: "lost", topic, partition, offset, resumedAt, hole });
    if (this.#options.onLost !== "fail") return;
    throw new LostPositionError(
      `partition ${partition} of ${topic.name} must keep offset ${offset}, got ${resumedAt} as its oldest: ${hole} are lost`,
    );
  }

  /** The group's position in a partition; undefined if it has none. */
  async of({ topic, partition }: Held): Promise<number | undefined> {
    const offset = (await this.#consumer.positions(topic.topicId)).get(partition);
    return offset === undefined || offset < 0 ? undefined : offset;
  }

  /** The messages of a batch from before `until`. */
  async cut(
    held: Held,
    { topic, records }: KafkaBatch,
  ): Promise<{ readonly records: KafkaBatch["records"]; readonly nextOffset: number }> {
    const { until } = this.#options;
    const nextOffset = Number(records.at(-1)?.offset ?? -1) + 1;
    if (!until) return { records, nextOffset };
    if (Date.now() < until.getTime() && !records.some(({ timestamp }) => Number(timestamp) >= until.getTime())) {
      return { records, nextOffset };
    }
    const ends = await this.#consumer.offsetsAt(topic, until.getTime());
    const end = (held.untilOffset ??= ends.get(held.partition) ?? Infinity);
    return { records: records.filter(({ offset }) => Number(offset) < end), nextOffset: Math.min(nextOffset, end) };
  }

  /** Whether the group has passed everything that existed at that time, in every partition. */
  async isAllThrough(until: Date): Promise<boolean> {
    for (const { topicId } of this.#options.topics) {
      const ends = await this.#consumer.offsetsAt(topicId, until.getTime());
      const { oldest } = await this.#consumer.bounds(topicId);
      const positions = await this.#consumer.positions(topicId);
      for (const [partition, end] of ends) {
        const at = Math.max(positions.get(partition) ?? -1, oldest.get(partition) ?? 0);
        if (at < end) return false;
      }
    }
    return true;
  }
}
