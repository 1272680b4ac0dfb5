import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { suggestion } from "../../rules/check/similar";
import { UsageError } from "../../terminal/user-error";
import { checkRegion, type TailArguments } from "./arguments";
import type { OfFunction } from "./events";

/** Requested functions: one by its name, or those with a name prefix. */
export type Wanted = { readonly region: string; readonly namespace: string } & (
  { readonly name: string } | { readonly prefix: string }
);

/**
 * The requested regions: those of the flags, otherwise that of the environment; empty if there is neither.
 *
 * @throws UsageError if that of the environment is invalid
 */
export function regionsOf(
  { regions }: Pick<TailArguments, "regions">,
  { TENCENTCLOUD_REGION: region }: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  if (regions.length > 0 || !region) return regions;
  checkRegion("TENCENTCLOUD_REGION", region);
  return [region];
}

/**
 * Resolves the names in a command line: a function, a prefix, or the path of a construct in a synthesized stack.
 *
 * @throws UsageError if a region is missing, or a path names no function
 */
export function wantedOf(
  { names, regions, namespace, out }: Pick<TailArguments, "names" | "regions" | "namespace" | "out">,
  environment: NodeJS.ProcessEnv = process.env,
): Wanted[] {
  const given = regionsOf({ regions }, environment);
  return names.flatMap((name): Wanted[] => {
    if (name.includes("/")) return constructsAt(name, out, given);
    if (given.length === 0) {
      throw new UsageError("--region must be a region, such as ap-guangzhou, got nothing; see --help");
    }
    if (/^[A-Za-z][\w:-]*\*$|^\*$/.test(name)) {
      return given.map((region) => ({ region, namespace, prefix: name.slice(0, -1) }));
    }
    if (!/^[A-Za-z][\w:-]{0,59}$/.test(name)) {
      throw new UsageError(
        `NAME must be a function, a prefix or a construct's path, got ${JSON.stringify(name)}; see --help`,
      );
    }
    return given.map((region) => ({ region, namespace, name }));
  });
}

/** Whether a function is requested, even before it is found: a new one can write before a look-up finds it. */
export function isWanted(wanted: readonly Wanted[], { region, namespace, function: name }: OfFunction): boolean {
  return wanted.some((one) => {
    if (one.region !== region || one.namespace !== namespace) return false;
    return "name" in one ? one.name === name : name.startsWith(one.prefix);
  });
}

/** A function of a synthesized stack. */
interface PlannedFunction {
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  readonly region?: string;
}

function constructsAt(path: string, out: string, regions: readonly string[]): Wanted[] {
  const planned = plannedFunctions(out);
  const found = planned.filter((each) => `${each.path}/`.startsWith(`${path.replace(/\/$/, "")}/`));
  if (found.length === 0) {
    const owners = planned.map((each) => each.path.split("/").slice(0, -1).join("/"));
    const near = suggestion(path, owners);
    const known = near === "" && owners.length > 0 ? `; there are ${owners.slice(0, 5).join(", ")}` : near;
    throw new UsageError(`NAME must be the path of a construct in ${out} with a function, got ${path}${known}`);
  }
  return found.flatMap(({ name, namespace, region }) => {
    const those = regions.length > 0 ? regions : [region ?? ""].filter(Boolean);
    if (those.length === 0)
      throw new UsageError(`--region must be given for ${path}, got nothing; its stack names none`);
    return those.map((each) => ({ region: each, namespace, name }));
  });
}

/** The functions of all stacks in a folder that `cdktf synth` wrote. */
function plannedFunctions(out: string): PlannedFunction[] {
  const stacks = join(out, "stacks");
  if (!existsSync(stacks)) {
    throw new UsageError(`--out must be a folder that cdktf synth wrote, got ${out} without stacks; synthesize first`);
  }
  return readdirSync(stacks).flatMap((stack) => functionsOf(join(stacks, stack, "cdk.tf.json")));
}

function functionsOf(file: string): PlannedFunction[] {
  if (!existsSync(file)) return [];
  const plan = objectIn(readFileSync(file, "utf8"));
  if (!plan) {
    throw new UsageError(
      `--out must be a folder that cdktf synth wrote, got ${file}, which is not a plan; synthesize again`,
    );
  }
  const resources = (plan.resource as Record<string, unknown> | undefined)?.tencentcloud_scf_function;
  const region = regionOf(plan.provider);
  return Object.values(isObject(resources) ? resources : {}).flatMap((resource) => {
    if (!isObject(resource)) return [];
    const { name, namespace } = resource;
    const metadata = (resource["//"] as { metadata?: { path?: unknown } } | undefined)?.metadata;
    if (typeof name !== "string" || typeof metadata?.path !== "string") return [];
    return [{ path: metadata.path, name, namespace: typeof namespace === "string" ? namespace : "default", region }];
  });
}

/** The region of a stack's provider, if the plan contains it. */
function regionOf(providers: unknown): string | undefined {
  const list = (providers as Record<string, unknown> | undefined)?.tencentcloud;
  const regions = (Array.isArray(list) ? (list as { region?: unknown }[]) : []).map(({ region }) => region);
  const [only] = regions;
  return regions.length === 1 && typeof only === "string" && !only.includes("${") ? only : undefined;
}
