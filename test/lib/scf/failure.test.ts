import {
  ClsStreamPipeline,
  FUNCTION_LOG_INDEX,
  FunctionCode,
  LogTopic,
  TopicIndex,
  type FailureProps,
  type ILogTopic,
  type LogFunctionProps,
  type LogTopicProps,
} from "../../../lib";
import { Testing, type TerraformStack } from "../../../lib/framework";
import { describeProp } from "../support/refused";
import {
  codesOf,
  numberToken,
  onlyResource,
  planOf,
  readBack,
  resourcesOf,
  testFunction,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";

const build = (props: FailureProps) => testFunction(testStack(), "Worker", props);

describe("failure settings of a function", () => {
  it("stay SCF's own where none are given", () => {
    const stack = testStack();
    testFunction(stack);
    expect(Object.keys(planOf(stack).resource).sort()).toEqual([
      "tencentcloud_cam_role",
      "tencentcloud_scf_function",
      "terraform_data",
    ]);
  });

  it.each<[string, FailureProps, object]>([
    [
      "keep an event as long as SCF does where only retries are given",
      { retryAttempts: 0 },
      { retry_config: [{ retry_num: 0 }], msg_ttl: 21_600 },
    ],
    [
      "retry as often as SCF does where only an age is given",
      { maxEventAgeSeconds: 600 },
      { retry_config: [{ retry_num: 2 }], msg_ttl: 600 },
    ],
  ])("%s", (_name, props, expected) => {
    const stack = testStack();
    testFunction(stack, "Worker", props);
    const config = onlyResource(stack, "tencentcloud_scf_function_event_invoke_config");
    expect(config.async_trigger_config).toEqual(expected);
    expect(config.lifecycle).toEqual({ replace_triggered_by: [expect.any(String)] });
  });

  it("reserve memory", () => {
    const stack = testStack();
    testFunction(stack, "Worker", { reservedConcurrencyMb: 1024 });
    expect(onlyResource(stack, "tencentcloud_scf_reserved_concurrency_config").reserved_concurrency_mem).toBe(1024);
  });

  describeProp<number>({
    prop: "retryAttempts",
    code: "LOGS_RETRY_ATTEMPTS",
    rule: "must be a whole number from 0 to 2",
    build: (retryAttempts) => build({ retryAttempts }),
    passes: [0, 2, numberToken()],
    refused: [-1, 3],
  });
  describeProp<number>({
    prop: "maxEventAgeSeconds",
    code: "LOGS_EVENT_AGE",
    rule: "must be a positive whole number",
    build: (maxEventAgeSeconds) => build({ maxEventAgeSeconds }),
    passes: [1, 60, 21_600, 86_400, numberToken()],
    refused: [0, 1.5],
  });
  it("warn of an event age that few accounts may set", () => {
    const warnings = (maxEventAgeSeconds: number) =>
      build({ maxEventAgeSeconds }).node.metadata.filter(({ type }) => type === "@cdktf/warn");
    expect([60, 21_600, numberToken()].flatMap(warnings)).toEqual([]);
    expect([59, 21_601].flatMap(warnings)).toHaveLength(2);
  });
  describeProp<number>({
    prop: "reservedConcurrencyMb",
    code: "LOGS_CONCURRENCY",
    rule: "must be a whole number from 256 to 128000 MB in steps of 128",
    build: (reservedConcurrencyMb) => build({ reservedConcurrencyMb }),
    passes: [256, 128_000],
    refused: [128, 300],
  });
});

describe("the alarm of a function", () => {
  const LOG = LogTopic.fromTopicAttributes({ topicId: "log-1", logsetId: "logset-1" });

  it("looks at the function's own log, and tells whom it is given", () => {
    const stack = testStack();
    const alarm = { notice: "notice-1", email: [100001], webhook: textToken() };
    testFunction(stack, "Worker", { logTopic: LOG, alarm });
    const { alarm_targets, condition, alarm_notice_ids } = onlyResource(stack, "tencentcloud_cls_alarm");
    const [{ query, ...target }] = alarm_targets as Record<string, unknown>[];
    expect(target).toMatchObject({ topic_id: "log-1", logset_id: "logset-1", number: 1, syntax_rule: 1 });
    expect(readBack(query)).toBe(
      'SCF_FunctionName:"<tencentcloud_scf_function.name>" AND SCF_StatusCode:>=400 | SELECT count(*) AS failures',
    );
    expect(condition).toBe("$1.failures > 0");
    expect(alarm_notice_ids).toEqual(["notice-1", expect.stringMatching(/^\$\{tencentcloud_cls_alarm_notice\./)]);
    expect(onlyResource(stack, "tencentcloud_cls_alarm_notice")).toMatchObject({
      notice_receivers: [{ receiver_type: "Uin", receiver_ids: [100001], receiver_channels: ["Email"] }],
      web_callbacks: [{ callback_type: "Http", url: "${terraform_data.given.output}", method: "POST" }],
    });
  });

  it("tells as well what a pipeline leaves to quarantine, apart, so that an older index still tells of failures", () => {
    const stack = testStack();
    const alarm = { notice: "notice-1" };
    const topic = LogTopic.fromTopicAttributes({ topicId: "t" });
    new ClsStreamPipeline(stack, "Stream", { topic, appId: "1250000000", logTopic: LOG, alarm });
    const alarms = resourcesOf(stack, "tencentcloud_cls_alarm");
    const queries = alarms.map(({ alarm_targets }) => readBack((alarm_targets as { query: string }[])[0].query));
    expect(queries.sort()).toEqual(
      [
        "SCF_Message:LOGS_QUARANTINED | SELECT count(*) AS quarantined",
        "SCF_StatusCode:>=400 | SELECT count(*) AS failures",
      ].map((search) => `SCF_FunctionName:"<tencentcloud_scf_function.name>" AND ${search}`),
    );
    expect(alarms.map(({ condition }) => condition).sort()).toEqual(["$1.failures > 0", "$1.quarantined > 0"]);
    expect(new Set(alarms.map(({ name }) => name)).size).toBe(2);
    for (const each of alarms) expect(each).toHaveProperty("alarm_notice_ids", ["notice-1"]);
  });

  it("tells of a delivery that CLS has paused: the topic has logs, and the function writes none", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access", { topicName: "access" });
    const alarm = { notice: "notice-1" };
    new ClsStreamPipeline(stack, "Stream", { topic, appId: "1250000000", logTopic: LOG, alarm });
    const conditions = resourcesOf(stack, "tencentcloud_cls_alarm").map(({ condition }) => condition);
    expect(conditions).toHaveLength(3);
    const paused = resourcesOf(stack, "tencentcloud_cls_alarm").find(({ trigger_count }) => trigger_count === 2);
    expect(paused).toMatchObject({
      condition: "$1.__QUERYCOUNT__ > 0 && $2.__QUERYCOUNT__ == 0",
      alarm_notice_ids: ["notice-1"],
      alarm_targets: [
        { query: "*", number: 1, start_time_offset: -20, end_time_offset: -10 },
        { topic_id: "log-1", logset_id: "logset-1", number: 2, start_time_offset: -20, end_time_offset: 0 },
      ],
    });
    const [, heard] = paused?.alarm_targets as { query: string }[];
    expect(readBack(heard.query)).toBe('SCF_FunctionName:"<tencentcloud_scf_function.name>"');
  });

  it.each<[string, (stack: TerraformStack) => ILogTopic, RegExp]>([
    ["has no index", (stack) => new LogTopic(stack, "Access", { topicName: "a", index: false }), /index/],
    ["has no known logset", () => LogTopic.fromTopicAttributes({ topicId: "t" }), /logsetId/],
  ])("warns that it cannot search a topic that %s", (_, topicOf, remedy) => {
    const stack = testStack();
    const topic = topicOf(stack);
    const alarm = { notice: "notice-1" };
    const { delivery } = new ClsStreamPipeline(stack, "S", { topic, appId: "1250000000", logTopic: LOG, alarm });
    expect(resourcesOf(stack, "tencentcloud_cls_alarm")).toHaveLength(2);
    expect(delivery.node.metadata.map(({ data }) => data as string)).toContainEqual(expect.stringMatching(remedy));
  });

  it("has nothing to watch where a delivery is turned off", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access", { topicName: "access" });
    const alarm = { notice: "notice-1" };
    new ClsStreamPipeline(stack, "S", { topic, appId: "1250000000", logTopic: LOG, alarm, enabled: false });
    expect(resourcesOf(stack, "tencentcloud_cls_alarm")).toHaveLength(2);
  });

  it("makes no notice beside one that exists", () => {
    const stack = testStack();
    testFunction(stack, "Worker", { logTopic: LOG, alarm: { notice: "notice-1" } });
    expect(resourcesOf(stack, "tencentcloud_cls_alarm_notice")).toEqual([]);
  });

  it("wants a log, somebody to tell, and its address as a secret", () => {
    expect(codesOf(() => build({ alarm: { notice: "n" } }))).toEqual(["LOGS_ALARM_TOPIC"]);
    expect(codesOf(() => build({ alarm: {} }))).toEqual(["LOGS_ALARM_RECEIVER"]);
    expect(codesOf(() => build({ alarm: { webhook: "https://x.y" } }))).toEqual(["LOGS_SECRET_LITERAL"]);
  });

  it("is refused where its topic's index lacks what it searches: LOGS_ALARM_INDEX", () => {
    const alarm = { notice: "n" };
    const alarmOn = (index: LogTopicProps["index"], props: Partial<LogFunctionProps> = {}) => {
      const stack = testStack();
      const logTopic = new LogTopic(stack, "Log", { index });
      return testFunction(stack, "Worker", { logTopic, alarm, ...props });
    };
    expect(violationsOf(() => alarmOn(undefined))).toEqual([
      [
        "LOGS_ALARM_INDEX",
        "logTopic must have an index of the fields that the alarm searches, got one without SCF_FunctionName and " +
          "SCF_StatusCode; set its index to FUNCTION_LOG_INDEX",
      ],
    ]);
    expect(
      codesOf(() => alarmOn({ fields: { ...FUNCTION_LOG_INDEX.fields, SCF_StatusCode: { type: "text" } } })),
    ).toEqual(["LOGS_ALARM_INDEX"]);
    const { SCF_Message: _, ...older } = FUNCTION_LOG_INDEX.fields ?? {};
    expect(codesOf(() => alarmOn({ fields: older }))).toEqual([]);
    expect(codesOf(() => alarmOn({ fields: older }, { code: FunctionCode.prebuilt("cos-batch") }))).toEqual([
      "LOGS_ALARM_INDEX",
    ]);
  });

  it("is refused at synth where a topic without an index of its own gets none", () => {
    const stack = testStack();
    const logTopic = new LogTopic(stack, "Log", { index: false });
    testFunction(stack, "Worker", { logTopic, alarm: { notice: "n" } });
    expect(() => Testing.synth(stack, true)).toThrow(
      "got no index; set its index to FUNCTION_LOG_INDEX (LOGS_ALARM_INDEX)",
    );
    new TopicIndex(stack, "Index", { topicId: logTopic.topicId, ...FUNCTION_LOG_INDEX });
    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  it("finds its fields in the index that is meant for it", () => {
    expect(Object.keys(FUNCTION_LOG_INDEX.fields ?? {})).toEqual(
      expect.arrayContaining(["SCF_FunctionName", "SCF_StatusCode", "SCF_Message"]),
    );
  });
});
