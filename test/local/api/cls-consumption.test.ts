import type { LocalCloud } from "../../../local/cloud";
import type { Topic } from "../../../local/cls/topic";
import { closeClouds, start } from "../support/cloud";
import { logs, makeTopic } from "../../functions/support/topics";
import { call, codeOf } from "../support/api";

let cloud: LocalCloud;
let topic: Topic;
beforeEach(async () => {
  cloud = await start();
  topic = makeTopic(cloud, { partitions: 3 });
});
afterEach(closeClouds);

interface Info {
  readonly TopicID: string;
  readonly Partitions: number[];
}

const group = (more: object = {}) => ({ LogsetId: topic.logsetId, ConsumerGroup: "g", ...more });

async function beat(consumer: string, holding: readonly number[] = []): Promise<number[]> {
  const TopicPartitionsInfo = [{ TopicID: topic.id, Partitions: holding }];
  const answer = await call(cloud, "cls:SendConsumerHeartbeat", group({ Consumer: consumer, TopicPartitionsInfo }));
  return (answer.TopicPartitionsInfo as Info[])[0]?.Partitions ?? [];
}

async function offset(partition: number, from: string, more: object = {}): Promise<number | undefined> {
  const asked = group({ TopicId: topic.id, PartitionId: String(partition), From: from, ...more });
  const answer = await call(cloud, "cls:DescribeConsumerOffsets", asked);
  const [info] = answer.TopicPartitionOffsetsInfo as { PartitionOffsets: { Offset: number }[] }[];
  return info?.PartitionOffsets[0]?.Offset;
}

const commit = (consumer: string, partition: number, at: number) =>
  call(
    cloud,
    "cls:CommitConsumerOffsets",
    group({
      Consumer: consumer,
      TopicPartitionOffsetsInfo: [{ TopicID: topic.id, PartitionOffsets: [{ PartitionId: partition, Offset: at }] }],
    }),
  );

describe("partitions", () => {
  test("share all hash keys, are split at a key or equally, and merged with the one behind", async () => {
    const list = async () =>
      (await call(cloud, "cls:DescribePartitions", { TopicId: topic.id })).Partitions as object[];
    expect(await list()).toHaveLength(3);
    const key = `2${"0".repeat(31)}`;
    await call(cloud, "cls:SplitPartition", { TopicId: topic.id, PartitionId: 1, SplitKey: key });
    await call(cloud, "cls:MergePartition", { TopicId: topic.id, PartitionId: 5 });
    expect(await list()).toEqual([
      expect.objectContaining({ PartitionId: 1, Status: "readonly", LastWriteTime: "2026-01-01 08:00:00" }),
      expect.objectContaining({ PartitionId: 2, Status: "readonly" }),
      expect.objectContaining({ PartitionId: 3, Status: "readwrite", ExclusiveEndKey: "f".repeat(32) }),
      expect.objectContaining({
        PartitionId: 4,
        Status: "readwrite",
        InclusiveBeginKey: "0".repeat(32),
        ExclusiveEndKey: key,
      }),
      expect.objectContaining({ PartitionId: 5, Status: "readonly", InclusiveBeginKey: key }),
      expect.objectContaining({ PartitionId: 6, Status: "readwrite", InclusiveBeginKey: key }),
    ]);
  });

  test.each([
    ["closed ones", { PartitionId: 1 }, "SplitPartition", "InvalidParameter"],
    ["what is not there", { PartitionId: 99 }, "SplitPartition", "ResourceNotFound.PartitionNotExist"],
    ["more than fifty", { PartitionId: 2, Number: 50 }, "SplitPartition", "LimitExceeded"],
    ["the last one, with none behind it", { PartitionId: 3 }, "MergePartition", "InvalidParameter"],
  ])("refuses %s", async (_name, asked, action, code) => {
    await call(cloud, "cls:SplitPartition", { TopicId: topic.id, PartitionId: 1 });
    expect(await codeOf(call(cloud, `cls:${action}`, { TopicId: topic.id, ...asked }))).toBe(code);
  });

  test("are described twenty times a second at most", async () => {
    const codes = [];
    for (let count = 0; count < 25; count++) {
      codes.push(await codeOf(call(cloud, "cls:DescribePartitions", { TopicId: topic.id })));
    }
    expect(codes.slice(0, 20).join("")).toBe("");
    expect(codes).toContain("RequestLimitExceeded");
  });
});

