import { setTimeout as wait } from "node:timers/promises";
import { ReadError } from "../../tencent/topic-reader/read-error";
import type { Start } from "../member";
import {
  type GroupClient,
  isOwnedByOther,
  partitionKey,
  type PartitionOffsets,
  type TopicPartition,
} from "./group-client";

/** Milliseconds that the creator of the group has to store where it begins. */
const CREATOR_MS = 3_000;

/** Where a partition is read from. */
export interface Position {
  readonly offset: number;
  /** The oldest offset that is retained; undefined if CLS does not tell it. */
  readonly oldest?: number;
}

/**
 * Where a group begins and continues. `start` applies once, when the group has no position at all in a topic. The result is
 * stored at once, so that the end does not move while nothing is read. A partition that appears later, through a split or a
 * merge, contains only later records and is read from its beginning.
 */
export class Positions {
  readonly #client: GroupClient;
  readonly #start: string;
  /** Positions that this process has committed: a group that was deleted in the meantime continues from them. */
  readonly #known: Map<string, number>;

  constructor(client: GroupClient, start: Start, known: Map<string, number>) {
    this.#client = client;
    this.#start = start instanceof Date ? String(Math.floor(start.getTime() / 1000)) : start;
    this.#known = known;
  }

  /** Stores where a group without a position begins. @param isOurs whether we created the group */
  async fix(topicIds: readonly string[], isOurs: boolean, signal: AbortSignal): Promise<void> {
    for (const started = Date.now(); ; await wait(500, undefined, { signal })) {
      const without = isOurs ? topicIds : await this.#withoutPosition(topicIds, signal);
      if (without.length === 0) return;
      if (!isOurs && Date.now() - started < CREATOR_MS) continue;
      const begins = await this.#client.positions(this.#start, signal);
      const offsets = [...begins]
        .map(([key, offset]) => ({ ...partitionOf(key), offset: this.#known.get(key) ?? offset }))
        .filter(({ topicId }) => without.includes(topicId));
      if (offsets.length > 0) await this.#store(offsets, signal);
      return;
    }
  }

  /**
   * Of an empty topic, another member can take a partition before the creator of the group has stored where it begins. That
   * member commits what it reads. If it ends before it has read anything, this one continues where the group began.
   */
  async #store(offsets: readonly (TopicPartition & { readonly offset: number })[], signal: AbortSignal): Promise<void> {
    try {
      await this.#client.commit(offsets, signal);
    } catch (error) {
      if (!isOwnedByOther(error)) throw error;
      for (const { offset, ...of } of offsets) this.#known.set(partitionKey(of), offset);
    }
  }

  /** The position of each of these partitions, by its key. */
  async of(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<Map<string, Position>> {
    const [fromBegin, fromEnd, fromStart, oldest] = await this.#look(signal);
    return new Map(
      partitions.map((partition) => {
        const key = partitionKey(partition);
        const hasNone = fromBegin.get(key) !== fromEnd.get(key);
        const others = [...fromBegin].filter(([other]) => partitionOf(other).topicId === partition.topicId);
        const isLater = others.some(([other, offset]) => offset === fromEnd.get(other));
        const fresh = this.#known.get(key) ?? (isLater ? fromBegin : fromStart).get(key);
        const offset = (hasNone ? fresh : fromBegin.get(key)) ?? 0;
        return [key, { offset, oldest: oldest?.get(key) }];
      }),
    );
  }

  /** Whether the group has passed everything that existed at that time, in every partition and by any member. */
  async isAllThrough(until: Date, signal: AbortSignal): Promise<boolean> {
    const at = String(Math.ceil(until.getTime() / 1000));
    const [ends, positions] = await Promise.all([
      this.#client.listed(at, signal),
      this.#client.positions("begin", signal),
    ]);
    return [...ends].every(([key, end]) => (positions.get(key) ?? -1) >= end);
  }

  #look(
    signal: AbortSignal,
  ): Promise<[PartitionOffsets, PartitionOffsets, PartitionOffsets, PartitionOffsets | undefined]> {
    return Promise.all([
      this.#client.positions("begin", signal),
      this.#client.positions("end", signal),
      this.#client.positions(this.#start, signal),
      listedIfKnown(this.#client, "begin", signal),
    ]);
  }

  /** Topics in which no partition has a position. */
  async #withoutPosition(topicIds: readonly string[], signal: AbortSignal): Promise<string[]> {
    const [fromBegin, fromEnd] = await this.#look(signal);
    return topicIds.filter((topicId) => {
      const keys = [...fromBegin.keys()].filter((key) => partitionOf(key).topicId === topicId);
      return keys.length > 0 && keys.every((key) => fromBegin.get(key) !== fromEnd.get(key));
    });
  }
}

/** The offsets for `from`; undefined if CLS does not accept the request. */
export async function listedIfKnown(
  client: GroupClient,
  from: string,
  signal: AbortSignal,
): Promise<PartitionOffsets | undefined> {
  try {
    return await client.listed(from, signal);
  } catch (error) {
    if (error instanceof ReadError && error.failure === "request") return undefined;
    throw error;
  }
}

export function partitionOf(key: string): TopicPartition {
  const slash = key.lastIndexOf("/");
  return { topicId: key.slice(0, slash), partition: Number(key.slice(slash + 1)) };
}
