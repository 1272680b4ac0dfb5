import { defaultDetails } from "../cls/transforms";
import type { TransformSpec } from "../cls/transform-task";
import type { ShipperSpec } from "../cls/shipper";
import type { TopicSettings } from "../cls/topic";
import type { Services } from "../services";
import type { Arguments } from "./arguments";
import { idOf, unlessGone, type Kind, type StackContext } from "./kind";

/** The CLS resources of a plan. */
export const CLS_KINDS: Readonly<Record<string, Kind>> = {
  tencentcloud_cls_logset: {
    make: (given, { cls }, { region }) => ({ id: cls.createLogset(given.text("logset_name"), region) }),
    change: (made, given, { cls }) => {
      cls.renameLogset(idOf(made), given.text("logset_name"));
      return { id: idOf(made) };
    },
    remove: (made, { cls }) => unlessGone(() => cls.deleteLogset(idOf(made))),
  },
  tencentcloud_cls_topic: {
    make: (given, { cls }, { region }) => ({
      id: cls.createTopic(given.text("topic_name"), given.text("logset_id"), region, topicSettings(given)).id,
    }),
    // A change that the provider cannot make creates another topic. Fact:
    // docs/design/facts/provider.md#ignored-changes.
    change: (made, given, { cls }) => {
      const fixed = ["logset_id", "partition_count", "storage_type"];
      if (fixed.some((name) => given.optionalText(name) !== made.given.optionalText(name))) return undefined;
      cls.modifyTopic(idOf(made), { name: given.text("topic_name"), settings: topicSettings(given) });
      return { id: idOf(made) };
    },
    remove: (made, { cls }) => unlessGone(() => cls.deleteTopic(idOf(made))),
  },
  tencentcloud_cls_index: {
    make: makeIndex,
    remove: (made, { cls }) => unlessGone(() => (cls.topicOf(idOf(made)).index = undefined)),
  },
  tencentcloud_cls_cos_shipper: {
    make: (given, { cls }, { region }) => ({
      id: cls.createShipper(cls.topicOf(given.text("topic_id"), region).id, shipperSpec(given)),
    }),
    change: (made, given, { cls }) => {
      if (given.text("topic_id") !== made.given.text("topic_id")) return undefined;
      cls.shipper(idOf(made)).configure(shipperSpec(given));
      return { id: idOf(made) };
    },
    remove: (made, { cls }) => unlessGone(() => cls.deleteShipper(idOf(made))),
  },
  tencentcloud_cls_data_transform: {
    make: (given, services, { region }) => ({
      id: services.transforms.create(
        services.cls.topicOf(given.text("src_topic_id"), region).id,
        transformSpec(given, services),
      ),
    }),
    change: (made, given, services) => {
      if (given.text("src_topic_id") !== made.given.text("src_topic_id")) return undefined;
      services.transforms.modify(idOf(made), transformSpec(given, services));
      return { id: idOf(made) };
    },
    remove: (made, { transforms }) => unlessGone(() => transforms.delete(idOf(made))),
  },
};

function topicSettings(given: Arguments): Partial<TopicSettings> {
  return { periodDays: given.number("period", 30) };
}

function makeIndex(given: Arguments, { cls }: Services, { region }: StackContext) {
  const topicId = given.text("topic_id");
  const topic = cls.topicOf(topicId, region);
  topic.index = { rule: {}, enabled: given.flag("status", true), includeInternalFields: false, metadataFlag: 0 };
  return { id: topicId };
}

function shipperSpec(given: Arguments): ShipperSpec {
  const content = given.block("content");
  const format = content?.optionalText("format") ?? "json";
  if (format !== "json") throw given.wrong("content.format", "must be json, which the local cloud ships", format);
  const json = content?.block("json");
  return {
    name: given.text("shipper_name"),
    bucket: given.text("bucket"),
    prefix: given.text("prefix"),
    intervalSeconds: given.number("interval", 300),
    maxSizeMb: given.number("max_size", 256),
    partition: given.optionalText("partition") ?? "",
    compression: compression(given),
    filenameMode: given.number("filename_mode", 0) === 1 ? "time" : "random",
    timeZone: given.optionalText("time_zone") ?? "GMT+08:00",
    filterRules: given.blocks("filter_rules").map((rule) => ({
      key: rule.text("key"),
      regex: rule.text("regex"),
      value: rule.text("value"),
    })),
    metaFields: json?.texts("meta_fields") ?? [],
    enableTag: json?.flag("enable_tag", false) ?? false,
    storageClass: given.optionalText("storage_type") ?? "STANDARD",
  };
}

function compression(given: Arguments): "gzip" | "none" | "snappy" {
  const format = given.block("compress")?.optionalText("format") ?? "none";
  if (format === "gzip" || format === "none" || format === "snappy") return format;
  throw given.wrong("compress.format", "must be gzip, snappy or none, which the local cloud ships", format);
}

function transformSpec(given: Arguments, { clock }: Services): TransformSpec {
  const taskType = given.number("task_type", 3);
  if (taskType !== 3) throw given.wrong("task_type", "must be 3, since the local cloud makes no previews", taskType);
  return {
    name: given.text("name"),
    content: given.text("etl_content"),
    routing: given.number("func_type", 1) === 2 ? "dynamic" : "fixed",
    targets: given.blocks("dst_resources").map((one) => ({ topicId: one.text("topic_id"), alias: one.text("alias") })),
    enabled: given.number("enable_flag", 1) === 1,
    details: defaultDetails(clock.now()),
  };
}
