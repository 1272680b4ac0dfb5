import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import {
  AlertReceiver,
  ALERT_RECORD_INDEX,
  FUNCTION_LOG_INDEX,
  LogMonitor,
  LogTopic,
  type LogMonitorProps,
} from "../../../lib";
import { planOf, testStack, textToken, violationsOf } from "../support/stack";

const GZ = LogTopic.fromTopicAttributes({ topicId: "topic-gz", logsetId: "logset-gz", region: "ap-guangzhou" });
const SG = LogTopic.fromTopicAttributes({ topicId: "topic-sg", logsetId: "logset-sg", region: "ap-singapore" });
const LOG = LogTopic.fromTopicAttributes({ topicId: "log-gz", logsetId: "logset-l", region: "ap-guangzhou" });
const SG_LOG = LogTopic.fromTopicAttributes({ topicId: "log-sg", logsetId: "logset-m", region: "ap-singapore" });
const OTHER = LogTopic.fromTopicAttributes({ topicId: "topic-2", logsetId: "logset-2", region: "ap-guangzhou" });
const LOG_2 = LogTopic.fromTopicAttributes({ topicId: "log-2", logsetId: "logset-l", region: "ap-guangzhou" });

type Given = Partial<LogMonitorProps> & { readonly sgLog?: typeof LOG };

function monitorOf({ sgLog, ...given }: Given) {
  const stack = testStack();
  const singapore = new TencentcloudProvider(stack, "singapore", { region: "ap-singapore", alias: "singapore" });
  const monitor = new LogMonitor(stack, "Errors", {
    sources: [
      { topic: GZ, name: "gz" },
      { topic: SG, name: "sg", provider: singapore, logTopic: sgLog },
    ],
    match: { status: "^5" },
    alert: { to: AlertReceiver.json({ url: textToken() }) },
    appId: "1250000000",
    ...given,
  });
  return { stack, monitor };
}

const made = (given: Given) => planOf(monitorOf(given).stack).resource;

describe("the log of a monitor's functions", () => {
  it("goes to a topic of each one's region, and alarms look at it", () => {
    const plan = made({ logTopic: LOG, sgLog: SG_LOG, alarm: { notice: "notice-1" } });
    const functions = Object.values(plan.tencentcloud_scf_function);
    const topics = functions.map(({ cls_topic_id, provider }) => `${String(provider ?? "")} ${String(cls_topic_id)}`);
    expect(topics.sort()).toEqual([" log-gz", " log-gz", "tencentcloud.singapore log-sg"]);
    const alarms = Object.values(plan.tencentcloud_cls_alarm);
    // Failures, and what was left to quarantine, of three functions; and two deliveries that may stop.
    expect(alarms).toHaveLength(8);
    expect(alarms.every(({ alarm_notice_ids }) => String(alarm_notice_ids) === "notice-1")).toBe(true);
  });

  it("is asked for where there is an alarm", () => {
    const alarm = { notice: "notice-1" };
    const remedy = "got nothing; name a topic with FUNCTION_LOG_INDEX, or leave alarm out";
    expect(violationsOf(() => made({ logTopic: LOG, alarm }))).toEqual([
      ["LOGS_MONITOR", `sources[1].logTopic must be given, since alarm looks at it, ${remedy}`],
    ]);
    const missing = violationsOf(() => made({ alarm })).map(([, message]) => message.split(" ")[0]);
    expect(missing).toEqual(["logTopic", "sources[1].logTopic"]);
  });

  it("has the index that alarms search, and is named as its user named it where it has not", () => {
    const stack = testStack();
    const provider = new TencentcloudProvider(stack, "singapore", { region: "ap-singapore", alias: "singapore" });
    const logTopic = new LogTopic(stack, "Log", { topicName: "log", index: FUNCTION_LOG_INDEX });
    const far = new LogTopic(stack, "FarLog", { topicName: "far-log", provider });
    const alarmed = () =>
      new LogMonitor(stack, "Alarmed", {
        sources: [
          { topic: GZ, name: "gz" },
          { topic: SG, name: "sg", provider, logTopic: far },
        ],
        match: { status: "^5" },
        alert: { to: AlertReceiver.json({ url: textToken() }) },
        appId: "1250000000",
        logTopic,
        alarm: { notice: "notice-1" },
      });
    expect(violationsOf(alarmed)).toEqual([
      ["LOGS_ALARM_INDEX", expect.stringMatching(/^sources\[1\]\.logTopic must have an index of the fields/)],
    ]);
  });

  it("is one for each provider", () => {
    const sources = [
      { topic: GZ, logTopic: LOG },
      { topic: OTHER, logTopic: LOG_2 },
    ];
    expect(violationsOf(() => made({ sources }))).toEqual([
      [
        "LOGS_MONITOR",
        "sources[1].logTopic must be that of all sources of its provider, which one function serves, got another; name it once",
      ],
    ]);
  });

  it("lies in the region of the function", () => {
    expect(monitorOf({ sgLog: LOG }).monitor.node.validate().join()).toContain(
      "logTopic must be in the region of its function (ap-singapore), got ap-guangzhou",
    );
    expect(monitorOf({ logTopic: LOG, sgLog: SG_LOG }).monitor.node.validate()).toEqual([]);
  });

  it("is no source of the monitor", () => {
    expect(() => made({ logTopic: GZ })).toThrow("logTopic must not be the topic that the function reads");
  });
});

