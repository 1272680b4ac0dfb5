import { drawCarriers, drawNested } from "./carriers";
import { drawFlows, drawFunction } from "./functions";
import type { Graph, NotDrawn } from "./graph";
import { listOf, recordOf, type Resource, type Stack } from "./plan";
import { drawRoles } from "./roles";
import { partOf, Sketch } from "./sketch";
import { NODE_WORDS } from "./words";

/** Draws stacks: every resource is part of a node or an edge, or is listed as not drawn. */
export function graphOf(stacks: readonly Stack[]): Graph {
  const sketch = new Sketch(stacks);
  for (const topic of sketch.ofType("tencentcloud_cls_topic")) drawTopic(sketch, topic);
  for (const one of sketch.ofType("tencentcloud_scf_function")) drawFunction(sketch, one);
  drawCarriers(sketch);
  for (const one of sketch.ofType("tencentcloud_scf_function")) drawFlows(sketch, one);
  for (const bucket of sketch.ofType("tencentcloud_cos_bucket")) drawUnusedBucket(sketch, bucket);
  drawNested(sketch);
  for (const alarm of sketch.ofType("tencentcloud_cls_alarm")) drawAlarm(sketch, alarm);
  const roles = drawRoles(sketch);
  addSatellites(sketch);
  addNames(sketch);
  const left = sketch.resources.filter((resource) => !sketch.isDrawn(resource));
  return {
    version: 1,
    stacks: stacks.map(({ name }) => name),
    nodes: sketch.nodes,
    edges: sketch.edges,
    buckets: sketch.buckets,
    roles,
    notDrawn: [...left.map(notDrawn), ...stacks.flatMap(modulesOf)],
  };
}

function drawTopic(sketch: Sketch, topic: Resource): void {
  const { topic_name: name, period, partition_count: partitions, storage_type: storage } = topic.arguments;
  const node = sketch.draw(topic, { kind: "topic", name: sketch.readable(name, topic.stack) });
  if (period !== undefined) sketch.tell(node, "kept", `${String(period)} days`);
  if (partitions !== undefined) sketch.tell(node, "partitions", String(partitions));
  sketch.tell(node, "storage", storage);
}

/** A bucket that nothing is known to write to or read from. */
function drawUnusedBucket(sketch: Sketch, bucket: Resource): void {
  const name = `\${${bucket.address}.bucket}`;
  const { prefixes } = sketch.bucketOf(name, bucket.stack);
  if (prefixes.length === 0) sketch.prefixOf(sketch.bucketOf(name, bucket.stack), "", bucket.region);
}

function drawAlarm(sketch: Sketch, alarm: Resource): void {
  const { name, alarm_targets: targets, condition, alarm_notice_ids: notices } = alarm.arguments;
  const node = sketch.draw(alarm, { kind: "alarm", name: sketch.readable(name, alarm.stack) });
  sketch.tell(node, "when", condition);
  for (const target of listOf(targets).map(recordOf)) {
    const from = sketch.topicOf(target.topic_id, alarm.stack, alarm.region);
    const edge = sketch.connect({ from, to: node, kind: "watches", label: "searched", of: [alarm] });
    sketch.tell(edge, `query ${String(target.number)}`, sketch.readable(target.query, alarm.stack));
    for (const { resource } of sketch.references.in(target.query, alarm.stack)) {
      const named = sketch.nodeOf(resource);
      if (named) sketch.tellNamed(node, "looks for", named, NODE_WORDS[named.kind]);
    }
  }
  for (const given of listOf(notices)) {
    const notice = sketch.references.one(given, alarm.stack, "tencentcloud_cls_alarm_notice");
    const named = sketch.readable(given, alarm.stack);
    const to = notice
      ? (sketch.nodeOf(notice) ?? drawNotice(sketch, notice))
      : sketch.add(`notice ${named}`, {
          kind: "notice",
          title: named,
          name: named,
          stack: alarm.stack,
          isExternal: true,
        });
    sketch.connect({ from: node, to, kind: "notifies", label: "", of: [alarm] });
  }
}

function drawNotice(sketch: Sketch, notice: Resource) {
  const { notice_receivers: receivers, web_callbacks: callbacks } = notice.arguments;
  const channels = listOf(receivers).flatMap((one) => listOf(recordOf(one).receiver_channels).map(String));
  const webhooks = listOf(callbacks).map((one) => String(recordOf(one).callback_type ?? "webhook"));
  const name =
    [...new Set([...channels, ...webhooks])].join(", ") || sketch.readable(notice.arguments.name, notice.stack);
  return sketch.draw(notice, { kind: "notice", name });
}

