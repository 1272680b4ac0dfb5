import type { Logset } from "../cls/cls";
import type { Product } from "./action";
import { action, type ActionRequest } from "./action";
import { ALARM_ACTIONS } from "./cls-alarm";
import { NOTICE_ACTIONS } from "./cls-alarm-notice";
import { CONSUMER_GROUP_ACTIONS } from "./cls-consumer-group";
import { DASHBOARD_ACTIONS } from "./cls-dashboard";
import { DELIVERY_ACTIONS } from "./cls-delivery";
import { INDEX_ACTIONS } from "./cls-index";
import { PARTITION_ACTIONS } from "./cls-partition";
import { SEARCH_ACTIONS } from "./cls-search";
import { SHIPPER_ACTIONS } from "./cls-shipper";
import { TOPIC_ACTIONS } from "./cls-topic";
import { TRANSFORM_ACTIONS } from "./cls-transform";
import { integer, optional, text } from "./fields";
import { filtered, FILTERS, page } from "./lists";
import { apiTime } from "./time";

const LOGSET_NAME = text({ pattern: /^[^|]{1,255}$/ });

/** Logsets, topics, and the resources of topics. Fact: docs/design/facts/provider.md#cls-actions. */
export const CLS: Product = {
  name: "cls",
  version: "2020-10-16",
  isRegional: true,
  actions: {
    GetClsService: action({}, ({}, { services: { cls } }) => ({ Status: cls.isOpen ? 0 : 1 })),
    CreateLogset: action({ LogsetName: LOGSET_NAME }, ({ LogsetName }, { region, services: { cls } }) => ({
      LogsetId: cls.createLogset(LogsetName, region),
    })),
    DescribeLogsets: action(
      { Filters: FILTERS, Offset: optional(integer({ min: 0 })), Limit: optional(integer({ min: 1, max: 100 })) },
      ({ Filters = [], Offset, Limit }, request) => {
        const logsets = request.services.cls.allLogsets().filter((logset) => logset.region === request.region);
        const filters = Filters.map(({ Key, Values }) => ({ name: Key, values: Values }));
        const found = filtered(logsets, filters, { logsetId: ({ id }) => id, logsetName: ({ name }) => name });
        return { TotalCount: found.length, Logsets: page(found, Offset, Limit).map((item) => describe(item, request)) };
      },
    ),
    ModifyLogset: action(
      { LogsetId: text(), LogsetName: LOGSET_NAME },
      ({ LogsetId, LogsetName }, { region, services: { cls } }) => {
        cls.renameLogset(cls.logset(LogsetId, region).id, LogsetName);
        return {};
      },
    ),
    DeleteLogset: action({ LogsetId: text() }, ({ LogsetId }, { region, services: { cls, tags } }) => {
      cls.deleteLogset(cls.logset(LogsetId, region).id);
      tags.forget("cls", "logset", LogsetId);
      return {};
    }),
    ...TOPIC_ACTIONS,
    ...INDEX_ACTIONS,
    ...SHIPPER_ACTIONS,
    ...DELIVERY_ACTIONS,
    ...TRANSFORM_ACTIONS,
    ...ALARM_ACTIONS,
    ...NOTICE_ACTIONS,
    ...DASHBOARD_ACTIONS,
    ...PARTITION_ACTIONS,
    ...CONSUMER_GROUP_ACTIONS,
    ...SEARCH_ACTIONS,
  },
};

function describe(logset: Logset, { services: { cls, tags } }: ActionRequest): object {
  return {
    LogsetId: logset.id,
    LogsetName: logset.name,
    CreateTime: apiTime(logset.createdAt),
    TopicCount: cls.allTopics().filter((topic) => topic.logsetId === logset.id).length,
    RoleName: "",
    AssumerName: "",
    Tags: tags.of("cls", "logset", logset.id).map(([Key, Value]) => ({ Key, Value })),
  };
}
