import { ApiClient } from "../../tencent/api-client";
import type { Credentials } from "../../tencent/credentials";
import { ServiceError } from "../../tencent/service-error";
import { refusalOf, unknownAnswer } from "../../tencent/topic-reader/read-error";

/** A consumer group of CLS, and the name of this member. */
export interface GroupIdentity {
  readonly region: string;
  readonly logsetId: string;
  /** Letters, digits, `-` and `_`; the first is not a digit. */
  readonly group: string;
  /** Must be unique in the group. */
  readonly consumer: string;
}

/** A partition of a topic, by CLS's ids. */
export interface TopicPartition {
  readonly topicId: string;
  readonly partition: number;
}

/** One offset per partition of a group, by {@link partitionKey}. */
export type PartitionOffsets = ReadonlyMap<string, number>;

export function partitionKey({ topicId, partition }: TopicPartition): string {
  return `${topicId}/${partition}`;
}

const CLS = { name: "cls", version: "2020-10-16" };

/**
 * The API actions on one consumer group. Failures are `ServiceError`s, or `ReadError`s if a retry does not help. Fact:
 * docs/design/facts/cls-reading.md#consumer-groups.
 */
export class GroupClient {
  readonly #of: GroupIdentity;
  readonly #api: ApiClient;

  constructor(of: GroupIdentity, credentials: () => Credentials, timeoutMs?: number) {
    this.#of = of;
    this.#api = new ApiClient({ product: CLS, region: of.region, credentials, timeoutMs });
  }

  /**
   * CLS's time according to its last answer, in milliseconds since 1970; before the first answer, the time of this machine.
   */
  get now(): number {
    return this.#api.serverTime ?? Date.now();
  }

  close(): void {
    this.#api.close();
  }

