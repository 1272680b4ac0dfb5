import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { suggestion } from "../../rules/check/similar";
import { UsageError } from "../../terminal/user-error";

/** A stream pipeline in the output of `cdktf synth`. */
export interface PlannedPipeline {
  /** Path of the construct: `stack/Access`. */
  readonly path: string;
  readonly functionName: string;
  readonly namespace: string;
  readonly region?: string;
  /** Of the form `file.export`. */
  readonly handler: string;
  /** File of the code's zip. */
  readonly zip: string;
  /** Names of its variables, with the values that the plan contains. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether CLS also delivers to the function. */
  readonly isDelivered: boolean;
  /** Id or name of the topic, if the plan contains it. */
  readonly topic: { readonly id?: string; readonly name?: string };
}

/**
 * The pipeline at a construct's path. Throws {@link UsageError} if there is none, or several.
 *
 * @param out folder that `cdktf synth` wrote
 */
export function plannedPipeline(path: string, out: string): PlannedPipeline {
  const stacks = join(out, "stacks");
  if (!existsSync(stacks)) {
    throw new UsageError(`--out must be a folder that cdktf synth wrote, got ${out} without stacks; synthesize first`);
  }
  const all = readdirSync(stacks).flatMap((stack) => pipelinesOf(join(stacks, stack)));
  const found = all.filter((each) => `${each.path}/`.startsWith(`${path.replace(/\/$/, "")}/`));
  if (found.length === 1) return found[0];
  const paths = all.map((each) => each.path);
  const near =
    suggestion(path, paths) || (paths.length > 0 ? `; there are ${paths.slice(0, 5).join(", ")}` : "; there is none");
  const got = found.length === 0 ? path : `${path}, which holds ${found.map((each) => each.path).join(", ")}`;
  throw new UsageError(`PIPELINE must be the path of one pipeline in ${out} that CLS delivers to, got ${got}${near}`);
}

/** Whether there is one at a construct's path. */
export function hasPlannedPipeline(path: string, out: string): boolean {
  const stacks = join(out, "stacks");
  if (!existsSync(stacks)) return false;
  return readdirSync(stacks).some((stack) => pipelinesOf(join(stacks, stack)).some((each) => each.path === path));
}

interface Resource {
  readonly path: string;
  readonly [argument: string]: unknown;
}

function pipelinesOf(folder: string): PlannedPipeline[] {
  const file = join(folder, "cdk.tf.json");
  const plan = existsSync(file) ? objectIn(readFileSync(file, "utf8")) : undefined;
  if (!plan) return [];
  const functions = resourcesOf(plan, "tencentcloud_scf_function");
  const topics = resourcesOf(plan, "tencentcloud_cls_topic");
  return [...resourcesOf(plan, "terraform_data").values()].flatMap(({ input, count }) => {
    const { functionName, topicId, region } = (isObject(input) ? input : {}) as Record<string, unknown>;
    const target = functions.get(referenceIn(functionName, "tencentcloud_scf_function"));
    if (!target || typeof topicId !== "string") return [];
    const { name, zip_file: zip, namespace, handler, environment } = target;
    if (typeof name !== "string" || typeof zip !== "string" || typeof handler !== "string") return [];
    const topic = topics.get(referenceIn(topicId, "tencentcloud_cls_topic"))?.topic_name;
    return [
      {
        path: target.path.replace(/\/Function\/Resource$/, "").replace(/\/Resource$/, ""),
        functionName: name,
        namespace: typeof namespace === "string" ? namespace : "default",
        region: typeof region === "string" && !region.includes("${") ? region : undefined,
        handler,
        zip: join(folder, zip),
        variables: variablesOf(environment),
        isDelivered: count !== 0,
        topic: topicId.includes("${") ? { ...(typeof topic === "string" && { name: topic }) } : { id: topicId },
      },
    ];
  });
}

function resourcesOf(plan: Record<string, unknown>, type: string): Map<string, Resource> {
  const resources = (plan.resource as Record<string, unknown> | undefined)?.[type];
  return new Map(
    Object.entries(isObject(resources) ? resources : {}).flatMap(([id, resource]) => {
      if (!isObject(resource)) return [];
      const path = (resource["//"] as { metadata?: { path?: unknown } } | undefined)?.metadata?.path;
      return [[id, { ...resource, path: typeof path === "string" ? path : id }] as const];
    }),
  );
}

/** The name of the resource in an expression: `Access_99` for `${tencentcloud_cls_topic.Access_99.id}`. */
function referenceIn(value: unknown, type: string): string {
  return typeof value === "string" ? (new RegExp(`^\\$\\{${type}\\.([\\w-]+)\\.\\w+\\}$`).exec(value)?.[1] ?? "") : "";
}

function variablesOf(environment: unknown): Record<string, string> {
  const entries = Object.entries(isObject(environment) ? environment : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
