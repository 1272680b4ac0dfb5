import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf, type Answer } from "../support/api";
import { closeClouds, start } from "../support/cloud";

const BUCKET = "logs-1250000000";

let cloud: LocalCloud;
let logsetId: string;
let topicId: string;
beforeEach(async () => {
  cloud = await start();
  cloud.cos.createBucket(BUCKET, "ap-guangzhou");
  logsetId = String((await call(cloud, "cls:CreateLogset", { LogsetName: "logs" })).LogsetId);
  topicId = String((await call(cloud, "cls:CreateTopic", { LogsetId: logsetId, TopicName: "access" })).TopicId);
});
afterEach(closeClouds);

/** The only item of a list action. */
async function one(name: string, list: string, key: string, value: string): Promise<Record<string, unknown>> {
  const answer = await call(cloud, name, { Filters: [{ Key: key, Values: [value] }], Limit: 100 });
  const items = answer[list] as Record<string, unknown>[];
  expect(items).toHaveLength(1);
  return items[0] as Record<string, unknown>;
}

describe("logsets", () => {
  test("are found by their id, with their topics counted", async () => {
    await call(cloud, "cls:CreateLogset", { LogsetName: "other" });
    const logset = await one("cls:DescribeLogsets", "Logsets", "logsetId", logsetId);
    expect(logset).toMatchObject({ LogsetId: logsetId, LogsetName: "logs", TopicCount: 1 });
  });

  test("belong to a region, and have names of their own in it", async () => {
    expect(await codeOf(call(cloud, "cls:CreateLogset", { LogsetName: "logs" }))).toBe(
      "InvalidParameter.LogsetConflict",
    );
    expect(await codeOf(call(cloud, "cls:CreateLogset", { LogsetName: "logs" }, { region: "ap-shanghai" }))).toBe("");
    expect(await call(cloud, "cls:DescribeLogsets", {}, { region: "ap-beijing" })).toMatchObject({ Logsets: [] });
  });

  test("are renamed, and kept while they hold topics", async () => {
    await call(cloud, "cls:ModifyLogset", { LogsetId: logsetId, LogsetName: "renamed" });
    expect(await one("cls:DescribeLogsets", "Logsets", "logsetName", "renamed")).toMatchObject({ LogsetId: logsetId });
    expect(await codeOf(call(cloud, "cls:DeleteLogset", { LogsetId: logsetId }))).toBe(
      "FailedOperation.LogsetNotEmpty",
    );
    await call(cloud, "cls:DeleteTopic", { TopicId: topicId });
    expect(await codeOf(call(cloud, "cls:DeleteLogset", { LogsetId: logsetId }))).toBe("");
    expect(await codeOf(call(cloud, "cls:DeleteLogset", { LogsetId: logsetId }))).toBe(
      "ResourceNotFound.LogsetNotExist",
    );
  });

  test("an unknown filter is an error", async () => {
    const Filters = [{ Key: "colour", Values: ["red"] }];
    expect(await codeOf(call(cloud, "cls:DescribeLogsets", { Filters }))).toBe("InvalidParameter");
  });
});

describe("topics", () => {
  test("come back with CLS's defaults", async () => {
    expect(await one("cls:DescribeTopics", "Topics", "topicId", topicId)).toMatchObject({
      PartitionCount: 1,
      AutoSplit: true,
      MaxSplitPartitions: 50,
      StorageType: "hot",
      Period: 30,
      HotPeriod: 0,
      Describes: "",
      IsWebTracking: false,
      Tags: [],
    });
  });

  test("are changed by what a request gives, tags as a whole", async () => {
    const Tags = [{ Key: "team", Value: "web" }];
    await call(cloud, "cls:ModifyTopic", { TopicId: topicId, Tags });
    await call(cloud, "cls:ModifyTopic", { TopicId: topicId, Period: 7, Tags: [{ Key: "stage", Value: "test" }] });
    expect(await one("cls:DescribeTopics", "Topics", "topicName", "access")).toMatchObject({
      Period: 7,
      AutoSplit: true,
      Tags: [{ Key: "stage", Value: "test" }],
    });
  });

  test.each<[string, object, string]>([
    ["a logset that does not exist", { LogsetId: "gone" }, "ResourceNotFound.LogsetNotExist"],
    ["a name that is taken", { TopicName: "access" }, "InvalidParameter.TopicConflict"],
    ["a name that CLS keeps for itself", { TopicName: "cls_service_log" }, "InvalidParameterValue"],
    ["a period out of range", { Period: 3601 }, "InvalidParameterValue"],
    ["a short period in cold storage", { StorageType: "cold", Period: 6 }, "FailedOperation.InvalidPeriod"],
    ["a hot period as long as the period", { Period: 7, HotPeriod: 7 }, "FailedOperation.InvalidPeriod"],
    ["web tracking, which the local cloud does not run", { IsWebTracking: true }, "UnsupportedOperation"],
  ])("are refused for %s", async (_what, change, code) => {
    const topic = { LogsetId: logsetId, TopicName: "new", ...change };
    expect(await codeOf(call(cloud, "cls:CreateTopic", topic))).toBe(code);
  });
});

