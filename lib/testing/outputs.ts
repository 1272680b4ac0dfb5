import { gunzipSync } from "node:zlib";
import type { OutputSettings } from "../../functions/settings";
import type { LocalCloud } from "../../local/cloud";
import type { ArrivedRecord } from "./arrived-record";
import type { WebhookStandIn } from "../../local/webhook/stand-in";

/** Where the records of a function's outputs arrived. */
export interface Arrivals {
  readonly cloud: LocalCloud;
  /** The result of {@link objectsAt}. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;
  /** The function's variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly webhooks: WebhookStandIn;
}

/** The records that arrived at an output, in the order of keys, offsets or requests. */
export function recordsAt(name: string, output: OutputSettings, arrivals: Arrivals): readonly ArrivedRecord[] {
  switch (output.type) {
    case "cos":
      return recordsIn(arrivals.objects[name]);
    case "cls":
      return logsOf(arrivals.cloud, output.topicId);
    case "webhook":
      return messagesAt(output.urlSecret, output.format, arrivals);
    case "elasticsearch":
    case "otlp":
      return messagesAt(output.urlSecret, "json", arrivals);
    case "ckafka":
      // `runPipeline` refuses it before it runs anything.
      return [];
  }
}

/** The objects of outputs to COS, by output name and by key below the prefix. */
export async function objectsAt(
  outputs: readonly (readonly [name: string, output: OutputSettings])[],
  cloud: LocalCloud,
): Promise<Record<string, Record<string, Uint8Array>>> {
  const found: Record<string, Record<string, Uint8Array>> = {};
  for (const [name, output] of outputs) {
    if (output.type !== "cos") continue;
    const bucket = cloud.bucket(output.bucket);
    const keys = [...bucket.keys(output.prefix)];
    const objects = keys.map(async (key) => [key.slice(output.prefix.length), await bucket.read(key)] as const);
    found[name] = Object.fromEntries(await Promise.all(objects));
  }
  return found;
}

function recordsIn(objects: Readonly<Record<string, Uint8Array>>): ArrivedRecord[] {
  const packed = Object.entries(objects).filter(([key]) => key.endsWith(".jsonl.gz"));
  const lines = packed.flatMap(([, object]) => gunzipSync(object).toString().trimEnd().split("\n"));
  return lines.map((line) => JSON.parse(line) as ArrivedRecord);
}

function logsOf(cloud: LocalCloud, topicId: string): ArrivedRecord[] {
  return cloud
    .topic(topicId)
    .partitions.all()
    .flatMap((partition) => {
      const offsets = Array.from({ length: partition.endOffset - partition.beginOffset }, (_, at) => at);
      const packages = offsets.map((at) => partition.at(partition.beginOffset + at));
      return packages.flatMap((one) => one?.records.map(({ contents }) => contents) ?? []);
    });
}

function messagesAt(variable: string, format: string, { environment, webhooks }: Arrivals): ArrivedRecord[] {
  const bodies = webhooks.received(environment[variable] ?? "").map((body) => JSON.parse(body) as unknown);
  return format === "json" ? (bodies.flat() as ArrivedRecord[]) : (bodies as ArrivedRecord[]);
}