  /** Creates the group. An existing group gets these topics and this timeout. Resolves to what was done. */
  async create(
    topicIds: readonly string[],
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<"created" | "exists" | "changed"> {
    const wanted = { Timeout: timeoutSeconds, Topics: topicIds };
    try {
      await this.#call("CreateConsumerGroup", wanted, signal);
      return "created";
    } catch (error) {
      if (!(error instanceof ServiceError) || !isThereAlready(error)) throw error;
    }
    if (await this.#isAs(topicIds, timeoutSeconds, signal)) return "exists";
    await this.#call("ModifyConsumerGroup", wanted, signal);
    return "changed";
  }

  /** Reports which partitions we read; resolves to those that are assigned to us. */
  async heartbeat(holding: readonly TopicPartition[], signal?: AbortSignal): Promise<TopicPartition[]> {
    const info = byTopic(holding).map(([TopicID, held]) => ({ TopicID, Partitions: held.map((one) => one.partition) }));
    const action = "SendConsumerHeartbeat";
    const asked = { Consumer: this.#of.consumer, TopicPartitionsInfo: info, PartitionStrategy: 2 };
    const answer = await this.#call(action, asked, signal);
    return topicsIn(action, answer.TopicPartitionsInfo ?? []).flatMap(
      ({ TopicID: topicId, Partitions: partitions }) => {
        if (!Array.isArray(partitions)) throw unknown(action, "TopicPartitionsInfo with Partitions", answer);
        return partitions.map((partition: unknown) => {
          if (typeof partition !== "number") throw unknown(action, "Partitions that are numbers", answer);
          return { topicId, partition };
        });
      },
    );
  }

  async commit(
    offsets: readonly (TopicPartition & { readonly offset: number })[],
    signal?: AbortSignal,
  ): Promise<void> {
    const info = byTopic(offsets).map(([TopicID, of]) => ({
      TopicID,
      PartitionOffsets: of.map(({ partition, offset }) => ({ PartitionId: partition, Offset: offset })),
    }));
    const asked = { Consumer: this.#of.consumer, TopicPartitionOffsetsInfo: info };
    await this.#call("CommitConsumerOffsets", asked, signal);
  }

  /**
   * The position of the group in each partition; `from` sets it for partitions without a position.
   *
   * @param from `begin`, `end`, or seconds since 1970
   */
  positions(from: string, signal?: AbortSignal): Promise<PartitionOffsets> {
    return this.#offsets({ From: from }, signal);
  }

  /** The offsets for `from`, regardless of the group's position. */
  listed(from: string, signal?: AbortSignal): Promise<PartitionOffsets> {
    return this.#offsets({ From: from, OffsetType: 1 }, signal);
  }

  async #offsets(asked: object, signal?: AbortSignal): Promise<PartitionOffsets> {
    const action = "DescribeConsumerOffsets";
    const answer = await this.#call(action, asked, signal);
    const offsets = new Map<string, number>();
    for (const { TopicID: topicId, PartitionOffsets: of } of topicsIn(action, answer.TopicPartitionOffsetsInfo ?? [])) {
      if (!Array.isArray(of)) throw unknown(action, "TopicPartitionOffsetsInfo with PartitionOffsets", answer);
      for (const { PartitionId: partition, Offset: offset } of of as Record<string, unknown>[]) {
        if (typeof partition !== "number" || typeof offset !== "number") {
          throw unknown(action, "PartitionOffsets with PartitionId and Offset", answer);
        }
        offsets.set(partitionKey({ topicId, partition }), offset);
      }
    }
    return offsets;
  }

  /** Names of the consumer groups of the logset. */
  async names(signal?: AbortSignal): Promise<string[]> {
    const { ConsumerGroupsInfo: groups } = await this.#call("DescribeConsumerGroups", {}, signal, true);
    if (!Array.isArray(groups)) return [];
    return (groups as { ConsumerGroup?: unknown }[]).map(({ ConsumerGroup: name }) => String(name));
  }

  async #isAs(topicIds: readonly string[], timeoutSeconds: number, signal: AbortSignal): Promise<boolean> {
    const { ConsumerGroupsInfo: groups } = await this.#call("DescribeConsumerGroups", {}, signal, true);
    if (!Array.isArray(groups)) return false;
    const found = (groups as { ConsumerGroup?: unknown; Timeout?: unknown; Topics?: unknown }[]).find(
      ({ ConsumerGroup }) => ConsumerGroup === this.#of.group,
    );
    if (!found || found.Timeout !== timeoutSeconds || !Array.isArray(found.Topics)) return false;
    return [...found.Topics].sort().join() === [...topicIds].sort().join();
  }

  async #call(
    action: string,
    parameters: object,
    signal?: AbortSignal,
    ofLogset = false,
  ): Promise<Record<string, unknown>> {
    const { logsetId, group } = this.#of;
    const named = { LogsetId: logsetId, ...(!ofLogset && { ConsumerGroup: group }), ...parameters };
    try {
      return await this.#api.call(action, named, signal);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const what = `consumer group ${group} of logset ${logsetId}`;
      throw refusalOf(error, { what, action: `cls:${action}`, serverTime: this.#api.serverTime });
    }
  }
}

function byTopic<T extends TopicPartition>(all: readonly T[]): [topicId: string, of: T[]][] {
  const topics = new Set(all.map(({ topicId }) => topicId));
  return [...topics].map((topicId) => [topicId, all.filter((one) => one.topicId === topicId)]);
}

/** Whether CLS refused a commit because a partition belongs to another member. */
export function isOwnedByOther(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.code === "OperationDenied";
}

/** Recognized by the message, as in the vendor's consumer. */
function isThereAlready({ code, message }: ServiceError): boolean {
  return /ConsumerGroupConflict/.test(code) || /consumer group already exists/i.test(message);
}

function topicsIn(action: string, list: unknown): (Record<string, unknown> & { TopicID: string })[] {
  if (!Array.isArray(list)) throw unknown(action, "a list of topics", list);
  return list.map((entry: { TopicID?: unknown } | null) => {
    if (typeof entry?.TopicID !== "string") throw unknown(action, "topics with TopicID", entry);
    return entry as Record<string, unknown> & { TopicID: string };
  });
}

function unknown(action: string, wanted: string, got: unknown): ServiceError {
  return unknownAnswer(`cls:${action} must be answered with ${wanted}`, got);
}
