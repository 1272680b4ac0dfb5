import { objectIn } from "../../functions/runtime/checked-json";
import { settingsOf } from "./functions";
import type { GraphNode } from "./graph";
import { listOf, recordOf, type Resource } from "./plan";
import type { Sketch } from "./sketch";
import { prefixIn } from "./words";

/** Draws resources that move logs themselves: shippers, deliveries, data processing, triggers. */
export function drawCarriers(sketch: Sketch): void {
  for (const one of sketch.ofType("tencentcloud_cls_cos_shipper")) drawShipper(sketch, one);
  for (const one of sketch.ofType("terraform_data")) drawDelivery(sketch, one);
  for (const one of sketch.ofType("tencentcloud_cls_data_transform")) drawTransform(sketch, one);
  for (const one of sketch.ofType("tencentcloud_cls_scheduled_sql")) drawScheduledSql(sketch, one);
  for (const one of sketch.ofType("tencentcloud_cls_ckafka_consumer")) drawCkafkaConsumer(sketch, one);
  for (const one of sketch.ofType("tencentcloud_scf_trigger")) drawTrigger(sketch, one);
}

function drawShipper(sketch: Sketch, shipper: Resource): void {
  const { topic_id: topicId, bucket, prefix, interval, max_size: size, content, compress } = shipper.arguments;
  const from = sketch.topicOf(topicId, shipper.stack, shipper.region);
  const key = sketch.readable(prefix, shipper.stack);
  const to = sketch.prefixOf(sketch.bucketOf(bucket, shipper.stack), key, shipper.region);
  const [format, packing] = [recordOf(listOf(content)[0]).format, recordOf(listOf(compress)[0]).format];
  const edge = sketch.connect({ from, to, kind: "ships", label: `every ${String(interval)} s`, of: [shipper] });
  sketch.tell(edge, "shipper", sketch.readable(shipper.arguments.shipper_name, shipper.stack));
  sketch.tell(edge, "interval", `${String(interval)} s, or ${String(size)} MB before that`);
  sketch.tell(edge, "content", [format, packing].filter(Boolean).join(", "));
  sketch.tell(edge, "partition", shipper.arguments.partition);
}

/** A delivery is created by a script, because the provider has no resource for it: its input contains both ends. */
function drawDelivery(sketch: Sketch, data: Resource): void {
  const { functionName, topicId, region, max, wait } = recordOf(data.arguments.input);
  const to = sketch.nodeOf(sketch.references.one(functionName, data.stack, "tencentcloud_scf_function"));
  if (!to || typeof topicId !== "string") return;
  const from = sketch.topicOf(topicId, data.stack, typeof region === "string" ? region : undefined);
  const label = data.isMade ? `up to ${String(max)} logs or ${String(wait)} s` : "by processes of your own";
  sketch.connect({ from, to, kind: data.isMade ? "delivers" : "consumed", label, of: [data] });
}

function drawTransform(sketch: Sketch, transform: Resource): void {
  const { src_topic_id: source, dst_resources: targets, name, etl_content: content } = transform.arguments;
  const from = sketch.topicOf(source, transform.stack, transform.region);
  for (const target of listOf(targets).map(recordOf)) {
    const to = sketch.topicOf(target.topic_id, transform.stack, transform.region);
    const label = `${sketch.readable(target.alias, transform.stack)}`;
    const edge = sketch.connect({ from, to, kind: "transforms", label, of: [transform] });
    if (edge.details.length > 0) continue;
    sketch.tell(edge, "data processing", sketch.readable(name, transform.stack));
    sketch.tell(edge, "statements", content);
  }
}

function drawScheduledSql(sketch: Sketch, task: Resource): void {
  const {
    src_topic_id: source,
    dst_resource: target,
    process_period: minutes,
    scheduled_sql_content: sql,
  } = task.arguments;
  const from = sketch.topicOf(source, task.stack, task.region);
  const to = sketch.topicOf(recordOf(listOf(target)[0]).topic_id, task.stack, task.region);
  const label = `SQL every ${String(minutes)} min`;
  const edge = sketch.connect({ from, to, kind: "transforms", label, of: [task] });
  sketch.tell(edge, "statement", sql);
}

