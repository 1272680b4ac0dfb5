import { CosShipper, type CosShipperProps } from "../../../lib/cls/cos-shipper";
import { LogTopic } from "../../../lib/cls/topic";
import { LogBucket } from "../../../lib/cos/bucket";
import { TerraformStack } from "../../../lib/framework";
import { describeProp } from "../support/refused";
import { codesOf, numberToken, onlyResource, planOf, testStack, textToken, violationsOf } from "../support/stack";

function shipperWith(props: Partial<CosShipperProps>, id = "Ship"): CosShipper {
  const stack = testStack();
  return new CosShipper(stack, id, {
    topic: LogTopic.fromTopicAttributes({ topicId: "topic-1" }),
    bucket: LogBucket.fromBucketName(stack, "Bucket", "logs-1250000000"),
    ...props,
  });
}

function planned(shipper: CosShipper): Record<string, unknown> {
  return onlyResource(TerraformStack.of(shipper), "tencentcloud_cls_cos_shipper");
}

describe("CosShipper", () => {
  it("says everything that CLS would fill in, so that the plan stays empty", () => {
    const { lifecycle, ...shipper } = planned(shipperWith({}));
    expect(lifecycle).toBeDefined();
    expect(shipper).toEqual({
      topic_id: "topic-1",
      bucket: "logs-1250000000",
      prefix: "cls/logs-ship/",
      shipper_name: expect.stringMatching(/^logs-ship-[0-9a-f]{6}$/),
      interval: 300,
      max_size: 256,
      partition: "%Y/%m/%d/%H/",
      compress: { format: "gzip" },
      content: {
        format: "json",
        json: { enable_tag: true, meta_fields: ["__SOURCE__", "__FILENAME__", "__TIMESTAMP__"] },
      },
      filename_mode: 0,
      storage_type: "STANDARD",
      time_zone: "GMT+08:00",
    });
  });

  it("ships as it is told", () => {
    const shipper = shipperWith({
      compression: "none",
      fileNames: "time",
      metaFields: [],
      shipTags: false,
      shipperName: "to ${cos}",
      storageClass: "STANDARD_IA",
    });
    expect(shipper.suffix).toBeUndefined();
    expect(planned(shipper)).toMatchObject({
      compress: { format: "none" },
      content: { json: { enable_tag: false, meta_fields: [] } },
      filename_mode: 1,
      shipper_name: "to $${cos}",
      storage_type: "STANDARD_IA",
    });
  });

  it("knows how the keys of its objects begin and end", () => {
    expect(shipperWith({ prefix: "a/b/" })).toMatchObject({ prefix: "a/b/", suffix: ".gz" });
  });

  it("keeps its default prefix short enough, however deep it stands", () => {
    expect(shipperWith({}, "x".repeat(300)).prefix).toHaveLength("cls//".length + 240);
  });

  it("is replaced with its topic, whose change the provider ignores", () => {
    const stack = TerraformStack.of(shipperWith({}));
    const [[id, identity]] = Object.entries(planOf(stack).resource.terraform_data);
    expect(identity.input).toEqual({ topicId: "topic-1" });
    expect(onlyResource(stack, "tencentcloud_cls_cos_shipper").lifecycle).toEqual({
      replace_triggered_by: [`terraform_data.${id}.output`],
    });
  });

  describeProp({
    prop: "intervalSeconds",
    code: "LOGS_SHIP_INTERVAL",
    rule: "must be a whole number from 300 to 900 seconds",
    build: (intervalSeconds: number) => shipperWith({ intervalSeconds }),
    passes: [300, 900, numberToken()],
    refused: [299, 901, 300.5],
  });

  describeProp({
    prop: "maxSizeMb",
    code: "LOGS_SHIP_SIZE",
    rule: "must be a whole number from 5 to 256 MB",
    build: (maxSizeMb: number) => shipperWith({ maxSizeMb }),
    passes: [5, 256, numberToken()],
    refused: [4, 257],
  });

  describeProp({
    prop: "prefix",
    code: "LOGS_SHIP_PREFIX",
    rule: "must have up to 256 letters, digits, -, _ and /, begin with another than / and end with /",
    build: (prefix: string) => shipperWith({ prefix }),
    passes: ["a/", "A-b_c/9/", `${"x".repeat(255)}/`, textToken()],
    refused: ["", "/", "/a/", "a", "a b/", "a.b/", "日志/", `${"x".repeat(256)}/`],
  });

  describeProp({
    prop: "partition",
    code: "LOGS_SHIP_PARTITION",
    rule: "must be made of strftime's % letters, letters, digits, -, _, ., = and /",
    build: (partition: string) => shipperWith({ partition }),
    passes: ["dt=%Y-%m-%d/h.%H/", "", "/%Y/%m/%d/%H/", "dt-%Y", textToken()],
    refused: ["%", "%Y %m", "%{x}", "a,b"],
  });

  describeProp({
    prop: "timeZone",
    code: "LOGS_SHIP_TIME_ZONE",
    rule: "must look like GMT+08:00 or UTC+00:00",
    build: (timeZone: string) => shipperWith({ timeZone }),
    passes: ["GMT+08:00", "UTC-03:30", textToken()],
    refused: ["", "Asia/Shanghai", "GMT+8", "UTC"],
  });

  describeProp({
    prop: "shipperName",
    code: "LOGS_SHIPPER_NAME",
    rule: "must have 1 to 255 characters",
    build: (shipperName: string) => shipperWith({ shipperName }),
    passes: ["x".repeat(255), textToken()],
    refused: ["", "x".repeat(256)],
  });

  it.each(["lzop", "zstd"])(
    "refuses %s, which the parser cannot read, and says what to do: LOGS_SHIP_COMPRESSION",
    (format) => {
      expect(violationsOf(() => shipperWith({ compression: format as "gzip" }))).toEqual([
        [
          "LOGS_SHIP_COMPRESSION",
          `compression must be "gzip" or "none" or "snappy", got "${format}"; the parser reads no other, ship as gzip`,
        ],
      ]);
    },
  );

  it("refuses files that would be too large as one block of snappy: LOGS_SHIP_SIZE", () => {
    expect(violationsOf(() => shipperWith({ compression: "snappy", maxSizeMb: 65 }))).toEqual([
      ["LOGS_SHIP_SIZE", expect.stringContaining("maxSizeMb must be at most 64 with compression snappy, got 65")],
    ]);
    expect(violationsOf(() => shipperWith({ compression: "snappy" }))).toEqual([]);
  });

  it("reports all that is wrong at once", () => {
    expect(codesOf(() => shipperWith({ intervalSeconds: 1, maxSizeMb: 1, prefix: "/", timeZone: "" }))).toEqual([
      "LOGS_SHIP_INTERVAL",
      "LOGS_SHIP_SIZE",
      "LOGS_SHIP_PREFIX",
      "LOGS_SHIP_TIME_ZONE",
    ]);
  });
});
