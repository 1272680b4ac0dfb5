import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Cam } from "../cam/cam";
import { defaultDetails } from "../cls/transforms";
import type { ShipperSpec } from "../cls/shipper";
import { ACLS, type Acl } from "../cos/bucket-settings";
import { PlanError } from "../plan/stack";
import type { PlanObject } from "../plan/value";
import type { CloudFunction } from "../scf/function";
import { URL_TRIGGER } from "../scf/function-urls";
import { parseCosTrigger } from "../scf/trigger";
import type { Services } from "../services";
import type { Arguments } from "./arguments";

/** What a resource takes from its stack. */
export interface StackContext {
  readonly region: string;
  /** The stack's folder: relative paths start here. */
  readonly folder: string;
  /** Commands that Terraform would run. */
  readonly commands: readonly string[];
  /** Outputs of the stacks that are deployed, by the file of each one's state. */
  readonly states: ReadonlyMap<string, PlanObject>;
}

/** Makes a resource in the cloud's state and returns its computed attributes. */
export type Maker = (given: Arguments, services: Services, context: StackContext) => PlanObject;

/** How each type of resource is made. */
export const MAKERS: Readonly<Record<string, Maker>> = {
  "data.terraform_remote_state": (given, _services, { states }) => {
    const { path } = given.map("config");
    const outputs = states.get(path);
    if (outputs) return { outputs };
    throw new PlanError(`${given.address}: the stack of ${path} must be deployed before one that refers to it`);
  },
  "data.tencentcloud_user_info": (_given, { account }) => ({
    app_id: account.appId,
    uin: account.uin,
    owner_uin: account.uin,
    name: "local",
  }),
  terraform_data: makeData,
  tencentcloud_cls_logset: (given, { cls }, { region }) => ({
    id: cls.createLogset(given.text("logset_name"), region),
  }),
  tencentcloud_cls_topic: (given, { cls }, { region }) => ({
    id: cls.createTopic(given.text("topic_name"), given.text("logset_id"), region, {
      periodDays: given.number("period", 30),
    }).id,
  }),
  tencentcloud_cls_index: makeIndex,
  tencentcloud_cls_cos_shipper: (given, { cls }, { region }) => ({
    id: cls.createShipper(cls.topicOf(given.text("topic_id"), region).id, shipperSpec(given)),
  }),
  tencentcloud_cls_data_transform: makeDataTransform,
  tencentcloud_cos_bucket: makeBucket,
  tencentcloud_cam_role: makeRole,
  tencentcloud_cam_policy: (given, { cam }) => ({ id: cam.createPolicy(given.text("name"), given.text("document")) }),
  tencentcloud_cam_role_policy_attachment: (given, { cam }) => attach(given, cam, "role_id", "policy_id"),
  tencentcloud_cam_role_policy_attachment_by_name: (given, { cam }) => attach(given, cam, "role_name", "policy_name"),
  tencentcloud_scf_function: makeFunction,
  tencentcloud_scf_function_event_invoke_config: makeInvokeConfig,
  tencentcloud_scf_reserved_concurrency_config: makeReservation,
  tencentcloud_scf_trigger: makeTrigger,
};

/** Types that move no log and grant no right: the local cloud leaves them out, and lists them as ignored. */
export const IGNORED_TYPES: ReadonlySet<string> = new Set([
  "tencentcloud_cls_alarm",
  "tencentcloud_cls_alarm_notice",
  "tencentcloud_cls_notice_content",
  "tencentcloud_cls_dashboard",
]);

/** Values that are kept; where a command of ours delivers a topic to a function, that is done. */
function makeData(given: Arguments, { deliveries }: Services, { commands }: StackContext): PlanObject {
  if (commands.some((command) => /\/cls-delivery\.js create$/.test(command))) {
    const [input] = given.blocks("input");
    if (input === undefined) throw given.wrong("input", "must be given", undefined);
    deliveries.create(input.text("topicId"), {
      functionName: input.text("functionName"),
      namespace: input.text("namespace"),
      qualifier: input.text("qualifier"),
      waitSeconds: input.number("wait", 60),
      maxMessages: input.number("max", 100),
    });
  } else if (commands.length > 0) {
    throw new Error(`commands must be the library's own, which the local cloud stands in for, got ${commands[0]}`);
  }
  return { id: randomUUID(), output: given.optionalValue("input") ?? null };
}

