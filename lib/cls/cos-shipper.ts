import { clsCosShipper } from "@cdktf/provider-tencentcloud";
import { claimPrefix } from "../claimed-prefixes";
import type { CommonProps } from "../common-props";
import { bucketProp, type ILogBucket } from "../cos/bucket";
import { OBJECT_CREATED } from "../cos/event";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, replaceWhenChanges, tfText, type ITerraformDependable } from "../framework";
import { Traffic } from "../loops/traffic";
import { keyPrefix, physicalName } from "../naming";
import { flag, instance, integer, knownAtSynth, listOf, oneOf, required, texts, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { providerProp } from "../provider";
import { requireSameRegion } from "../region";
import { topicProp, type ILogTopic } from "./topic";

/** How CLS packs and names the files that it ships. */
export interface ShippingProps {
  /**
   * Seconds after which CLS closes a file, 300 to 900.
   * @default 300
   */
  readonly intervalSeconds?: number;
  /**
   * Size in MB, uncompressed, at which CLS closes a file early: 5 to 256.
   * @default 256; 64 with `compression: "snappy"`
   */
  readonly maxSizeMb?: number;
  /**
   * Prefix of every object's key: up to 256 letters, digits, `-`, `_` and `/`. It must end with `/` and not begin with
   * `/`.
   * @default "cls/<path of the construct>/"
   */
  readonly prefix?: string;
  /**
   * Folders below the prefix, as a strftime pattern of the time of shipping.
   * @default "%Y/%m/%d/%H/"
   */
  readonly partition?: string;
  /**
   * Compression of the files. With `snappy`, `maxSizeMb` is limited to 64: CLS does not document its framing, and the
   * parser unpacks a single block in memory. CLS can also write `lzop`, but the parser cannot read it, so it is
   * refused.
   * @default "gzip"
   */
  readonly compression?: "gzip" | "none" | "snappy";
  /**
   * How files are named. `random`: `<prefix><partition>_<random>_<index>`. `time`: by the time of shipping, which also
   * sorts them.
   * @default "random"
   */
  readonly fileNames?: "random" | "time";
  /**
   * Metadata that CLS adds to each record, by its CLS names.
   * @default ["__SOURCE__", "__FILENAME__", "__TIMESTAMP__"]
   */
  readonly metaFields?: readonly ("__SOURCE__" | "__FILENAME__" | "__TIMESTAMP__" | "__HOSTNAME__")[];
  /**
   * Whether CLS ships a record's tags with it.
   * @default true
   */
  readonly shipTags?: boolean;
  /**
   * Time zone of the partition, such as `GMT+08:00`.
   * @default "GMT+08:00"
   */
  readonly timeZone?: string;
  /**
   * COS storage class of the shipped files.
   * @default "STANDARD"
   */
  readonly storageClass?: "STANDARD" | "STANDARD_IA" | "INTELLIGENT_TIERING" | "MAZ_STANDARD" | "MAZ_STANDARD_IA";
}

/** Props of a {@link CosShipper}. */
export interface CosShipperProps extends Pick<CommonProps, "provider">, ShippingProps {
  /** Topic to ship. */
  readonly topic: ILogTopic;
  /** Bucket to ship to. It must be in the topic's region. */
  readonly bucket: ILogBucket;
  /**
   * Name of the shipper, up to 255 characters.
   * @default the construct's path and a short hash of it
   */
  readonly shipperName?: string;
  /**
   * Resources that must exist before the first file is shipped, such as the trigger that waits for it.
   * @default the topic and the bucket
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

export const SHIPPING_PROPS: PropTable<ShippingProps> = {
  intervalSeconds: integer({ min: 300, max: 900, unit: "seconds" }, "LOGS_SHIP_INTERVAL"),
  maxSizeMb: integer({ min: 5, max: 256, unit: "MB" }, "LOGS_SHIP_SIZE"),
  prefix: textThat(
    /^(?=.{1,256}$)[0-9A-Za-z_-][0-9A-Za-z/_-]*\/$/,
    "must have up to 256 letters, digits, -, _ and /, begin with another than / and end with /",
    "write it like cls/access/",
    "LOGS_SHIP_PREFIX",
  ),
  partition: textThat(
    /^([0-9A-Za-z/_.=-]|%[A-Za-z])*$/,
    "must be made of strftime's % letters, letters, digits, -, _, ., = and /",
    "write it like %Y/%m/%d/%H/",
    "LOGS_SHIP_PARTITION",
  ),
  compression: oneOf(["gzip", "none", "snappy"], "the parser reads no other, ship as gzip", "LOGS_SHIP_COMPRESSION"),
  fileNames: knownAtSynth(oneOf(["random", "time"], "leave it out for random", "LOGS_SHIP_FILE_NAMES")),
  metaFields: texts(
    oneOf(
      ["__SOURCE__", "__FILENAME__", "__TIMESTAMP__", "__HOSTNAME__"],
      "CLS adds no other fact",
      "LOGS_SHIP_META_FIELDS",
    ),
  ),
  shipTags: flag,
  timeZone: textThat(
    /^(GMT|UTC)[+-]\d\d:\d\d$/,
    "must look like GMT+08:00 or UTC+00:00",
    "write the offset with its sign and four digits",
    "LOGS_SHIP_TIME_ZONE",
  ),
  storageClass: oneOf(
    ["STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "MAZ_STANDARD", "MAZ_STANDARD_IA"],
    "leave it out for STANDARD",
    "LOGS_SHIP_STORAGE_CLASS",
  ),
};

/** Maximum size in MB of a file that is a single snappy block, which is unpacked in memory as a whole. */
const SNAPPY_MAX_MB = 64;

const PROPS: PropTable<CosShipperProps> = {
  provider: providerProp,
  ...SHIPPING_PROPS,
  topic: required(topicProp, "say which topic is shipped"),
  bucket: required(bucketProp, "say where to"),
  shipperName: textThat(/^[^]{1,255}$/, "must have 1 to 255 characters", "choose a shorter name", "LOGS_SHIPPER_NAME"),
  dependsOn: listOf(
    instance<ITerraformDependable>("a resource or a data source", "pass the one itself", { others: ["fqn"] }),
  ),
};

/**
 * Ships a topic to a bucket as JSON lines (`tencentcloud_cls_cos_shipper`). Requires the account's `CLS_QcsRole`: see
 * `LogAccountRoles`.
 */
export class CosShipper extends LogConstruct {
  /** The underlying resource, `tencentcloud_cls_cos_shipper`. */
  readonly resource: clsCosShipper.ClsCosShipper;
  /** Prefix of every shipped object's key; ends with `/`. */
  readonly prefix: string;
  /** Suffix of every shipped object's key; undefined if it has none that is known. */
  readonly suffix: string | undefined;

  constructor(scope: Construct, id: string, given: CosShipperProps) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checks.that(
      props.compression !== "snappy" || (props.maxSizeMb ?? SNAPPY_MAX_MB) <= SNAPPY_MAX_MB,
      "LOGS_SHIP_SIZE",
      () =>
        `maxSizeMb must be at most ${SNAPPY_MAX_MB} with compression snappy, got ${props.maxSizeMb}; ` +
        `lower it, or ship as gzip`,
    );
    checks.throwIfAny();

    const { compression = "gzip", metaFields = ["__SOURCE__", "__FILENAME__", "__TIMESTAMP__"] } = props;
    requireSameRegion(this, "bucket", props.bucket.region, "topic", props.topic.region);
    const { bucketName } = props.bucket;
    this.prefix = claimPrefix(this, {
      prop: "prefix",
      bucketName,
      given: props.prefix,
      fallback: keyPrefix("cls", this),
    });
    this.suffix = compression === "gzip" ? ".gz" : undefined;
    Traffic.of(this).addShipment({
      scope: this.node.path,
      topicId: props.topic.topicId,
      to: { bucketName, event: OBJECT_CREATED, prefix: this.prefix },
    });

    // All arguments are explicit: the API fills in absent ones, and the plan would never be empty again. Fact:
    // docs/design/facts/provider.md#explicit-arguments.
    this.resource = new clsCosShipper.ClsCosShipper(this, "Resource", {
      topicId: props.topic.topicId,
      bucket: bucketName,
      prefix: this.prefix,
      shipperName: tfText(props.shipperName ?? physicalName(this, { maxLength: 255 })),
      interval: props.intervalSeconds ?? 300,
      maxSize: props.maxSizeMb ?? (compression === "snappy" ? SNAPPY_MAX_MB : 256),
      partition: tfText(props.partition ?? "%Y/%m/%d/%H/"),
      compress: { format: compression },
      content: { format: "json", json: { enableTag: props.shipTags ?? true, metaFields: [...metaFields] } },
      filenameMode: props.fileNames === "time" ? 1 : 0,
      storageType: props.storageClass ?? "STANDARD",
      timeZone: props.timeZone ?? "GMT+08:00",
      provider: props.provider,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    // The provider ignores a change of the topic. Fact: docs/design/facts/provider.md#ignored-changes.
    replaceWhenChanges(this.resource, { topicId: props.topic.topicId });
  }
}
