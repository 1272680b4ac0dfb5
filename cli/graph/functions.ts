import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { objectIn } from "../../functions/runtime/checked-json";
import { LIVE_VARIABLE } from "../../functions/live/settings";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { unzip } from "../../lib/packaging/zip";
import { jsonOf } from "./expressions";
import type { GraphNode } from "./graph";
import { listOf, recordOf, type Resource, type Stack } from "./plan";
import type { Sketch } from "./sketch";

/** Files of a function's zip, by name; undefined if the plan names no existing zip. */
export type ZipFiles = Readonly<Record<string, Uint8Array>>;

/** Draws a function. {@link drawFlows} then draws its logs, when everything that it can name is drawn. */
export function drawFunction(sketch: Sketch, one: Resource): void {
  const { name, runtime, handler, mem_size: memory, timeout, namespace, description } = one.arguments;
  const node = sketch.draw(one, { kind: "function", name: sketch.readable(name, one.stack) });
  const processor = recordOf(settingsOf(one).processor).type;
  sketch.tell(node, "description", description);
  sketch.tell(node, "runs", whatItRuns(settingsOf(one), processor));
  sketch.tell(node, "runtime", runtime);
  sketch.tell(node, "handler", handler);
  if (memory !== undefined) sketch.tell(node, "memory", `${String(memory)} MB`);
  if (timeout !== undefined) sketch.tell(node, "timeout", `${String(timeout)} s`);
  if (namespace !== "default") sketch.tell(node, "namespace", namespace);
}

const PROCESSORS: Readonly<Record<string, string>> = {
  count: "parser, records go on as they are",
  code: "parser, then your own code",
  rules: "parser, then a rule text",
};

function whatItRuns(settings: Record<string, unknown>, processor: unknown): string {
  if (settings.state !== undefined) return "monitors";
  return typeof processor === "string" ? (PROCESSORS[processor] ?? processor) : "";
}

/** The settings of one of our handlers; empty for other functions. */
export function settingsOf(one: Resource, variable = SETTINGS_VARIABLE): Record<string, unknown> {
  const value = environmentOf(one)[variable];
  return typeof value === "string" ? recordOf(jsonOf(value)) : {};
}

function environmentOf({ arguments: { environment } }: Resource): Record<string, unknown> {
  return recordOf(listOf(environment)[0]);
}

/** Draws the targets of a function's records, its log, and its alerts. */
export function drawFlows(sketch: Sketch, one: Resource): void {
  const node = sketch.nodeOf(one);
  if (!node) return;
  const { cls_topic_id: logTopic } = one.arguments;
  if (logTopic !== undefined && logTopic !== "") {
    const to = sketch.topicOf(logTopic, one.stack, one.region);
    sketch.connect({ from: node, to, kind: "logs", label: "its log", of: [one] });
  }
  drawOutputs(sketch, one, node);
  drawLive(sketch, one, node);
  drawMonitor(sketch, one, node);
}

function drawOutputs(sketch: Sketch, one: Resource, from: GraphNode): void {
  const { outputs, quarantine, defaultOutput } = settingsOf(one);
  const named = Object.entries(recordOf(outputs));
  for (const [name, value] of named) {
    const output = recordOf(value);
    const to = outputNode(sketch, one, output);
    if (!to) continue;
    const edge = sketch.connect({ from, to, kind: "writes", label: name, of: [] });
    sketch.tell(edge, "output", name === defaultOutput ? `${name}, the default` : name);
    sketch.tell(edge, "what fails", output.onFailure === "fail" ? "fails the invocation" : "goes to quarantine");
  }
  if (quarantine === undefined) return;
  const { bucket, prefix, region } = recordOf(quarantine);
  const to = prefixNode(sketch, one.stack, { bucket, prefix, region });
  sketch.connect({ from, to, kind: "quarantine", label: "quarantine", of: [] });
}

function outputNode(sketch: Sketch, { stack, arguments: own }: Resource, output: Record<string, unknown>) {
  const isExternal = true;
  switch (output.type) {
    case "cos":
      return prefixNode(sketch, stack, output);
    case "cls":
      return sketch.topicOf(output.topicId, stack, textOr(output.region));
    case "ckafka": {
      const topic = sketch.readable(output.topic, stack);
      const name = listOf(output.brokers)
        .map((broker) => sketch.readable(broker, stack))
        .join(", ");
      return sketch.add(`ckafka ${name}/${topic}`, { kind: "ckafka", title: topic, name, stack, isExternal });
    }
    case "webhook": {
      const variable = String(output.urlSecret);
      const address = addressOf(sketch, own, stack, variable);
      const title = `${String(output.format)} webhook`;
      return sketch.add(`webhook ${address}`, { kind: "webhook", title, name: address, stack, isExternal });
    }
    case "elasticsearch":
    case "otlp": {
      const address = addressOf(sketch, own, stack, String(output.urlSecret));
      const title = output.type === "otlp" ? "logs of OTLP" : sketch.readable(output.index, stack);
      return sketch.add(`server ${address}/${title}`, { kind: "server", title, name: address, stack, isExternal });
    }
    default:
      return undefined;
  }
}

