import type { Shipper, ShipperSpec, ShipperState, ShipTask } from "../cls/shipper";
import { Refusal } from "../refusal";
import { action, type Action, type ActionRequest } from "./action";
import { flag, integer, list, object, optional, text, word, type Values } from "./fields";
import { filtered, FILTERS, page } from "./lists";
import { apiTime } from "./time";

const STORAGE_CLASSES = [
  "STANDARD",
  "STANDARD_IA",
  "ARCHIVE",
  "DEEP_ARCHIVE",
  "MAZ_STANDARD",
  "MAZ_STANDARD_IA",
  "INTELLIGENT_TIERING",
  "MAZ_INTELLIGENT_TIERING",
];

const META_FIELD = word("__SOURCE__", "__FILENAME__", "__TIMESTAMP__", "__HOSTNAME__");

const BUCKET = text({ pattern: /^[a-z0-9-]+-\d{10}$/ });
const PREFIX = text({ pattern: /^(?!\/)[0-9A-Za-z_/-]{0,256}$/ });
const NAME = text({ min: 1, max: 255 });

/** Fields of both CreateShipper and ModifyShipper. Fact: docs/design/facts/runtime.md#shipping-to-cos. */
const CHANGEABLE = {
  Interval: optional(integer({ min: 300, max: 900 })),
  MaxSize: optional(integer({ min: 5, max: 256 })),
  FilterRules: optional(list(object({ Key: text(), Regex: text(), Value: text() }), 5)),
  Partition: optional(text()),
  Compress: optional(object({ Format: word("gzip", "lzop", "snappy", "none") })),
  Content: optional(
    object({
      Format: word("json", "csv", "parquet"),
      Json: optional(object({ EnableTag: flag(), MetaFields: list(META_FIELD, 4) })),
    }),
  ),
  FilenameMode: optional(integer({ min: 0, max: 1 })),
  StorageType: optional(text({ oneOf: STORAGE_CLASSES })),
  TimeZone: optional(text({ pattern: /^(GMT|UTC)[+-]\d\d:\d\d$/ })),
};

type Changes = Values<typeof CHANGEABLE>;

/** CLS's defaults for omitted fields. */
const DEFAULTS: Omit<ShipperSpec, "name" | "bucket" | "prefix"> = {
  intervalSeconds: 300,
  maxSizeMb: 256,
  partition: "",
  compression: "none",
  filenameMode: "random",
  timeZone: "GMT+08:00",
  filterRules: [],
  metaFields: [],
  enableTag: false,
  storageClass: "STANDARD",
};

/** Actions on shippers, which ship a topic to COS. */
export const SHIPPER_ACTIONS: Readonly<Record<string, Action>> = {
  CreateShipper: action(
    { ...CHANGEABLE, TopicId: text(), Bucket: BUCKET, Prefix: PREFIX, ShipperName: NAME },
    (given, request) => {
      const topic = request.services.cls.topicOf(given.TopicId, request.region);
      checkBucket(given.Bucket, topic.region, request);
      const { ShipperName: name, Bucket: bucket, Prefix: prefix } = given;
      const spec = { ...DEFAULTS, name, bucket, prefix, ...changesOf(given) };
      return { ShipperId: request.services.cls.createShipper(topic.id, spec) };
    },
  ),
  DescribeShippers: action(
    {
      Filters: FILTERS,
      Offset: optional(integer({ min: 0 })),
      Limit: optional(integer({ min: 1, max: 100 })),
      PreciseSearch: optional(integer({ min: 0, max: 3 })),
    },
    ({ Filters = [], Offset, Limit }, { region, services: { cls } }) => {
      const shippers = cls.allShippers().filter((shipper) => shipper.topic.region === region);
      const filters = Filters.map(({ Key, Values }) => ({ name: Key, values: Values }));
      const found = filtered(shippers, filters, {
        shipperId: ({ id }) => id,
        shipperName: ({ spec }) => spec.name,
        topicId: ({ topic }) => topic.id,
      });
      return { TotalCount: found.length, Shippers: page(found, Offset, Limit).map(describe) };
    },
  ),
  ModifyShipper: action(
    {
      ...CHANGEABLE,
      ShipperId: text(),
      Bucket: optional(BUCKET),
      Prefix: optional(PREFIX),
      ShipperName: optional(NAME),
      Status: optional(flag()),
    },
    (given, request) => {
      const shipper = request.services.cls.shipper(given.ShipperId, request.region);
      if (given.Status !== undefined) shipper.enabled = given.Status;
      const { name, bucket, prefix } = shipper.spec;
      checkBucket(given.Bucket ?? bucket, shipper.topic.region, request);
      shipper.configure({
        ...shipper.spec,
        name: given.ShipperName ?? name,
        bucket: given.Bucket ?? bucket,
        prefix: given.Prefix ?? prefix,
        ...changesOf(given),
      });
      return {};
    },
  ),
  DeleteShipper: action({ ShipperId: text() }, ({ ShipperId }, { region, services: { cls } }) => {
    cls.deleteShipper(cls.shipper(ShipperId, region).id);
    return {};
  }),
  DescribeShipperTasks: action(
    { ShipperId: text(), StartTime: integer({ min: 0 }), EndTime: integer({ min: 0 }) },
    ({ ShipperId, StartTime, EndTime }, { region, services: { cls } }) => {
      if (StartTime >= EndTime) throw new Refusal("InvalidParameter", "StartTime must be before EndTime.");
      const shipper = cls.shipper(ShipperId, region);
      const found = shipper.tasks.filter(({ time }) => time >= StartTime && time < EndTime);
      return { Tasks: found.map((task, index) => describeTask(shipper, task, index)) };
    },
  ),
};