describe("the alarm on the record topic", () => {
  const notice = "notice-1";
  const RECORDS = { topicId: "topic-r", logsetId: "logset-r" };

  it("calls for what is new, silent or lost, and needs an index that the monitor's own topic has", () => {
    const { monitor, stack } = monitorOf({ notice });
    const { resource } = planOf(stack);
    const [alarm, ...others] = Object.values(resource.tencentcloud_cls_alarm);
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      alarm_notice_ids: [notice],
      alarm_targets: [
        {
          query:
            'monitor:"Errors" AND (kind:first OR kind:missing OR kind:lost OR kind:unreadable) | SELECT count(*) AS alerts',
          start_time_offset: -2,
          end_time_offset: 0,
          topic_id: expect.stringMatching(/^\$\{tencentcloud_cls_topic\.\w*Records\w*\.id\}$/) as string,
        },
      ],
      condition: "$1.alerts > 0",
      monitor_time: { type: "Period", time: 1 },
    });
    expect(monitor.recordAlarm?.nameInput).toBe(alarm.name);
    const [index] = Object.values(resource.tencentcloud_cls_index);
    const keys = JSON.stringify(index.rule).match(/"key":"\w+"/g);
    expect(keys).toEqual(["monitor", "kind", "severity", "outcome"].map((key) => `"key":"${key}"`));
  });

  it("is made only where there is a notice", () => {
    const { monitor, stack } = monitorOf({});
    expect(planOf(stack).resource.tencentcloud_cls_alarm).toBeUndefined();
    expect(monitor.recordAlarm).toBeUndefined();
  });

  it("is refused on a topic that has no such index, lies in another region, or whose logset nobody knows", () => {
    const stack = testStack();
    const indexed = new LogTopic(stack, "Indexed", { topicName: "indexed", index: ALERT_RECORD_INDEX });
    const bare = new LogTopic(stack, "Bare", { topicName: "bare" });
    const monitor = (id: string, records: typeof GZ) =>
      new LogMonitor(stack, id, {
        sources: [{ topic: GZ, name: "gz" }],
        match: { status: "^5" },
        alert: { to: AlertReceiver.json({ url: textToken() }) },
        appId: "1250000000",
        records,
        notice,
      });
    expect(monitor("Right", indexed).node.validate()).toEqual([]);
    expect(violationsOf(() => monitor("Bare1", bare))).toEqual([
      [
        "LOGS_ALARM_INDEX",
        "records must have an index of the fields that the alarm searches, got one without monitor and kind; " +
          "set its index to ALERT_RECORD_INDEX",
      ],
    ]);
    const far = LogTopic.fromTopicAttributes({ ...RECORDS, region: "ap-singapore" });
    expect(monitor("Far", far).node.validate().join()).toContain(
      "records must be in the region of its alarm (ap-guangzhou), got ap-singapore",
    );
    const unknown = LogTopic.fromTopicAttributes({ topicId: "topic-r", region: "ap-guangzhou" });
    expect(violationsOf(() => monitor("Unknown", unknown))).toEqual([
      ["LOGS_LOGSET_MISSING", expect.stringMatching(/^records\.logsetId must be known here/)],
    ]);
  });
});