/**
 * The source of an address: `var.hook`. The address itself is a secret, and never shown, even if the plan contains it.
 */
function addressOf(sketch: Sketch, own: Record<string, unknown>, stack: Stack, variable: string): string {
  const value = recordOf(listOf(own.environment)[0])[variable];
  const isReference = typeof value === "string" && /^\$\{[^"]*\}$/.test(value);
  return isReference ? sketch.readable(value, stack).replace(/^\$\{|\}$/g, "") : variable;
}

function prefixNode(sketch: Sketch, stack: Stack, { bucket, prefix, region }: Record<string, unknown>): GraphNode {
  return sketch.prefixOf(sketch.bucketOf(bucket, stack), sketch.readable(prefix, stack), textOr(region));
}

function textOr(value: unknown): string | undefined {
  return typeof value === "string" && !value.includes("${") ? value : undefined;
}

/** Prefix of the flags of watched functions. */
const FLAGS_PREFIX = "live/watch/";

function drawLive(sketch: Sketch, one: Resource, node: GraphNode): void {
  const { topic, bucket, region } = settingsOf(one, LIVE_VARIABLE);
  if (topic === undefined) return;
  const to = sketch.topicOf(topic, one.stack, textOr(region));
  sketch.connect({ from: node, to, kind: "live", label: "live lines", of: [] });
  const from = prefixNode(sketch, one.stack, { bucket, prefix: FLAGS_PREFIX, region });
  sketch.connect({ from, to: node, kind: "live", label: "watch flag", of: [] });
}

function drawMonitor(sketch: Sketch, one: Resource, node: GraphNode): void {
  const { sources, state, records } = settingsOf(one);
  if (state === undefined) return;
  const to = prefixNode(sketch, one.stack, recordOf(state));
  sketch.connect({ from: node, to, kind: "state", label: "state", of: [] });
  if (records !== undefined) {
    const { topicId, region } = recordOf(records);
    const topic = sketch.topicOf(topicId, one.stack, textOr(region));
    sketch.connect({ from: node, to: topic, kind: "records", label: "each alert", of: [] });
  }
  const definition = definitionOf(one);
  for (const { name, topicId, region } of listOf(sources).map(recordOf)) {
    const from = sketch.topicOf(topicId, one.stack, textOr(region));
    sketch.tellNamed(node, "source", from, String(name));
    if (recordOf(recordOf(definition.sources)[String(name)]).form !== "pull") continue;
    sketch.connect({ from, to: node, kind: "pulls", label: "pulled", of: [] });
  }
  for (const monitor of listOf(definition.monitors).map(recordOf)) {
    sketch.tell(node, "monitor", `${String(monitor.name)}, ${String(monitor.severity)}`);
  }
  for (const [name, receiver] of Object.entries(recordOf(definition.receivers))) {
    const { format, urlVariable } = recordOf(receiver);
    const address = addressOf(sketch, one.arguments, one.stack, String(urlVariable));
    const title = `receiver ${name}`;
    const to = sketch.add(`receiver ${one.stack.name}/${name} ${address}`, {
      kind: "receiver",
      title,
      name: `${String(format)}, ${address}`,
      stack: one.stack,
      isExternal: true,
    });
    sketch.connect({ from: node, to, kind: "alerts", label: "alerts", of: [] });
  }
}

/** A monitor's definition is next to its handler. */
function definitionOf(one: Resource): Record<string, unknown> {
  const file = zipOf(one)?.["monitor.json"];
  return file ? (objectIn(Buffer.from(file).toString("utf8")) ?? {}) : {};
}

/** The files of a function's code. */
export function zipOf({ arguments: { zip_file: zip }, stack }: Resource): ZipFiles | undefined {
  const path = typeof zip === "string" && !zip.includes("${") ? join(stack.folder, zip) : undefined;
  return path !== undefined && existsSync(path) ? unzip(readFileSync(path)) : undefined;
}
