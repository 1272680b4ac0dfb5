import { FunctionRole } from "../../../lib/cam/role";
import { Logset } from "../../../lib/cls/logset";
import { LogTopic, logsetIdOf, type LogTopicProps } from "../../../lib/cls/topic";
import { TerraformStack } from "../../../lib/framework";
import { describeProp } from "../support/refused";
import {
  codesOf,
  grantsOf,
  numberToken,
  onlyResource,
  planOf,
  resourcesOf,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";

const topicWith = (props: LogTopicProps) => new LogTopic(testStack(), "Access", props);
const topicOf = (props: LogTopicProps) => onlyResource(TerraformStack.of(topicWith(props)), TOPIC);
const TOPIC = "tencentcloud_cls_topic";

describe("LogTopic", () => {
  it("makes a logset and an index of its own, and hands its tags on", () => {
    const stack = testStack();
    new LogTopic(stack, "Access", { tags: { team: "web" } });
    expect(onlyResource(stack, "tencentcloud_cls_logset").tags).toEqual({ team: "web" });
    expect(onlyResource(stack, TOPIC)).toMatchObject({
      logset_id: "${tencentcloud_cls_logset.Access_Logset_2A5FA83C.id}",
      topic_name: expect.stringMatching(/^logs-access-[0-9a-f]{6}$/),
      period: 30,
      storage_type: "hot",
      partition_count: 1,
      auto_split: true,
      max_split_partitions: 50,
      tags: { team: "web" },
    });
    expect(onlyResource(stack, "tencentcloud_cls_index").topic_id).toBe("${tencentcloud_cls_topic.Access_9901B1FF.id}");
  });

  it("goes into a logset that is given", () => {
    const stack = testStack();
    new LogTopic(stack, "Access", { logset: Logset.fromLogsetId("logset-1") });
    expect(onlyResource(stack, TOPIC).logset_id).toBe("logset-1");
    expect(resourcesOf(stack, "tencentcloud_cls_logset")).toEqual([]);
  });

  it("keeps a user's texts as they are", () => {
    expect(topicOf({ topicName: "%{IP}", description: "cost ${price}" })).toMatchObject({
      topic_name: "%%{IP}",
      describes: "cost $${price}",
    });
  });

  it("is replaced when its logset, partitions or storage change, which the provider ignores or refuses", () => {
    const stack = testStack();
    new LogTopic(stack, "Access", { storageType: "cold", partitionCount: 3, index: false });
    const [[id, identity]] = Object.entries(planOf(stack).resource.terraform_data);
    expect(identity.input).toEqual({
      logsetId: "${tencentcloud_cls_logset.Access_Logset_2A5FA83C.id}",
      partitionCount: 3,
      storageType: "cold",
    });
    expect(onlyResource(stack, TOPIC).lifecycle).toEqual({ replace_triggered_by: [`terraform_data.${id}.output`] });
  });

  it("has no index where that is false", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access", { index: false });
    expect(topic.index).toBeUndefined();
    expect(resourcesOf(stack, "tencentcloud_cls_index")).toEqual([]);
  });

  it("does not split partitions where one is the most", () => {
    expect(topicOf({ maxSplitPartitions: 1 })).toMatchObject({ auto_split: false, max_split_partitions: 1 });
    expect(topicOf({ maxSplitPartitions: numberToken() })).toMatchObject({ auto_split: true });
  });

  it("lets a function write, or search, just this topic", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access");
    const role = new FunctionRole(stack, "Role");
    topic.grantWrite(role);
    topic.grantRead(role);
    const account = "qcs::cls:ap-guangzhou:uin/<tencentcloud_user_info.owner_uin>";
    expect(grantsOf(stack)).toEqual({
      "cls:pushLog": [`${account}:topic/<tencentcloud_cls_topic.id>`],
      "cls:SearchLog": [
        `${account}:logset/<tencentcloud_cls_logset.id>`,
        `${account}:topic/<tencentcloud_cls_topic.id>`,
      ],
    });
  });

  describeProp({
    prop: "topicName",
    code: "LOGS_TOPIC_NAME",
    rule: "must have no | and not be a name that CLS keeps for itself",
    build: (topicName: string) => topicWith({ topicName }),
    passes: ["access", "cls_service_log_2", "访问", textToken()],
    refused: [
      "",
      "a|b",
      "cls_service_log",
      "loglistener_status",
      "loglistener_alarm",
      "loglistener_business",
      "cls_service_metric",
    ],
  });

  describeProp({
    prop: "retentionDays",
    code: "LOGS_RETENTION",
    rule: "must be a whole number from 1 to 3600 days or 3640",
    build: (retentionDays: number) => topicWith({ retentionDays }),
    passes: [1, 3600, 3640, numberToken()],
    refused: [0, 3601, 3639, 3641, 1.5, Number.NaN],
  });

  describeProp({
    prop: "retentionDays",
    code: "LOGS_RETENTION",
    rule: "must be a whole number from 7 to 3600 days or 3640",
    build: (retentionDays: number) => topicWith({ retentionDays, storageType: "cold" }),
    passes: [7, 3640],
    refused: [6],
  });

  describeProp({
    prop: "hotPeriodDays",
    code: "LOGS_HOT_PERIOD",
    rule: "must be a whole number from 7 to 3599 days",
    build: (hotPeriodDays: number) => topicWith({ hotPeriodDays, retentionDays: 3600 }),
    passes: [7, 3599, numberToken()],
    refused: [6],
  });

  describeProp({
    prop: "hotPeriodDays",
    code: "LOGS_HOT_PERIOD",
    rule: "must be fewer than retentionDays (30)",
    build: (hotPeriodDays: number) => topicWith({ hotPeriodDays }),
    passes: [29],
    refused: [30],
  });

  describeProp({
    prop: "partitionCount",
    code: "LOGS_PARTITIONS",
    rule: "must be a whole number from 1 to 10",
    build: (partitionCount: number) => topicWith({ partitionCount }),
    passes: [1, 10, numberToken()],
    refused: [0, 11],
  });

  describeProp({
    prop: "maxSplitPartitions",
    code: "LOGS_PARTITIONS",
    rule: "must be a whole number from 1 to 50",
    build: (maxSplitPartitions: number) => topicWith({ maxSplitPartitions }),
    passes: [1, 50],
    refused: [0, 51],
  });

  it("compares a hot period with nothing where the retention is a token", () => {
    expect(codesOf(() => topicWith({ hotPeriodDays: 7, retentionDays: numberToken() }))).toEqual([]);
  });

  it("refuses a hot period for cold storage: LOGS_HOT_PERIOD", () => {
    expect(violationsOf(() => topicWith({ hotPeriodDays: 7, storageType: "cold" }))).toEqual([
      ["LOGS_HOT_PERIOD", "hotPeriodDays must be left out for cold storage, got 7; it is for hot storage"],
    ]);
  });

  it("refuses a storage that CLS does not have: LOGS_STORAGE_TYPE", () => {
    expect(violationsOf(() => topicWith({ storageType: "warm" as "hot" }))).toEqual([
      ["LOGS_STORAGE_TYPE", 'storageType must be "hot" or "cold", got "warm"; leave it out for hot'],
    ]);
    expect(codesOf(() => topicWith({ storageType: textToken() as "hot", hotPeriodDays: 7 }))).toEqual([]);
  });

  it("reports all that is wrong at once", () => {
    expect(
      codesOf(() => topicWith({ topicName: "|", retentionDays: 0, partitionCount: 0, maxSplitPartitions: 0 })),
    ).toEqual(["LOGS_TOPIC_NAME", "LOGS_RETENTION", "LOGS_PARTITIONS", "LOGS_PARTITIONS"]);
  });
});

describe("a topic that exists already", () => {
  it("is known by its attributes", () => {
    const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
    expect(topic).toEqual({ topicId: "topic-1", logsetId: "logset-1" });
    expect(logsetIdOf(testStack(), "topic", topic)).toBe("logset-1");
  });

  it("is refused without its logset where that is needed: LOGS_LOGSET_MISSING", () => {
    const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1" });
    expect(violationsOf(() => logsetIdOf(testStack(), "logTopic", topic))).toEqual([
      [
        "LOGS_LOGSET_MISSING",
        "logTopic.logsetId must be known here, got nothing; pass logsetId to LogTopic.fromTopicAttributes",
      ],
    ]);
  });
});
