import { action, type Action } from "./action";
import { integer, optional, text } from "./fields";
import type { Delivery } from "../cls/delivery";
import type { TriggerInfo } from "./scf-trigger";
import { apiTime } from "./time";

/**
 * What CLS offers for deliveries to functions: they can only be made; SCF lists and deletes them.
 * Fact: docs/design/facts/runtime.md#cls-delivery.
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
    (given, { services: { deliveries } }) => {
      deliveries.create(given.TopicId, {
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

/** A delivery as SCF's API shows it among the triggers of its function. */
export function describeDelivery({ topic, spec, createdAt }: Delivery): TriggerInfo {
  const description = {
    effective: true,
    function_name: spec.functionName,
    max_size: spec.maxMessages,
    max_wait: spec.waitSeconds,
    name_space: spec.namespace,
    qualifier: spec.qualifier,
    topic_id: topic.id,
  };
  return {
    TriggerName: topic.id,
    Type: "cls",
    TriggerDesc: JSON.stringify(description),
    Enable: 1,
    Qualifier: spec.qualifier,
    Description: "",
    CustomArgument: "",
    AvailableStatus: "Available",
    AddTime: apiTime(createdAt),
    ModTime: apiTime(createdAt),
  };
}
