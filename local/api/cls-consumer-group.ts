import type { TopicPartition } from "../cls/consumer-group";
import type { ConsumerGroups } from "../cls/consumer-groups";
import { action, type Action, type ActionRequest } from "./action";
import { integer, list, object, optional, text } from "./fields";

/** The documentation forbids hyphens, but its examples and the vendor's consumer use them. */
const NAME = text({ pattern: /^[A-Za-z_][A-Za-z0-9_-]{0,255}$/ });

const GROUP = { LogsetId: text({ min: 1 }), ConsumerGroup: NAME };
const TIMEOUT = integer({ min: 1, max: 24 * 3600 });
const TOPICS = list(text({ min: 1 }), 50);
const PARTITION_ID = integer({ min: 0 });

/** All of them have the same limit, and are authorized on the logset. */
const RULES = { resource: ({ LogsetId }: { LogsetId: string }) => `logset/${LogsetId}`, perSecond: 20 };

/** Actions on consumer groups. Fact: docs/design/facts/cls-reading.md#consumer-groups. */
export const CONSUMER_GROUP_ACTIONS: Readonly<Record<string, Action>> = {
  CreateConsumerGroup: action(
    { ...GROUP, Timeout: TIMEOUT, Topics: TOPICS },
    ({ LogsetId, ConsumerGroup, Timeout, Topics }, request) => {
      groupsOf(LogsetId, request).create(LogsetId, ConsumerGroup, Timeout, Topics);
      return { ConsumerGroup };
    },
    RULES,
  ),
  ModifyConsumerGroup: action(
    { ...GROUP, Timeout: TIMEOUT, Topics: TOPICS },
    ({ LogsetId, ConsumerGroup, Timeout, Topics }, request) => {
      groupsOf(LogsetId, request).modify(LogsetId, ConsumerGroup, Timeout, Topics);
      return {};
    },
    RULES,
  ),
  DescribeConsumerGroups: action(
    { LogsetId: GROUP.LogsetId, Topics: optional(TOPICS) },
    ({ LogsetId, Topics }, request) => ({
      ConsumerGroupsInfo: groupsOf(LogsetId, request)
        .of(LogsetId, Topics)
        .map(({ name, settings }) => ({
          ConsumerGroup: name,
          Timeout: settings.timeoutSeconds,
          Topics: settings.topicIds,
        })),
    }),
    RULES,
  ),
  DeleteConsumerGroup: action(
    GROUP,
    ({ LogsetId, ConsumerGroup }, request) => {
      groupsOf(LogsetId, request).delete(LogsetId, ConsumerGroup);
      return {};
    },
    RULES,
  ),
  SendConsumerHeartbeat: action(
    {
      ...GROUP,
      Consumer: NAME,
      TopicPartitionsInfo: list(object({ TopicID: text({ min: 1 }), Partitions: list(PARTITION_ID, 500) }), 50),
      // The vendor's consumer sends it; it is undocumented.
      PartitionStrategy: optional(integer({ min: 0 })),
    },
    ({ LogsetId, ConsumerGroup, Consumer, TopicPartitionsInfo }, request) => {
      const group = groupsOf(LogsetId, request).group(LogsetId, ConsumerGroup);
      const holding = TopicPartitionsInfo.flatMap(({ TopicID: topicId, Partitions }) =>
        Partitions.map((partitionId) => ({ topicId, partitionId })),
      );
      const mine = group.heartbeat(Consumer, holding);
      const info = group.settings.topicIds.map((id) => ({ TopicID: id, Partitions: idsOf(mine, id) }));
      return { ConsumerGroup, TopicPartitionsInfo: info };
    },
    RULES,
  ),
  CommitConsumerOffsets: action(
    {
      ...GROUP,
      Consumer: NAME,
      TopicPartitionOffsetsInfo: list(
        object({
          TopicID: text({ min: 1 }),
          PartitionOffsets: list(object({ PartitionId: PARTITION_ID, Offset: integer({ min: -1 }) }), 500),
        }),
        50,
      ),
    },
    ({ LogsetId, ConsumerGroup, Consumer, TopicPartitionOffsetsInfo }, request) => {
      const offsets = TopicPartitionOffsetsInfo.flatMap(({ TopicID: topicId, PartitionOffsets }) =>
        PartitionOffsets.map(({ PartitionId: partitionId, Offset: offset }) => ({ topicId, partitionId, offset })),
      );
      groupsOf(LogsetId, request).group(LogsetId, ConsumerGroup).commit(Consumer, offsets);
      return {};
    },
    RULES,
  ),
  DescribeConsumerOffsets: action(
    {
      ...GROUP,
      From: text({ min: 1 }),
      TopicId: optional(text({ min: 1 })),
      PartitionId: optional(text({ pattern: /^\d+$/ })),
      OffsetType: optional(integer({ min: 0, max: 1 })),
    },
    ({ LogsetId, ConsumerGroup, From, TopicId, PartitionId, OffsetType }, request) => {
      const group = groupsOf(LogsetId, request).group(LogsetId, ConsumerGroup);
      const wanted = group
        .partitions()
        .filter(({ topicId }) => TopicId === undefined || topicId === TopicId)
        .filter(({ partitionId }) => PartitionId === undefined || partitionId === Number(PartitionId));
      const offsets = (topicId: string): object[] =>
        idsOf(wanted, topicId).map((id) => {
          const partition = { topicId, partitionId: id };
          return {
            PartitionId: id,
            Offset: OffsetType === 1 ? group.listed(partition, From) : group.offsetOf(partition, From),
          };
        });
      const topics = [...new Set(wanted.map(({ topicId }) => topicId))];
      return {
        ConsumerGroup,
        TopicPartitionOffsetsInfo: topics.map((id) => ({ TopicID: id, PartitionOffsets: offsets(id) })),
      };
    },
    RULES,
  ),
};

/** The groups of the account; throws if the logset is not in the request's region. */
function groupsOf(logsetId: string, { region, services: { cls } }: ActionRequest): ConsumerGroups {
  cls.logset(logsetId, region);
  return cls.consumerGroups;
}

function idsOf(partitions: readonly TopicPartition[], topic: string): number[] {
  return partitions.filter(({ topicId }) => topicId === topic).map(({ partitionId }) => partitionId);
}
