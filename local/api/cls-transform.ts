import type { TransformSpec, TransformTarget } from "../cls/transform-task";
import { defaultDetails, type Transform } from "../cls/transforms";
import { Refusal } from "../refusal";
import { action, type Action, type ActionRequest } from "./action";
import { flag, integer, list, object, optional, text, type Values } from "./fields";
import { filtered, FILTERS, page } from "./lists";
import { apiTime } from "./time";

/** The provider sends all of a target's fields, empty if they are not set. */
const TARGET = object({
  TopicId: text({ min: 1 }),
  Alias: text({ pattern: /^[^|]+$/ }),
  IsCrossAccount: optional(flag()),
  RoleARN: optional(text()),
  ExternalId: optional(text()),
  TopicName: optional(text()),
  LogsetName: optional(text()),
});

/** 1 and 2 are CLS's values for off and on. */
const SWITCH = integer({ min: 1, max: 2 });

/** Fields of both CreateDataTransform and ModifyDataTransform. Fact: docs/design/facts/provider.md#data-transform. */
const CHANGEABLE = {
  DstResources: optional(list(TARGET, 20)),
  /** Here 1 is on, and 2 is off. */
  EnableFlag: optional(integer({ min: 1, max: 2 })),
  BackupGiveUpData: optional(flag()),
  HasServicesLog: optional(SWITCH),
  KeepFailureLog: optional(SWITCH),
  FailureLogKey: optional(text()),
  EnvInfos: optional(list(object({ Key: text({ min: 1 }), Value: text() }), 100)),
};

const CONTENT = text({ min: 1 });

/** Actions on CLS's own data processing. */
export const TRANSFORM_ACTIONS: Readonly<Record<string, Action>> = {
  CreateDataTransform: action(
    {
      ...CHANGEABLE,
      FuncType: integer({ min: 1, max: 2 }),
      SrcTopicId: text({ min: 1 }),
      Name: text({ pattern: /^[^|]{1,128}$/ }),
      EtlContent: CONTENT,
      TaskType: integer({ min: 1, max: 3 }),
      DataTransformType: optional(integer({ min: 0, max: 1 })),
      ProcessFromTimestamp: optional(integer({ min: 0 })),
      ProcessToTimestamp: optional(integer({ min: 0 })),
    },
    (given, request) => {
      if (given.TaskType !== 3) throw new Refusal("UnsupportedOperation", "The local cloud makes no previews.");
      const { services, region } = request;
      const topic = services.cls.topicOf(given.SrcTopicId, region);
      const { DataTransformType, ProcessFromTimestamp, ProcessToTimestamp } = given;
      const details = {
        ...defaultDetails(services.clock.now()),
        ...(DataTransformType !== undefined && { DataTransformType }),
        ...(ProcessFromTimestamp !== undefined && { ProcessFromTimestamp }),
        ...(ProcessToTimestamp !== undefined && { ProcessToTimestamp }),
      };
      const start: TransformSpec = {
        name: given.Name,
        content: given.EtlContent,
        routing: given.FuncType === 2 ? "dynamic" : "fixed",
        targets: [],
        enabled: true,
        details,
      };
      return { TaskId: services.transforms.create(topic.id, specOf(given, start)) };
    },
  ),
  DescribeDataTransformInfo: action(
    {
      Filters: FILTERS,
      Offset: optional(integer({ min: 0 })),
      Limit: optional(integer({ min: 1, max: 100 })),
      Type: optional(integer({ min: 1, max: 2 })),
      TaskId: optional(text()),
    },
    ({ Filters = [], Offset, Limit, Type, TaskId }, request) => {
      if (Type === 1 && TaskId === undefined) {
        throw new Refusal("InvalidParameter", "TaskId must be given where Type is 1.");
      }
      const transforms = request.services.transforms
        .all()
        .filter(({ id, source }) => source.region === request.region && (Type !== 1 || id === TaskId));
      const filters = Filters.map(({ Key, Values }) => ({ name: Key, values: Values }));
      const found = filtered(transforms, filters, {
        taskId: ({ id }) => id,
        taskName: ({ spec }) => spec.name,
        topicId: ({ source }) => source.id,
        status: (transform) => String(statusOf(transform)),
        dstTopicType: ({ spec }) => (spec.routing === "dynamic" ? "2" : "1"),
      });
      const DataTransformTaskInfos = page(found, Offset, Limit).map((transform) => describe(transform, request));
      return { TotalCount: found.length, DataTransformTaskInfos };
    },
  ),
  ModifyDataTransform: action(
    {
      ...CHANGEABLE,
      TaskId: text({ min: 1 }),
      Name: optional(text({ pattern: /^[^|]{1,255}$/ })),
      EtlContent: optional(CONTENT),
    },
    (given, { region, services: { transforms } }) => {
      const before = transforms.transform(given.TaskId, region).spec;
      const { Name: name = before.name, EtlContent: content = before.content } = given;
      transforms.modify(given.TaskId, specOf(given, { ...before, name, content }));
      return {};
    },
  ),
  DeleteDataTransform: action({ TaskId: text({ min: 1 }) }, ({ TaskId }, { region, services: { transforms } }) => {
    transforms.delete(transforms.transform(TaskId, region).id);
    return {};
  }),
};

/** Applies a request to a task; omitted fields stay unchanged. */
function specOf(given: Values<typeof CHANGEABLE>, before: TransformSpec): TransformSpec {
  const { DstResources, EnableFlag, BackupGiveUpData, HasServicesLog, KeepFailureLog, FailureLogKey, EnvInfos } = given;
  const other = { BackupGiveUpData, HasServicesLog, KeepFailureLog, FailureLogKey, EnvInfos };
  const changed = Object.entries(other).filter(([, value]) => value !== undefined);
  return {
    ...before,
    targets: DstResources?.map(targetOf) ?? before.targets,
    enabled: EnableFlag === undefined ? before.enabled : EnableFlag === 1,
    details: { ...before.details, ...Object.fromEntries(changed) },
  };
}

function targetOf(given: ReturnType<typeof TARGET.read>): TransformTarget {
  if (given.IsCrossAccount) {
    throw new Refusal("UnsupportedOperation", "The local cloud has no other account to write a topic of.");
  }
  return { topicId: given.TopicId, alias: given.Alias };
}

/** 2 is running, 4 is stopped. */
function statusOf({ spec }: Transform): number {
  return spec.enabled ? 2 : 4;
}

/**
 * CLS's answer: omitted fields are included with their defaults, also `EnableFlag`. Fact:
 * docs/design/facts/provider.md#explicit-arguments.
 */
function describe(transform: Transform, { services: { cls } }: ActionRequest): object {
  const { id, source, spec, createdAt, modifiedAt } = transform;
  return {
    TaskId: id,
    Name: spec.name,
    EnableFlag: spec.enabled ? 1 : 2,
    Type: 1,
    SrcTopicId: source.id,
    SrcTopicName: source.name,
    LogsetId: source.logsetId,
    Status: statusOf(transform),
    EtlContent: spec.content,
    DstResources: spec.targets.map(({ topicId, alias }) => {
      const { name, logsetId } = cls.topicOf(topicId);
      return {
        TopicId: topicId,
        Alias: alias,
        IsCrossAccount: false,
        RoleARN: "",
        ExternalId: "",
        TopicName: name,
        LogsetName: cls.logset(logsetId).name,
      };
    }),
    TaskDstCount: spec.targets.length,
    ...spec.details,
    CreateTime: apiTime(createdAt),
    UpdateTime: apiTime(modifiedAt),
    LastEnableTime: apiTime(createdAt),
  };
}
