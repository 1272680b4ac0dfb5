import type { Notice, NoticeSettings } from "../cls/alarms";
import { Refusal } from "../refusal";
import { action, type Action, type ActionRequest } from "./action";
import { flag, integer, list, object, optional, text, word, type Values } from "./fields";
import { filtered, FILTERS, page } from "./lists";
import { apiTime } from "./time";

const NAME = text({ pattern: /^[^|]{1,255}$/ });
const TIME = text({ pattern: /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/ });

const RECEIVER = object({
  ReceiverType: word("Uin", "Group"),
  ReceiverIds: list(integer({ min: 1 }), 100),
  ReceiverChannels: list(word("Email", "Sms", "WeChat", "Phone"), 4),
  NoticeContentId: optional(text({ min: 1 })),
  StartTime: TIME,
  EndTime: TIME,
  // Its value in a request is ignored.
  Index: optional(integer()),
});

const CALLBACK = object({
  CallbackType: word("Http", "WeCom", "DingTalk", "Lark"),
  Url: text({ max: 1024 }),
  WebCallbackId: optional(text()),
  Method: optional(word("POST", "PUT")),
  NoticeContentId: optional(text({ min: 1 })),
  RemindType: optional(integer({ min: 0, max: 2 })),
  Mobiles: optional(list(text(), 100)),
  UserIds: optional(list(text(), 100)),
  Headers: optional(list(text(), 100)),
  Body: optional(text()),
  Index: optional(integer()),
});

/**
 * Fields of both CreateAlarmNotice and ModifyAlarmNotice, in the API's simple mode. Fact:
 * docs/design/facts/provider.md#alarm-notice.
 */
const CHANGEABLE = {
  Type: optional(word("Trigger", "Recovery", "All")),
  NoticeReceivers: optional(list(RECEIVER, 10)),
  WebCallbacks: optional(list(CALLBACK, 10)),
  JumpDomain: optional(text({ pattern: /^(https?:\/\/.*[^/])?$/ })),
  DeliverStatus: optional(integer({ min: 1, max: 1 })),
  AlarmShieldStatus: optional(integer({ min: 1, max: 2 })),
  CallbackPrioritize: optional(flag()),
};

/** Actions on notices, which define whom alarms notify. */
export const NOTICE_ACTIONS: Readonly<Record<string, Action>> = {
  CreateAlarmNotice: action({ ...CHANGEABLE, Name: NAME }, (given, { region, services: { alarms } }) => ({
    AlarmNoticeId: alarms.createNotice(settingsOf(given, { name: given.Name, details: DEFAULTS }), region),
  })),
  DescribeAlarmNotices: action(
    {
      Filters: FILTERS,
      Offset: optional(integer({ min: 0 })),
      Limit: optional(integer({ min: 1, max: 100 })),
      HasAlarmShieldCount: optional(flag()),
    },
    ({ Filters = [], Offset, Limit }, request) => {
      const notices = request.services.alarms.allNotices().filter(({ region }) => region === request.region);
      const filters = Filters.map(({ Key, Values }) => ({ name: Key, values: Values }));
      const found = filtered(notices, filters, {
        name: ({ settings }) => settings.name,
        alarmNoticeId: ({ id }) => id,
      });
      return {
        TotalCount: found.length,
        AlarmNotices: page(found, Offset, Limit).map((item) => describe(item, request)),
      };
    },
  ),
  ModifyAlarmNotice: action(
    { ...CHANGEABLE, AlarmNoticeId: text(), Name: optional(NAME) },
    (given, { region, services: { alarms } }) => {
      const { name, details } = alarms.notice(given.AlarmNoticeId, region).settings;
      alarms.modifyNotice(given.AlarmNoticeId, settingsOf(given, { name: given.Name ?? name, details }));
      return {};
    },
  ),
  DeleteAlarmNotice: action({ AlarmNoticeId: text() }, ({ AlarmNoticeId }, { region, services: { alarms, tags } }) => {
    alarms.deleteNotice(alarms.notice(AlarmNoticeId, region).id);
    tags.forget("cls", "alarmNotice", AlarmNoticeId);
    return {};
  }),
};

const DEFAULTS = {
  Type: "All",
  NoticeReceivers: [],
  WebCallbacks: [],
  JumpDomain: "",
  DeliverStatus: 1,
  AlarmShieldStatus: 2,
  CallbackPrioritize: false,
};

/** Applies a request to a notice; omitted fields stay unchanged. */
function settingsOf(given: Values<typeof CHANGEABLE>, before: NoticeSettings): NoticeSettings {
  const { NoticeReceivers, WebCallbacks } = given;
  const details = {
    Type: given.Type,
    JumpDomain: given.JumpDomain,
    DeliverStatus: given.DeliverStatus,
    AlarmShieldStatus: given.AlarmShieldStatus,
    CallbackPrioritize: given.CallbackPrioritize,
    NoticeReceivers: NoticeReceivers?.map((receiver, index) => ({
      NoticeContentId: "Default-zh",
      ...receiver,
      Index: index + 1,
    })),
    WebCallbacks: WebCallbacks?.map((callback, index) => ({ ...withDefaults(callback), Index: index + 1 })),
  };
  const changed = Object.entries(details).filter(([, value]) => value !== undefined);
  return { name: before.name, details: { ...before.details, ...Object.fromEntries(changed) } };
}

function withDefaults(callback: ReturnType<typeof CALLBACK.read>): object {
  if (callback.CallbackType === "Http" && callback.Method === undefined) {
    throw new Refusal("InvalidParameter", "WebCallbacks.Method must be given for Http.");
  }
  if (callback.Url === "" && !callback.WebCallbackId) {
    throw new Refusal("InvalidParameter", "WebCallbacks.Url must be given where WebCallbackId is not.");
  }
  return { NoticeContentId: "Default-zh", RemindType: 0, Mobiles: [], UserIds: [], Headers: [], Body: "", ...callback };
}

/** CLS's answer: omitted fields are included with their defaults. */
function describe({ id, settings, createdAt, modifiedAt }: Notice, { services: { tags } }: ActionRequest): object {
  return {
    AlarmNoticeId: id,
    Name: settings.name,
    ...settings.details,
    DeliverFlag: 1,
    CreateTime: apiTime(createdAt),
    UpdateTime: apiTime(modifiedAt),
    Tags: tags.of("cls", "alarmNotice", id).map(([Key, Value]) => ({ Key, Value })),
  };
}
