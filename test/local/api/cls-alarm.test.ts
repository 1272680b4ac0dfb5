import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, start } from "../support/cloud";

let cloud: LocalCloud;
let logsetId: string;
let topicId: string;
let noticeId: string;
beforeEach(async () => {
  cloud = await start();
  logsetId = String((await call(cloud, "cls:CreateLogset", { LogsetName: "logs" })).LogsetId);
  topicId = String((await call(cloud, "cls:CreateTopic", { LogsetId: logsetId, TopicName: "functions" })).TopicId);
  noticeId = String((await call(cloud, "cls:CreateAlarmNotice", NOTICE)).AlarmNoticeId);
});
afterEach(closeClouds);

const CALLBACK = { CallbackType: "Http", Url: "https://example.com/hook", Method: "POST", RemindType: 0, Body: "" };
const RECEIVER = {
  ReceiverType: "Uin",
  ReceiverIds: [100000000001],
  ReceiverChannels: ["Email"],
  StartTime: "00:00:00",
  EndTime: "23:59:59",
};
const NOTICE = { Name: "team", Type: "Trigger", NoticeReceivers: [RECEIVER], WebCallbacks: [CALLBACK] };

const target = () => ({
  TopicId: topicId,
  LogsetId: logsetId,
  Query: "* | SELECT count(*) AS failures",
  Number: 1,
  StartTimeOffset: -5,
  EndTimeOffset: 0,
});

const alarm = () => ({
  Name: "failures",
  AlarmTargets: [target()],
  MonitorTime: { Type: "Period", Time: 5 },
  TriggerCount: 1,
  AlarmPeriod: 15,
  Condition: "$1.failures > 0",
  AlarmNoticeIds: [noticeId],
});

async function only(name: "Alarms" | "AlarmNotices", key: string, value: unknown): Promise<Record<string, unknown>> {
  const answer = await call(cloud, `cls:Describe${name}`, { Filters: [{ Key: key, Values: [value] }], Limit: 20 });
  const items = answer[name] as Record<string, unknown>[];
  expect(items).toHaveLength(1);
  return items[0] as Record<string, unknown>;
}

describe("notices", () => {
  test("come back with CLS's defaults, and places in the order they were given", async () => {
    expect(await only("AlarmNotices", "alarmNoticeId", noticeId)).toMatchObject({
      Name: "team",
      Type: "Trigger",
      NoticeReceivers: [{ ...RECEIVER, NoticeContentId: "Default-zh", Index: 1 }],
      WebCallbacks: [{ ...CALLBACK, NoticeContentId: "Default-zh", Mobiles: [], UserIds: [], Index: 1 }],
      DeliverStatus: 1,
      AlarmShieldStatus: 2,
      Tags: [],
    });
  });

  test("are changed by what a request gives", async () => {
    await call(cloud, "cls:ModifyAlarmNotice", { AlarmNoticeId: noticeId, Name: "others", WebCallbacks: [] });
    expect(await only("AlarmNotices", "name", "others")).toMatchObject({
      NoticeReceivers: [{ ReceiverIds: [100000000001] }],
      WebCallbacks: [],
    });
  });

  test("are kept while an alarm tells them", async () => {
    const { AlarmId } = await call(cloud, "cls:CreateAlarm", alarm());
    const gone = { AlarmNoticeId: noticeId };
    expect(await codeOf(call(cloud, "cls:DeleteAlarmNotice", gone))).toBe("OperationDenied.NoticeHasAlarm");
    await call(cloud, "cls:DeleteAlarm", { AlarmId });
    expect(await codeOf(call(cloud, "cls:DeleteAlarmNotice", gone))).toBe("");
    expect(await codeOf(call(cloud, "cls:DeleteAlarmNotice", gone))).toBe("ResourceNotFound.AlarmNoticeNotExist");
  });

  test.each<[string, object, string]>([
    ["a name that is taken", {}, "InvalidParameter.AlarmNoticeConflict"],
    ["a receiver without times", { NoticeReceivers: [{ ...RECEIVER, StartTime: undefined }] }, "MissingParameter"],
    ["a callback without method", { WebCallbacks: [{ CallbackType: "Http", Url: "https://a" }] }, "InvalidParameter"],
    ["a callback without address", { WebCallbacks: [{ ...CALLBACK, Url: "" }] }, "InvalidParameter"],
    [
      "a channel that CLS does not have",
      { NoticeReceivers: [{ ...RECEIVER, ReceiverChannels: ["Fax"] }] },
      "InvalidParameterValue",
    ],
  ])("are refused for %s", async (what, change, code) => {
    const Name = what === "a name that is taken" ? "team" : "new";
    expect(await codeOf(call(cloud, "cls:CreateAlarmNotice", { ...NOTICE, Name, ...change }))).toBe(code);
  });
});

describe("alarms", () => {
  test("come back with CLS's defaults", async () => {
    const { AlarmId } = await call(cloud, "cls:CreateAlarm", alarm());
    expect(await only("Alarms", "alarmId", AlarmId)).toMatchObject({
      ...alarm(),
      AlarmTargets: [{ ...target(), SyntaxRule: 0 }],
      AlarmLevel: 0,
      Status: true,
      MessageTemplate: "",
    });
  });

  test("are changed by what a request gives; a condition takes the place of several", async () => {
    const Condition = undefined;
    const MultiConditions = [{ Condition: "$1.failures > 9", AlarmLevel: 2 }];
    const { AlarmId } = await call(cloud, "cls:CreateAlarm", { ...alarm(), Condition, MultiConditions });
    await call(cloud, "cls:ModifyAlarm", { AlarmId, Condition: "$1.failures > 1", Status: false });
    expect(await only("Alarms", "name", "failures")).toMatchObject({
      Condition: "$1.failures > 1",
      MultiConditions: [],
      Status: false,
      AlarmPeriod: 15,
    });
  });

  test.each<[string, () => object, string]>([
    [
      "a topic that does not exist",
      () => ({ AlarmTargets: [{ ...target(), TopicId: "x" }] }),
      "ResourceNotFound.TopicNotExist",
    ],
    ["another logset", () => ({ AlarmTargets: [{ ...target(), LogsetId: "x" }] }), "InvalidParameter"],
    ["times that run backwards", () => ({ AlarmTargets: [{ ...target(), EndTimeOffset: -6 }] }), "InvalidParameter"],
    ["targets that do not count from 1", () => ({ AlarmTargets: [{ ...target(), Number: 2 }] }), "InvalidParameter"],
    ["no condition", () => ({ Condition: undefined }), "InvalidParameter"],
    ["a notice that does not exist", () => ({ AlarmNoticeIds: ["x"] }), "ResourceNotFound.AlarmNoticeNotExist"],
    ["a look once in two days", () => ({ MonitorTime: { Type: "Period", Time: 2880 } }), "InvalidParameterValue"],
    ["an unknown field", () => ({ Colour: "red" }), "UnknownParameter"],
  ])("are refused for %s", async (_what, change, code) => {
    expect(await codeOf(call(cloud, "cls:CreateAlarm", { ...alarm(), ...change() }))).toBe(code);
  });

  test("have names of their own", async () => {
    await call(cloud, "cls:CreateAlarm", alarm());
    expect(await codeOf(call(cloud, "cls:CreateAlarm", alarm()))).toBe("InvalidParameter.AlarmConflict");
  });
});