describe("indexes", () => {
  const Rule = { FullText: { CaseSensitive: false, Tokenizer: "@&?|#()='\",;:<>[]{}/ \n\t\r\\", ContainZH: true } };

  test("a topic has one, which comes back as it was given", async () => {
    const index = { TopicId: topicId, Rule, IncludeInternalFields: true, MetadataFlag: 1 };
    expect(await codeOf(call(cloud, "cls:CreateIndex", index))).toBe("");
    expect(await codeOf(call(cloud, "cls:CreateIndex", index))).toBe("InvalidParameter.IndexConflict");
    expect(await call(cloud, "cls:DescribeIndex", { TopicId: topicId })).toMatchObject({ ...index, Status: true });
    await call(cloud, "cls:ModifyIndex", { TopicId: topicId, Status: false });
    expect(await call(cloud, "cls:DescribeIndex", { TopicId: topicId })).toMatchObject({ Rule, Status: false });
    await call(cloud, "cls:DeleteIndex", { TopicId: topicId });
    for (const name of ["DescribeIndex", "ModifyIndex", "DeleteIndex"]) {
      expect(await codeOf(call(cloud, `cls:${name}`, { TopicId: topicId }))).toBe("ResourceNotFound.IndexNotExist");
    }
  });

  test("numbers have no separators", async () => {
    const Value = { Type: "long", Tokenizer: ",", SqlFlag: true };
    const KeyValue = { CaseSensitive: false, KeyValues: [{ Key: "status", Value }] };
    const answer = await call(cloud, "cls:CreateIndex", { TopicId: topicId, Rule: { KeyValue } });
    expect(answer.Error?.Message).toContain("Tokenizer and ContainZH of status must be empty for long");
  });

  test("only JSON has children", async () => {
    const create = (OpenIndexForChildOnly: boolean): Promise<Answer> => {
      const Value = { Type: "text", Tokenizer: ",", OpenIndexForChildOnly };
      const KeyValue = { CaseSensitive: false, KeyValues: [{ Key: "status", Value }] };
      return call(cloud, "cls:CreateIndex", { TopicId: topicId, Rule: { KeyValue } });
    };
    expect((await create(true)).Error?.Message).toContain("OpenIndexForChildOnly of status must be false for text");
    expect((await create(false)).Error).toBeUndefined();
  });
});

describe("shippers", () => {
  const shipper = () => ({ TopicId: topicId, Bucket: BUCKET, Prefix: "cls/", ShipperName: "ship" });

  test("come back with CLS's defaults, which an argument left out in Terraform would show as a difference", async () => {
    const { ShipperId } = await call(cloud, "cls:CreateShipper", shipper());
    expect(await one("cls:DescribeShippers", "Shippers", "shipperId", String(ShipperId))).toMatchObject({
      ...shipper(),
      Interval: 300,
      MaxSize: 256,
      Partition: "",
      Compress: { Format: "none" },
      Content: { Format: "json" },
      FilenameMode: 0,
      StorageType: "STANDARD",
      TimeZone: "GMT+08:00",
    });
  });

  test("ship what the data plane takes, as they are changed, until they are gone", async () => {
    const { ShipperId } = await call(cloud, "cls:CreateShipper", { ...shipper(), Interval: 300 });
    const put = async (): Promise<string[]> => {
      await cloud.topic(topicId).put([{ time: 0, contents: { a: "1" } }]);
      await cloud.clock.advance(600_000);
      return cloud.bucket(BUCKET).keys();
    };
    expect(await put()).toEqual([expect.stringMatching(/^cls\/_[0-9a-f]+_0\.json$/)]);
    const change = { ShipperId, Interval: 600, Prefix: "moved/", Compress: { Format: "gzip" } };
    expect(await codeOf(call(cloud, "cls:ModifyShipper", change))).toBe("");
    expect(await put()).toContainEqual(expect.stringMatching(/^moved\/.*\.gz$/));
    await call(cloud, "cls:DeleteShipper", { ShipperId });
    expect(await put()).toHaveLength(2);
    expect(cloud.shipTasks).toHaveLength(2);
  });

  test.each<[string, object, string]>([
    ["a topic that does not exist", { TopicId: "gone" }, "ResourceNotFound.TopicNotExist"],
    ["a bucket that does not exist", { Bucket: "gone-1250000000" }, "InvalidParameter"],
    ["a bucket's name without the APPID", { Bucket: "logs" }, "InvalidParameterValue"],
    ["an interval out of range", { Interval: 299 }, "InvalidParameterValue"],
    ["an interval of another type", { Interval: "300" }, "InvalidParameter"],
    ["a prefix that begins with a slash", { Prefix: "/cls" }, "InvalidParameterValue"],
    ["a partition that strftime does not know", { Partition: "%Q" }, "InvalidParameter"],
    ["a field of the index", { Rule: {} }, "UnknownParameter"],
    ["what the local cloud does not ship", { Compress: { Format: "lzop" } }, "UnsupportedOperation"],
  ])("are refused for %s", async (_what, change, code) => {
    expect(await codeOf(call(cloud, "cls:CreateShipper", { ...shipper(), ...change }))).toBe(code);
  });

  test("without the account's role ship nothing, and say so in CLS's words", async () => {
    cloud = await start({ accountRoles: false });
    cloud.cos.createBucket(BUCKET, "ap-guangzhou");
    const { LogsetId } = await call(cloud, "cls:CreateLogset", { LogsetName: "logs" });
    topicId = String((await call(cloud, "cls:CreateTopic", { LogsetId, TopicName: "a" })).TopicId);
    await call(cloud, "cls:CreateShipper", shipper());
    await cloud.topic(topicId).put([{ time: 0, contents: { a: "1" } }]);
    await cloud.clock.advance(300_000);
    expect(cloud.shipTasks).toMatchObject([
      {
        status: "failed",
        message: expect.stringContaining('InvalidParameter.RoleNotExist: role must exist, got "CLS_QcsRole"'),
      },
    ]);
  });
});