/** Arguments that name a resource's owner, by its type. */
const OWNERS: Readonly<Record<string, string>> = {
  tencentcloud_cls_index: "topic_id",
  tencentcloud_cls_kafka_consumer: "from_topic_id",
  tencentcloud_cls_export: "topic_id",
  tencentcloud_cos_bucket_policy: "bucket",
  tencentcloud_cos_bucket_object: "bucket",
  tencentcloud_scf_function_alias: "function_name",
  tencentcloud_scf_function_event_invoke_config: "function_name",
  tencentcloud_scf_function_version: "function_name",
  tencentcloud_scf_provisioned_concurrency_config: "function_name",
  tencentcloud_scf_reserved_concurrency_config: "function_name",
  tencentcloud_scf_custom_domain: "endpoints_config",
};

/** Resources that belong to something drawn: indexes, logsets, a function's settings, replacement triggers. */
function addSatellites(sketch: Sketch): void {
  for (const resource of sketch.resources) {
    const owner = OWNERS[resource.type];
    if (owner === undefined || sketch.isDrawn(resource)) continue;
    for (const pointed of sketch.references.in(resource.arguments[owner], resource.stack))
      addTo(sketch, resource, pointed.resource);
  }
  for (const topic of sketch.ofType("tencentcloud_cls_topic")) addLogset(sketch, topic);
  for (const resource of sketch.resources) {
    for (const address of resource.replacedWith) {
      const cause = sketch.references.at(address, resource.stack);
      if (cause && !sketch.nodeOf(cause)) addTo(sketch, cause, resource);
    }
  }
}

function addLogset(sketch: Sketch, topic: Resource): void {
  const logset = sketch.references.one(topic.arguments.logset_id, topic.stack, "tencentcloud_cls_logset");
  const node = sketch.nodeOf(topic);
  if (!logset || !node) return;
  sketch.standFor(node, logset);
  sketch.tell(node, "logset", sketch.readable(logset.arguments.logset_name, logset.stack));
}

/** Adds a resource to the elements of its owner. */
function addTo(sketch: Sketch, resource: Resource, owner: Resource): void {
  const bucket = sketch.buckets.find(({ id }) => id === owner.key);
  const prefixes = sketch.nodes.filter(({ id }) => bucket?.prefixes.includes(id));
  for (const drawn of [...sketch.standingFor(owner), ...prefixes]) sketch.standFor(drawn, resource);
}

/** A reference between two nodes without an edge, such as from a function's variable; its purpose is unknown here. */
function addNames(sketch: Sketch): void {
  for (const resource of sketch.resources) {
    const from = sketch.nodeOf(resource);
    if (!from) continue;
    for (const [argument, value] of Object.entries(resource.arguments)) {
      for (const pointed of sketch.references.in(value, resource.stack))
        addName(sketch, from, argument, pointed.resource);
    }
  }
}

function addName(sketch: Sketch, from: { id: string }, argument: string, named: Resource): void {
  const bucket = sketch.buckets.find(({ id }) => id === named.key);
  const targets = bucket ? bucket.prefixes : [sketch.nodeOf(named)?.id].filter((id) => id !== undefined);
  const isKnown = targets.some((id) => id === from.id || sketch.isConnected(from.id, id));
  const [target] = targets;
  if (target === undefined || isKnown) return;
  const [one, other] = [from.id, target].map((id) => sketch.nodes.find((node) => node.id === id));
  if (one && other) sketch.connect({ from: one, to: other, kind: "names", label: argument, of: [] });
}

/** Why a resource is not drawn, if there is another reason than an unknown type. */
const WHY: Readonly<Record<string, string>> = {
  tencentcloud_cls_dashboard: "a dashboard only displays logs",
  tencentcloud_cls_logset: "no topic of these stacks is in it",
  tencentcloud_cam_policy: "it is attached to no role of these stacks",
  tencentcloud_cls_alarm_notice: "no alarm of these stacks uses it",
  tencentcloud_cls_notice_content: "only the text of alarms",
  terraform_data: "Terraform's own; it creates nothing in the cloud",
};

function notDrawn(resource: Resource): NotDrawn {
  const isRead = "it is read, not created";
  const why = resource.isData ? isRead : (WHY[resource.type] ?? `${resource.type} is not part of the log flow`);
  return { ...partOf(resource), why };
}

function modulesOf({ name, modules }: Stack): NotDrawn[] {
  return modules.map((module) => ({
    address: `module.${module}`,
    path: `${name}/${module}`,
    stack: name,
    why: "a module's resources are not in the plan's file",
  }));
}
