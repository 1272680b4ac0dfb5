import type { Alarm, AlarmSettings } from "../cls/alarms";
import { Refusal } from "../refusal";
import { action, type Action, type ActionRequest } from "./action";
import { flag, integer, list, object, optional, text, word, type Values } from "./fields";
import { filtered, FILTERS, page } from "./lists";
import { apiTime } from "./time";

const NAME = text({ pattern: /^[^|]{1,255}$/ });
const OFFSET = integer({ min: -1440, max: 0 });
const LEVEL = integer({ min: 0, max: 2 });

const TARGET = object({
  TopicId: text({ min: 1 }),
  LogsetId: text({ min: 1 }),
  Query: text({ min: 1 }),
  Number: integer({ min: 1 }),
  StartTimeOffset: OFFSET,
  EndTimeOffset: OFFSET,
  SyntaxRule: optional(integer({ min: 0, max: 1 })),
});

const ANALYSIS = object({
  Name: text(),
  Type: word("query", "field", "original"),
  Content: text(),
  ConfigInfo: optional(list(object({ Key: text(), Value: text() }))),
});

const TARGETS = list(TARGET, 10);
const MONITOR_TIME = object({ Type: word("Period", "Fixed"), Time: integer({ min: 1, max: 1440 }) });
const TRIGGER_COUNT = integer({ min: 1, max: 2000 });
const ALARM_PERIOD = integer({ min: 0, max: 1440 });

/** Optional fields of both CreateAlarm and ModifyAlarm. Fact: docs/design/facts/provider.md#alarm. */
const CHANGEABLE = {
  Condition: optional(text({ min: 1 })),
  AlarmLevel: optional(LEVEL),
  MultiConditions: optional(list(object({ Condition: text({ min: 1 }), AlarmLevel: LEVEL }), 16)),
  AlarmNoticeIds: optional(list(text({ min: 1 }), 20)),
  Status: optional(flag()),
  MessageTemplate: optional(text()),
  CallBack: optional(object({ Body: text(), Headers: optional(list(text(), 100)) })),
  Analysis: optional(list(ANALYSIS, 10)),
  Classifications: optional(list(object({ Key: text({ min: 1, max: 50 }), Value: text({ max: 200 }) }), 20)),
};

/** Actions on alarms. */
export const ALARM_ACTIONS: Readonly<Record<string, Action>> = {
  CreateAlarm: action(
    {
      ...CHANGEABLE,
      Name: NAME,
      AlarmTargets: TARGETS,
      MonitorTime: MONITOR_TIME,
      TriggerCount: TRIGGER_COUNT,
      AlarmPeriod: ALARM_PERIOD,
    },
    (given, request) => {
      const { alarms } = request.services;
      const start = { name: given.Name, noticeIds: [], details: { AlarmLevel: 0, Status: true } };
      return { AlarmId: alarms.createAlarm(settingsOf(given, start, request), request.region) };
    },
  ),
  DescribeAlarms: action(
    { Filters: FILTERS, Offset: optional(integer({ min: 0 })), Limit: optional(integer({ min: 1, max: 100 })) },
    ({ Filters = [], Offset, Limit }, request) => {
      const alarms = request.services.alarms.allAlarms().filter(({ region }) => region === request.region);
      const filters = Filters.map(({ Key, Values }) => ({ name: Key, values: Values }));
      const found = filtered(alarms, filters, { name: ({ settings }) => settings.name, alarmId: ({ id }) => id });
      return { TotalCount: found.length, Alarms: page(found, Offset, Limit).map((item) => describe(item, request)) };
    },
  ),
  ModifyAlarm: action(
    {
      ...CHANGEABLE,
      AlarmId: text(),
      Name: optional(NAME),
      AlarmTargets: optional(TARGETS),
      MonitorTime: optional(MONITOR_TIME),
      TriggerCount: optional(TRIGGER_COUNT),
      AlarmPeriod: optional(ALARM_PERIOD),
    },
    (given, request) => {
      const { alarms } = request.services;
      const before = alarms.alarm(given.AlarmId, request.region).settings;
      alarms.modifyAlarm(given.AlarmId, settingsOf(given, { ...before, name: given.Name ?? before.name }, request));
      return {};
    },
  ),
  DeleteAlarm: action({ AlarmId: text() }, ({ AlarmId }, { region, services: { alarms, tags } }) => {
    alarms.deleteAlarm(alarms.alarm(AlarmId, region).id);
    tags.forget("cls", "alarm", AlarmId);
    return {};
  }),
};

type Given = Values<typeof CHANGEABLE> & {
  readonly AlarmTargets?: readonly Target[];
  readonly MonitorTime?: object;
  readonly TriggerCount?: number;
  readonly AlarmPeriod?: number;
};
type Target = ReturnType<typeof TARGET.read>;

/** Applies a request to an alarm; omitted fields stay unchanged. */
function settingsOf(given: Given, before: AlarmSettings, request: ActionRequest): AlarmSettings {
  if (given.Condition !== undefined && given.MultiConditions !== undefined) {
    throw new Refusal("InvalidParameter", "Condition and MultiConditions must not be given both.");
  }
  const changes = {
    AlarmTargets: given.AlarmTargets?.map((target, index) => targetOf(target, index + 1, request)),
    MonitorTime: given.MonitorTime,
    TriggerCount: given.TriggerCount,
    AlarmPeriod: given.AlarmPeriod,
    Condition: given.MultiConditions ? "" : given.Condition,
    AlarmLevel: given.AlarmLevel,
    MultiConditions: given.Condition ? [] : given.MultiConditions,
    Status: given.Status,
    MessageTemplate: given.MessageTemplate,
    CallBack: given.CallBack,
    Analysis: given.Analysis,
    Classifications: given.Classifications,
  };
  const changed = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const details: { Condition?: string; MultiConditions?: object[] } = { ...before.details, ...changed };
  if (!details.Condition && !details.MultiConditions?.length) {
    throw new Refusal("InvalidParameter", "Condition or MultiConditions must be given.");
  }
  return {
    name: before.name,
    noticeIds: given.AlarmNoticeIds ?? before.noticeIds,
    details,
  };
}

function targetOf(target: Target, number: number, { region, services: { cls } }: ActionRequest): object {
  const topic = cls.topicOf(target.TopicId);
  const refuse = (rule: string): never => {
    throw new Refusal("InvalidParameter", rule);
  };
  if (topic.region !== region) refuse(`TopicId must be of ${region}, got one of ${topic.region}.`);
  if (topic.logsetId !== target.LogsetId) refuse(`LogsetId must be that of the topic, got ${target.LogsetId}.`);
  if (target.Number !== number) refuse(`Number must be ${number}, got ${target.Number}.`);
  if (target.EndTimeOffset <= target.StartTimeOffset) refuse("EndTimeOffset must be greater than StartTimeOffset.");
  return { SyntaxRule: 0, ...target };
}

/** CLS's answer: omitted fields are included with their defaults. */
function describe({ id, settings, createdAt, modifiedAt }: Alarm, { services: { tags } }: ActionRequest): object {
  return {
    AlarmId: id,
    Name: settings.name,
    MessageTemplate: "",
    GroupTriggerStatus: false,
    MonitorObjectType: 0,
    ...settings.details,
    AlarmNoticeIds: settings.noticeIds,
    CreateTime: apiTime(createdAt),
    UpdateTime: apiTime(modifiedAt),
    Tags: tags.of("cls", "alarm", id).map(([Key, Value]) => ({ Key, Value })),
  };
}