function describeTask({ id, topic, spec }: Shipper, { status, time, message }: ShipTask, index: number): object {
  return {
    TaskId: `${id}-${index}`,
    ShipperId: id,
    TopicId: topic.id,
    RangeStart: time - spec.intervalSeconds * 1000,
    RangeEnd: time,
    StartTime: time,
    EndTime: time,
    Status: status,
    Message: message ?? "success",
  };
}

/** The fields of the specification that a request changes. */
function changesOf(given: Changes): Partial<ShipperSpec> {
  const changes: Partial<ShipperSpec> = {
    intervalSeconds: given.Interval,
    maxSizeMb: given.MaxSize,
    partition: given.Partition,
    compression: given.Compress && compressionOf(given.Compress.Format),
    filenameMode: given.FilenameMode === undefined ? undefined : given.FilenameMode === 1 ? "time" : "random",
    timeZone: given.TimeZone,
    filterRules: given.FilterRules?.map(({ Key, Regex, Value }) => ({ key: Key, regex: Regex, value: Value })),
    storageClass: given.StorageType,
    ...contentOf(given),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function compressionOf(format: string): "gzip" | "none" | "snappy" {
  if (format === "gzip" || format === "none" || format === "snappy") return format;
  throw unsupported(`compression ${format}`);
}

function contentOf({ Content }: Changes): Partial<ShipperSpec> {
  if (!Content) return {};
  if (Content.Format !== "json") throw unsupported(`content format ${Content.Format}`);
  return { metaFields: Content.Json?.MetaFields ?? [], enableTag: Content.Json?.EnableTag ?? false };
}

function checkBucket(name: string, region: string, { services: { cos } }: ActionRequest): void {
  if (cos.bucket(name)?.region === region) return;
  throw new Refusal("InvalidParameter", `Bucket must exist in the topic's region ${region}, got ${name}.`);
}

function unsupported(what: string): Refusal {
  return new Refusal("UnsupportedOperation", `The local cloud does not run ${what}.`);
}

/** `TaskStatus`. Fact: docs/design/facts/runtime.md#state-of-shippers-and-deliveries. */
const TASK_STATUS: Readonly<Record<ShipperState, number>> = { stopped: 0, running: 1, failing: 2 };

/**
 * CLS's answer: omitted fields are included with their defaults. Fact:
 * docs/design/facts/provider.md#explicit-arguments.
 */
function describe({ id, topic, spec, createdAt, enabled, state }: Shipper): object {
  return {
    ShipperId: id,
    TopicId: topic.id,
    Bucket: spec.bucket,
    Prefix: spec.prefix,
    ShipperName: spec.name,
    Interval: spec.intervalSeconds,
    MaxSize: spec.maxSizeMb,
    Status: enabled,
    TaskStatus: TASK_STATUS[state],
    FilterRules: spec.filterRules.map(({ key, regex, value }) => ({ Key: key, Regex: regex, Value: value })),
    Partition: spec.partition,
    Compress: { Format: spec.compression },
    Content: { Format: "json", Json: { EnableTag: spec.enableTag, MetaFields: spec.metaFields } },
    CreateTime: apiTime(createdAt),
    FilenameMode: spec.filenameMode === "time" ? 1 : 0,
    StorageType: spec.storageClass,
    TimeZone: spec.timeZone,
    StartTime: Math.floor(createdAt / 1000),
    EndTime: 0,
  };
}
