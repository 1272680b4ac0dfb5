import { action, type Action } from "./action";
import { integer, optional, text } from "./fields";

/**
 * CLS's actions on deliveries to functions: it only creates them; SCF lists and deletes them. Fact:
 * docs/design/facts/runtime.md#cls-delivery.
 */
export const DELIVERY_ACTIONS: Readonly<Record<string, Action>> = {
  CreateDeliverCloudFunction: action(
    {
      TopicId: text({ min: 1 }),
      FunctionName: text({ min: 1 }),
      Namespace: text({ min: 1 }),
      Qualifier: text({ min: 1 }),
      Timeout: optional(integer({ min: 3, max: 300 })),
      MaxMsgNum: optional(integer({ min: 1, max: 10_000 })),
    },
    (given, { region, services: { cls, deliveries } }) => {
      deliveries.create(cls.topicOf(given.TopicId, region).id, {
        functionName: given.FunctionName,
        namespace: given.Namespace,
        qualifier: given.Qualifier,
        waitSeconds: given.Timeout ?? 60,
        maxMessages: given.MaxMsgNum ?? 100,
      });
      return {};
    },
  ),
};