function makeIndex(given: Arguments, { cls }: Services, { region }: StackContext): PlanObject {
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

function compression(given: Arguments): "gzip" | "none" {
  const format = given.block("compress")?.optionalText("format") ?? "none";
  if (format === "gzip" || format === "none") return format;
  throw given.wrong("compress.format", "must be gzip or none, which the local cloud ships", format);
}

function makeDataTransform(given: Arguments, services: Services, { region }: StackContext): PlanObject {
  const { clock, cls, transforms } = services;
  const taskType = given.number("task_type", 3);
  if (taskType !== 3) throw given.wrong("task_type", "must be 3, since the local cloud makes no previews", taskType);
  const id = transforms.create(cls.topicOf(given.text("src_topic_id"), region).id, {
    name: given.text("name"),
    content: given.text("etl_content"),
    routing: given.number("func_type", 1) === 2 ? "dynamic" : "fixed",
    targets: given.blocks("dst_resources").map((one) => ({ topicId: one.text("topic_id"), alias: one.text("alias") })),
    enabled: given.number("enable_flag", 1) === 1,
    details: defaultDetails(clock.now()),
  });
  return { id };
}

function makeBucket(given: Arguments, { cos }: Services, { region }: StackContext): PlanObject {
  const bucket = cos.createBucket(given.text("bucket"), region, aclOf(given));
  return { id: bucket.name, cos_bucket_url: bucket.domain };
}

function aclOf(given: Arguments): Acl {
  const wanted = given.optionalText("acl") ?? "private";
  const acl = ACLS.find((candidate) => candidate === wanted);
  if (acl) return acl;
  throw given.wrong("acl", `must be one of ${ACLS.join(", ")}`, wanted);
}

function makeRole(given: Arguments, { cam }: Services): PlanObject {
  const role = cam.createRole(given.text("name"), given.text("document"));
  return { id: role.id, role_arn: role.arn };
}

function attach(given: Arguments, cam: Cam, roleArgument: string, policyArgument: string): PlanObject {
  const role = given.text(roleArgument);
  const policy = given.text(policyArgument);
  cam.attachPolicy(role, policy);
  return { id: `${role}#${policy}` };
}

function makeFunction(given: Arguments, { scf, cls }: Services, { region, folder }: StackContext): PlanObject {
  const namespace = given.optionalText("namespace") ?? "default";
  const zipFile = given.text("zip_file");
  const topicId = given.optionalText("cls_topic_id");
  const topic = topicId === undefined ? undefined : cls.topic(topicId);
  if (topic?.id !== topicId) throw given.wrong("cls_topic_id", "must exist", topicId);
  if (topic && topic.region !== region) throw given.wrong("cls_topic_id", `must be a topic of ${region}`, topic.region);
  const { id, spec } = scf.createFunction({
    name: given.text("name"),
    namespace,
    region,
    handler: given.text("handler"),
    runtime: given.text("runtime"),
    memoryMb: given.number("mem_size", 128),
    timeoutSeconds: given.number("timeout", 3),
    environment: given.map("environment"),
    role: given.optionalText("role"),
    logTopic: topic && { topicId: topic.id, logsetId: topic.logsetId },
    zip: readFileSync(isAbsolute(zipFile) ? zipFile : join(folder, zipFile)),
  });
  return { id: `${namespace}+${spec.name}`, function_id: id, status: "Active" };
}

function makeTrigger(given: Arguments, services: Services, context: StackContext): PlanObject {
  const { scf } = services;
  const type = given.text("type");
  if (type === "timer") return makeTimer(given, services, context);
  if (type === "http") return makeUrl(given, services, context);
  if (type !== "cos") throw given.wrong("type", "must be cos, timer or http, which the local cloud runs", type);
  const target = targetOf(given, services, context);
  const trigger = parseCosTrigger(given.text("trigger_name"), given.text("trigger_desc"), {
    functionName: target.spec.name,
    enabled: (given.optionalText("enable") ?? "OPEN") === "OPEN",
    qualifier: given.optionalText("qualifier") ?? "$LATEST",
  });
  scf.bindings.add(trigger, target);
  return { id: triggerId(target, trigger.name) };
}

/** The function that a resource is about: one of the resource's region. */
function targetOf(given: Arguments, { scf }: Services, { region }: StackContext): CloudFunction {
  const namespace = given.optionalText("namespace") ?? "default";
  return scf.function({ region, namespace, name: given.text("function_name") });
}

function triggerId({ spec }: CloudFunction, name: string): string {
  return `${spec.name}#${spec.namespace}#${name}`;
}

function makeInvokeConfig(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  const config = given.block("async_trigger_config");
  services.scf.invokeConfigs.set(target, {
    retries: config?.block("retry_config")?.number("retry_num", 2),
    maxAgeSeconds: config?.number("msg_ttl", 21_600),
  });
  return { id: `${target.spec.name}#${target.spec.namespace}` };
}

function makeTimer(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  const { spec } = services.scf.timers.create(target, {
    name: given.text("trigger_name"),
    cron: given.text("trigger_desc"),
    message: given.optionalText("custom_argument") ?? "",
    enabled: (given.optionalText("enable") ?? "OPEN") === "OPEN",
    qualifier: given.optionalText("qualifier") ?? "$LATEST",
    description: given.optionalText("description") ?? "",
  });
  return { id: triggerId(target, spec.name) };
}

function makeUrl(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  const name = given.optionalText("trigger_name");
  if (name !== undefined) throw given.wrong("trigger_name", "must be left out for a URL", name);
  const { urls } = services.scf;
  const url = urls.create(target, given.text("trigger_desc"), {
    enabled: (given.optionalText("enable") ?? "OPEN") === "OPEN",
    qualifier: given.optionalText("qualifier") ?? "$LATEST",
  });
  return {
    id: triggerId(target, URL_TRIGGER),
    trigger_name: URL_TRIGGER,
    trigger_attribute: urls.description(url),
  };
}

function makeReservation(given: Arguments, services: Services, context: StackContext): PlanObject {
  const target = targetOf(given, services, context);
  services.scf.reservations.set(target, given.number("reserved_concurrency_mem", 0));
  return { id: `${target.spec.namespace}#${target.spec.name}` };
}