describe("consumer groups", () => {
  beforeEach(() => call(cloud, "cls:CreateConsumerGroup", group({ Timeout: 10, Topics: [topic.id] })));

  test("are made, listed, changed and deleted; one that exists is refused in the words that consumers look for", async () => {
    const again = await call(cloud, "cls:CreateConsumerGroup", group({ Timeout: 10, Topics: [topic.id] }));
    expect(again.Error?.Message).toContain("consumer group already exists");
    await call(cloud, "cls:ModifyConsumerGroup", group({ Timeout: 30, Topics: [topic.id] }));
    const asked = { LogsetId: topic.logsetId, Topics: [topic.id] };
    const listed = await call(cloud, "cls:DescribeConsumerGroups", asked);
    expect(listed.ConsumerGroupsInfo).toEqual([{ ConsumerGroup: "g", Timeout: 30, Topics: [topic.id] }]);
    await call(cloud, "cls:DeleteConsumerGroup", group());
    expect(await codeOf(call(cloud, "cls:DeleteConsumerGroup", group()))).toBe(
      "ResourceNotFound.ConsumerGroupNotExist",
    );
  });

  test("share partitions, and give one to another consumer when the first has let go of it", async () => {
    expect(await beat("one")).toEqual([1, 2, 3]);
    expect(await beat("two")).toEqual([]);
    const kept = await beat("one", [1, 2, 3]);
    expect(kept).toHaveLength(2);
    expect(await beat("two")).toEqual([]);
    expect(await beat("one", kept)).toEqual(kept);
    expect([...kept, ...(await beat("two"))].sort()).toEqual([1, 2, 3]);
  });

  test("give a silent consumer's partitions to others when its time is over", async () => {
    await beat("one");
    await cloud.clock.advance(6_000);
    expect(await beat("two")).toEqual([]);
    await cloud.clock.advance(6_000);
    expect(await beat("two")).toEqual([1, 2, 3]);
  });

  test("hand out partitions that a split made", async () => {
    await beat("one");
    topic.partitions.split(1, { now: cloud.clock.now() });
    expect(await beat("one", [1, 2, 3])).toEqual([1, 2, 3, 4, 5]);
  });

  test("keep how far each partition was read, and say where to begin without that", async () => {
    for (let count = 0; count < 6; count++) {
      await topic.put(logs(count, 1));
      if (count === 2) await cloud.clock.advance(60_000);
    }
    expect(await offset(1, "begin")).toBe(0);
    expect(await offset(1, "end")).toBe(2);
    expect(await offset(1, String(cloud.clock.now() / 1000))).toBe(1);
    await beat("one");
    expect((await commit("one", 1, 1)).Error).toBeUndefined();
    expect(await offset(1, "end")).toBe(1);
    expect(await offset(1, "end", { OffsetType: 1 })).toBe(2);
    expect((await commit("one", 1, 3)).Error?.Code).toBe("InvalidOffset");
  });

  test("refuse names with spaces and topics of other logsets", async () => {
    const other = cloud.cls.createLogset("other", topic.region);
    const wrong = { ...group({ Timeout: 10, Topics: [topic.id] }), LogsetId: other, ConsumerGroup: "h" };
    expect(await codeOf(call(cloud, "cls:CreateConsumerGroup", wrong))).toBe("InvalidParameter");
    const spaced = { ...wrong, ConsumerGroup: "a b" };
    expect(await codeOf(call(cloud, "cls:CreateConsumerGroup", spaced))).toBe("InvalidParameterValue");
  });
});

describe("SearchLog", () => {
  const search = (more: object = {}) =>
    call(cloud, "cls:SearchLog", {
      TopicId: topic.id,
      From: 1_767_225_600_000,
      To: 1_767_225_700_000,
      Sort: "asc",
      ...more,
    });

  test("pages by Context for an hour, where nothing else changes", async () => {
    await topic.put(logs(0, 25));
    const first = await search({ Limit: 10 });
    expect(first).toMatchObject({ ListOver: false, Analysis: false });
    const next = { Limit: 10, Context: first.Context };
    expect((await search(next)).Results).toHaveLength(10);
    expect(await codeOf(search({ ...next, Sort: "desc" }))).toBe("InvalidParameter");
    expect(await codeOf(search({ ...next, Offset: 0 }))).toBe("InvalidParameter");
    await cloud.clock.advance(3_600_001);
    expect(await codeOf(search(next))).toBe("InvalidParameter");
  });

  test("finds 10,000 logs by Context at most, and all by Offset", async () => {
    for (let count = 0; count < 11; count++) await topic.put(logs(0, 1000));
    let page = await search({ Limit: 1000 });
    for (let count = 1; count < 10; count++) page = await search({ Limit: 1000, Context: page.Context });
    expect(page.ListOver).toBe(false);
    expect(await codeOf(search({ Limit: 1000, Context: page.Context }))).toBe("InvalidParameter");
    expect(await search({ Limit: 1000, Offset: 10_000 })).toMatchObject({ ListOver: true });
  });

  test.each([
    ["more than 1,000 at once", { Limit: 1001 }, "InvalidParameterValue"],
    ["a span that ends before it begins", { To: 1 }, "InvalidParameter"],
    ["SQL", { QueryString: "* | select count(*)" }, "UnsupportedOperation"],
    ["what the local cloud cannot search for", { QueryString: "a:(b OR c)" }, "FailedOperation.SyntaxError"],
  ])("refuses %s", async (_name, asked, code) => {
    expect(await codeOf(search(asked))).toBe(code);
  });
});
