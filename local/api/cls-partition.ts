import { END_KEY, type HashKey, type Partition } from "../cls/partition";
import { action, type Action } from "./action";
import { integer, optional, text } from "./fields";
import { apiTime } from "./time";

const TOPIC = { TopicId: text() };
const KEY = text({ pattern: /^[0-9a-fA-F]{32}$/ });

/** Actions on the partitions of a topic. Fact: docs/design/facts/cls-reading.md#partitions. */
export const PARTITION_ACTIONS: Readonly<Record<string, Action>> = {
  DescribePartitions: action(
    TOPIC,
    ({ TopicId }, { region, services: { cls } }) => ({
      Partitions: cls.topicOf(TopicId, region).partitions.all().map(describe),
    }),
    { resource: topicOf, perSecond: 20 },
  ),
  SplitPartition: action(
    {
      ...TOPIC,
      PartitionId: integer({ min: 0 }),
      SplitKey: optional(KEY),
      Number: optional(integer({ min: 2, max: 50 })),
    },
    ({ TopicId, PartitionId, SplitKey, Number: number }, { region, services: { cls, clock } }) => {
      const key = SplitKey === undefined ? undefined : BigInt(`0x${SplitKey}`);
      const { partitions } = cls.topicOf(TopicId, region);
      return { Partitions: partitions.split(PartitionId, { key, number, now: clock.now() }).map(describe) };
    },
    { resource: topicOf, perSecond: 20 },
  ),
  MergePartition: action(
    { ...TOPIC, PartitionId: integer({ min: 0 }) },
    ({ TopicId, PartitionId }, { region, services: { cls, clock } }) => ({
      Partitions: cls.topicOf(TopicId, region).partitions.merge(PartitionId, clock.now()).map(describe),
    }),
    { resource: topicOf, perSecond: 20 },
  ),
};

function topicOf({ TopicId }: { TopicId: string }): string {
  return `topic/${TopicId}`;
}

function describe({ id, isOpen, beginKey, endKey, createdAt, closedAt }: Partition): object {
  return {
    PartitionId: id,
    Status: isOpen ? "readwrite" : "readonly",
    InclusiveBeginKey: hex(beginKey),
    ExclusiveEndKey: hex(endKey === END_KEY ? END_KEY - 1n : endKey),
    CreateTime: apiTime(createdAt),
    LastWriteTime: closedAt === undefined ? null : apiTime(closedAt),
  };
}

function hex(key: HashKey): string {
  return key.toString(16).padStart(32, "0");
}