function drawCkafkaConsumer(sketch: Sketch, consumer: Resource): void {
  const { topic_id: topicId, ckafka } = consumer.arguments;
  const { instance_name: instance, topic_name: topic } = recordOf(listOf(ckafka)[0]);
  const from = sketch.topicOf(topicId, consumer.stack, consumer.region);
  const name = `${sketch.readable(instance, consumer.stack)}/${sketch.readable(topic, consumer.stack)}`;
  const to = sketch.add(`ckafka ${name}`, {
    kind: "ckafka",
    title: name,
    name,
    stack: consumer.stack,
    isExternal: true,
  });
  sketch.connect({ from, to, kind: "ships", label: "to CKafka", of: [consumer] });
}

function drawTrigger(sketch: Sketch, trigger: Resource): void {
  const to = functionOf(sketch, trigger);
  if (!to) return;
  const { type, trigger_name: name, trigger_desc: description, enable } = trigger.arguments;
  const isOff = enable === "CLOSE";
  const described = typeof description === "string" ? sketch.readable(description, trigger.stack) : "";
  const settings = objectIn(described) ?? {};
  const off = isOff ? "off, " : "";
  if (type === "cos") {
    const { Prefix: prefix = "", Suffix: suffix = "" } = recordOf(settings.filter) as {
      Prefix?: string;
      Suffix?: string;
    };
    const bucket = sketch.bucketOf(String(name).replace(/\.cos\.[\w-]+\.myqcloud\.com$/, ""), trigger.stack);
    const label = `${off}each new object${suffix === "" ? "" : `, *${suffix}`}`;
    for (const one of prefixesOf(sketch, trigger) ?? [prefix]) {
      const from = sketch.prefixOf(bucket, one, trigger.region);
      const edge = sketch.connect({ from, to, kind: "triggers", label, of: [trigger] });
      sketch.tell(edge, "event", settings.event);
      if (one !== prefix) sketch.tell(edge, "trigger", `for ${prefix}*, of which the function reads its prefixes`);
    }
    return;
  }
  if (type === "cls") {
    sketch.connect({ from: sketch.topicOf(name, trigger.stack), to, kind: "delivers", label: off, of: [trigger] });
    return;
  }
  const from = sketch.draw(trigger, sourceOf(String(type), described, settings, sketch.readable(name, trigger.stack)));
  sketch.connect({
    from,
    to,
    kind: "triggers",
    label: `${off}${type === "http" ? "each request" : ""}`,
    of: [trigger],
  });
}

/** The prefixes of a trigger's events that one of our functions reads; undefined if it reads all. */
function prefixesOf(sketch: Sketch, { arguments: { function_name: name }, stack }: Resource): string[] | undefined {
  const target = sketch.references.one(name, stack, "tencentcloud_scf_function");
  const { prefixes } = target ? settingsOf(target) : {};
  return Array.isArray(prefixes) ? prefixes.map((one) => sketch.readable(one, stack)) : undefined;
}

function sourceOf(type: string, description: string, settings: Record<string, unknown>, name: string) {
  if (type === "timer")
    return { kind: "timer", name: description, details: [{ name: "cron", value: description }] } as const;
  if (type !== "http") return { kind: "source", name: `${type} ${name}` } as const;
  const authentication = String(settings.AuthType ?? "NONE");
  const access = authentication === "NONE" ? "HTTP, open to everybody" : `HTTP, with ${authentication}`;
  return { kind: "url", name: access, details: [{ name: "authentication", value: authentication }] } as const;
}

/** The function in a resource's `function_name`: one of the stacks, or an external one. */
function functionOf(
  sketch: Sketch,
  { arguments: { function_name: given }, stack, region }: Resource,
): GraphNode | undefined {
  const known = sketch.nodeOf(sketch.references.one(given, stack, "tencentcloud_scf_function"));
  if (known || typeof given !== "string") return known;
  const name = sketch.readable(given, stack);
  return sketch.add(`function ${name}`, { kind: "function", title: name, name, stack, region, isExternal: true });
}

/** Objects under one prefix can also be read under another that contains it, or is contained in it. */
export function drawNested(sketch: Sketch): void {
  const reads = (id: string): boolean => sketch.edges.some(({ from, kind }) => from === id && kind === "triggers");
  const isWritten = (id: string): boolean => sketch.edges.some(({ to, kind }) => to === id && kind !== "may");
  for (const { prefixes } of sketch.buckets) {
    const nodes = sketch.nodes.filter(({ id }) => prefixes.includes(id));
    for (const to of nodes.filter(({ id }) => reads(id))) {
      for (const from of nodes) {
        const [one, other] = [prefixIn(from), prefixIn(to)];
        if (from === to || !isWritten(from.id) || !(one.startsWith(other) || other.startsWith(one))) continue;
        sketch.connect({ from, to, kind: "within", label: "same keys", of: [] });
      }
    }
  }
}
