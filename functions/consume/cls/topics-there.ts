import type { Attempts } from "../../tencent/topic-reader/attempts";
import type { Partition, TopicClient } from "../../tencent/topic-reader/client";
import { ReadError } from "../../tencent/topic-reader/read-error";
import type { ConsumedTopic } from "../member";

/**
 * Finds out which topics exist. CLS refuses a group as a whole if one of its topics is missing, so a topic that was deleted
 * or not yet created is left out.
 */
export class TopicsThere {
  readonly #topics: readonly ConsumedTopic[];
  readonly #clients: ReadonlyMap<string, TopicClient>;
  readonly #attempts: Attempts;
  readonly #absent: Map<ConsumedTopic, string>;

  /** @param absent missing topics with the reason that is reported; updated by this class */
  constructor(
    clients: ReadonlyMap<string, TopicClient>,
    attempts: Attempts,
    topics: readonly ConsumedTopic[],
    absent: Map<ConsumedTopic, string>,
  ) {
    this.#topics = topics;
    this.#clients = clients;
    this.#attempts = attempts;
    this.#absent = absent;
  }

  get ids(): string[] {
    return this.#topics.filter((topic) => !this.#absent.has(topic)).map(({ topicId }) => topicId);
  }

  /** Partitions of a topic; undefined if the topic does not exist. */
  async partitions(topicId: string, signal: AbortSignal): Promise<Partition[] | undefined> {
    try {
      const client = this.#clients.get(topicId) as TopicClient;
      return await this.#attempts.run(() => client.partitions(signal));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Checks all topics again. Resolves to those that disappeared, and to whether others came back. */
  async look(signal: AbortSignal): Promise<{ readonly gone: readonly ConsumedTopic[]; readonly hasBack: boolean }> {
    const gone: ConsumedTopic[] = [];
    let hasBack = false;
    for (const topic of this.#topics) {
      const { topicId, region } = topic;
      if ((await this.partitions(topicId, signal)) !== undefined) hasBack = this.#absent.delete(topic) || hasBack;
      else if (!this.#absent.has(topic)) {
        this.#absent.set(topic, `topic ${topicId} must be there in ${region}, got none of that id`);
        gone.push(topic);
      }
    }
    return { gone, hasBack };
  }
}

/** Whether CLS says that something does not exist: a topic, the group, or the logset. */
export function isMissing(error: unknown): boolean {
  return error instanceof ReadError && error.failure === "missing";
}
