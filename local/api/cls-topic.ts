import type { Topic, TopicSettings } from "../cls/topic";
import { Refusal } from "../refusal";
import type { Services } from "../services";
import { action, type Action, type ActionRequest } from "./action";
import { flag, integer, list, object, optional, text, word, type Values } from "./fields";
import { filtered, FILTERS, page } from "./lists";
import { apiTime } from "./time";

/** The number of days that means permanent storage. */
const FOREVER = 3640;

const TAGS = optional(list(object({ Key: text({ min: 1, max: 127 }), Value: text({ max: 255 }) }), 10));

/** Fields of both CreateTopic and ModifyTopic. */
const CHANGEABLE = {
  Tags: TAGS,
  AutoSplit: optional(flag()),
  MaxSplitPartitions: optional(integer({ min: 1, max: 50 })),
  Period: optional(integer({ min: 1, max: 3600, also: [FOREVER] })),
  HotPeriod: optional(integer({ min: 7, max: 3599, also: [0] })),
  Describes: optional(text({ max: 255 })),
  IsWebTracking: optional(flag()),
};

/** Names that CLS reserves. Fact: docs/design/facts/provider.md#topic. */
const TOPIC_NAME = text({
  pattern:
    /^(?!(cls_service_log|loglistener_status|loglistener_alarm|loglistener_business|cls_service_metric)$)[^|]{1,255}$/,
});

/** Actions on topics. */
export const TOPIC_ACTIONS: Readonly<Record<string, Action>> = {
  CreateTopic: action(
    {
      ...CHANGEABLE,
      LogsetId: text(),
      TopicName: TOPIC_NAME,
      PartitionCount: optional(integer({ min: 1, max: 10 })),
      StorageType: optional(word("hot", "cold")),
      BizType: optional(integer({ min: 0, max: 0 })),
    },
    (given, request) => {
      const { cls, tags } = request.services;
      const { PartitionCount: partitionCount, StorageType: storageType } = given;
      const settings = { ...settingsOf(given), partitionCount, storageType };
      checkPeriods(settings);
      const topic = cls.createTopic(given.TopicName, given.LogsetId, request.region, settings);
      tags.modify("cls", "topic", topic.id, { set: given.Tags?.map(({ Key, Value }) => [Key, Value]) });
      return { TopicId: topic.id };
    },
  ),
  DescribeTopics: action(
    {
      Filters: FILTERS,
      Offset: optional(integer({ min: 0 })),
      Limit: optional(integer({ min: 1, max: 100 })),
      PreciseSearch: optional(integer({ min: 0, max: 3 })),
      BizType: optional(integer({ min: 0, max: 1 })),
    },
    ({ Filters = [], Offset, Limit }, request) => {
      const topics = request.services.cls.allTopics().filter((topic) => topic.region === request.region);
      const filters = Filters.map(({ Key, Values }) => ({ name: Key, values: Values }));
      const found = filtered(topics, filters, {
        topicId: ({ id }) => id,
        topicName: ({ name }) => name,
        logsetId: ({ logsetId }) => logsetId,
      });
      return { TotalCount: found.length, Topics: page(found, Offset, Limit).map((topic) => describe(topic, request)) };
    },
  ),
  ModifyTopic: action(
    { ...CHANGEABLE, TopicId: text(), TopicName: optional(TOPIC_NAME) },
    (given, { region, services: { cls, tags } }) => {
      const topic = cls.topicOf(given.TopicId, region);
      const settings = settingsOf(given);
      checkPeriods({ ...topic.settings, ...settings });
      cls.modifyTopic(topic.id, { name: given.TopicName, settings });
      if (given.Tags) {
        const remove = tags.of("cls", "topic", topic.id).map(([key]) => key);
        tags.modify("cls", "topic", topic.id, { remove, set: given.Tags.map(({ Key, Value }) => [Key, Value]) });
      }
      return {};
    },
  ),
  DeleteTopic: action({ TopicId: text() }, ({ TopicId }, { region, services }) => {
    const { cls, tags } = services;
    refuseWhileUsed(cls.topicOf(TopicId, region), services);
    cls.deleteTopic(TopicId);
    tags.forget("cls", "topic", TopicId);
    return {};
  }),
};

/** CLS refuses to delete a topic that is still in use. */
function refuseWhileUsed(topic: Topic, { deliveries, transforms }: Services): void {
  const delivery = deliveries.all().find((other) => other.topic === topic);
  if (delivery) {
    const message = `The topic must be delivered to no function, got ${delivery.spec.functionName}.`;
    throw new Refusal("OperationDenied.TopicHasDeliverFunction", message);
  }
  if (transforms.uses(topic.id)) {
    throw new Refusal("OperationDenied.TopicHasDataFormTask", `The topic must have no data transform: ${topic.id}.`);
  }
}

/** The settings in a request; omitted ones stay unchanged. */
function settingsOf(given: Values<typeof CHANGEABLE>): Partial<TopicSettings> {
  if (given.IsWebTracking) throw new Refusal("UnsupportedOperation", "The local cloud does not run IsWebTracking.");
  const settings = {
    autoSplit: given.AutoSplit,
    maxSplitPartitions: given.MaxSplitPartitions,
    periodDays: given.Period,
    hotPeriodDays: given.HotPeriod,
    description: given.Describes,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function checkPeriods({ storageType, periodDays = 30, hotPeriodDays = 0 }: Partial<TopicSettings>): void {
  const refuse = (rule: string): never => {
    throw new Refusal("FailedOperation.InvalidPeriod", rule);
  };
  if (storageType === "cold" && periodDays < 7) refuse(`Period must be 7 or more in cold storage, got ${periodDays}`);
  if (storageType === "cold" && hotPeriodDays > 0) refuse("HotPeriod must not be given for cold storage");
  if (hotPeriodDays >= periodDays) refuse(`HotPeriod must be less than Period ${periodDays}, got ${hotPeriodDays}`);
}

function describe(topic: Topic, { services: { tags } }: ActionRequest): object {
  const { settings } = topic;
  return {
    LogsetId: topic.logsetId,
    TopicId: topic.id,
    TopicName: topic.name,
    PartitionCount: settings.partitionCount,
    Index: topic.index?.enabled ?? false,
    AutoSplit: settings.autoSplit,
    MaxSplitPartitions: settings.maxSplitPartitions,
    StorageType: settings.storageType,
    Period: settings.periodDays,
    HotPeriod: settings.hotPeriodDays,
    Describes: settings.description,
    IsWebTracking: false,
    BizType: 0,
    Status: true,
    CreateTime: apiTime(topic.createdAt),
    Tags: tags.of("cls", "topic", topic.id).map(([Key, Value]) => ({ Key, Value })),
  };
}
