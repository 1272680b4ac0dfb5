import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { suggestion } from "../../rules/check/similar";
import { UsageError } from "../../terminal/user-error";
import { type Reference, referencesIn } from "./expressions";

/** A resource or data source of a plan. */
export interface Resource {
  /** Within its stack: `tencentcloud_cls_topic.Access_99`, `data.tencentcloud_user_info.Account`. */
  readonly address: string;
  /** Among all stacks that are read together. */
  readonly key: string;
  readonly type: string;
  readonly isData: boolean;
  /** Path of the construct that made it: `logs/Access/Resource`; the address where the plan has none. */
  readonly path: string;
  readonly stack: Stack;
  /** Its arguments, without Terraform's own. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Addresses of what it is replaced with. */
  readonly replacedWith: readonly string[];
  /** Whether it is made: `count = 0` makes none. */
  readonly isMade: boolean;
  /** Whether Terraform runs something when it is made. */
  readonly hasProvisioner: boolean;
  readonly region: string | undefined;
}

/** A synthesized stack. */
export interface Stack {
  readonly name: string;
  /** Folder of its plan: paths of assets begin there. */
  readonly folder: string;
  readonly resources: readonly Resource[];
  readonly locals: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Where its state is kept, as JSON: another stack that reads the state says the same. */
  readonly backend: string | undefined;
  readonly modules: readonly string[];
}

/**
 * Reads the stacks that are asked for.
 *
 * @param wanted name of a stack in `out`, a plan's file or its folder; all stacks of `out` where it is undefined
 * @param out folder that `cdktf synth` wrote
 * @throws UsageError where there is no such thing
 */
export function readStacks(wanted: string | undefined, out: string): Stack[] {
  if (wanted !== undefined && isPath(wanted)) return [readStack(planFileOf(wanted))];
  const folder = join(out, "stacks");
  if (!existsSync(folder)) {
    throw new UsageError(`--out must be a folder that cdktf synth wrote, got ${out} without stacks; synthesize first`);
  }
  const names = readdirSync(folder).sort();
  if (wanted !== undefined && !names.includes(wanted)) {
    const hint = suggestion(wanted, names) || `; there are ${names.slice(0, 5).join(", ") || "none"}`;
    throw new UsageError(`STACK must be a stack in ${out} or a plan's file, got ${wanted}${hint}`);
  }
  const chosen = wanted === undefined ? names : [wanted];
  const files = chosen.map((name) => join(folder, name, "cdk.tf.json")).filter((file) => existsSync(file));
  if (files.length === 0) throw new UsageError(`${folder} must hold a stack's plan, got none; synthesize again`);
  return files.map(readStack);
}

function isPath(wanted: string): boolean {
  return wanted.endsWith(".json") || wanted.includes("/") || wanted.includes("\\") || wanted === ".";
}

function planFileOf(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "cdk.tf.json") : path;
  if (!existsSync(file)) throw new UsageError(`FILE must be a plan in JSON, as cdk.tf.json, got ${path}: not found`);
  return file;
}

function readStack(file: string): Stack {
  const plan = objectIn(readFileSync(file, "utf8"));
  if (!plan)
    throw new UsageError(`FILE must be a plan in JSON, got ${file}, which is not a JSON object; synthesize again`);
  const folder = dirname(file);
  const name = nameOf(plan) ?? basename(folder);
  const regions = regionsOf(plan.provider);
  const resources: Resource[] = [];
  const stack: Stack = {
    name,
    folder,
    resources,
    locals: recordOf(plan.locals),
    outputs: Object.fromEntries(Object.entries(recordOf(plan.output)).map(([key, one]) => [key, recordOf(one).value])),
    backend: backendOf(recordOf(plan.terraform).backend),
    modules: Object.keys(recordOf(plan.module)),
  };
  for (const [field, isData] of [
    ["data", true],
    ["resource", false],
  ] as const) {
    for (const [type, all] of Object.entries(recordOf(plan[field]))) {
      for (const [id, value] of Object.entries(recordOf(all))) {
        resources.push(resourceOf(recordOf(value), { type, id, isData, stack, regions }));
      }
    }
  }
  return stack;
}

const TERRAFORMS_OWN = ["//", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "connection"];

function resourceOf(
  value: Record<string, unknown>,
  of: { type: string; id: string; isData: boolean; stack: Stack; regions: ReadonlyMap<string, string> },
): Resource {
  const { type, id, isData, stack, regions } = of;
  const address = `${isData ? "data." : ""}${type}.${id}`;
  const path = recordOf(recordOf(value["//"]).metadata).path;
  const replaced = recordOf(value.lifecycle).replace_triggered_by;
  const provider = typeof value.provider === "string" ? value.provider : "tencentcloud";
  return {
    address,
    key: `${stack.name}:${address}`,
    type,
    isData,
    path: typeof path === "string" ? path : address,
    stack,
    arguments: Object.fromEntries(Object.entries(value).filter(([name]) => !TERRAFORMS_OWN.includes(name))),
    replacedWith: listOf(replaced).map((one) => String(one).split(".").slice(0, 2).join(".")),
    isMade: value.count !== 0,
    hasProvisioner: value.provisioner !== undefined,
    region: regions.get(provider),
  };
}

/** The regions of providers, by `tencentcloud` or `tencentcloud.ALIAS`, where the plan knows them. */
export function regionsOf(providers: unknown): ReadonlyMap<string, string> {
  const regions = new Map<string, string>();
  for (const one of listOf(recordOf(providers).tencentcloud).map(recordOf)) {
    if (typeof one.region !== "string" || one.region.includes("${")) continue;
    regions.set(typeof one.alias === "string" ? `tencentcloud.${one.alias}` : "tencentcloud", one.region);
  }
  return regions;
}

/** The framework says in the plan whose it is; a plan of others does not. */
function nameOf(plan: Record<string, unknown>): string | undefined {
  const { stackName } = recordOf(recordOf(plan["//"]).metadata);
  return typeof stackName === "string" ? stackName : undefined;
}

function backendOf(backend: unknown): string | undefined {
  const [entry] = Object.entries(recordOf(backend));
  return entry && stateText(entry[0], entry[1]);
}

/** Where a state is kept, as text that two stacks can be compared by. */
export function stateText(type: unknown, config: unknown): string {
  const known = Object.entries(recordOf(config)).filter(([name]) => name !== "//");
  return JSON.stringify([type, known.sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/** A resource that something refers to, and by which attribute. */
export interface Pointed {
  readonly resource: Resource;
  readonly attribute: string;
}

/** What texts of plans refer to, through locals and through the outputs of other stacks. */
export class References {
  readonly #byKey: ReadonlyMap<string, Resource>;

  constructor(readonly stacks: readonly Stack[]) {
    this.#byKey = new Map(stacks.flatMap(({ resources }) => resources.map((one) => [one.key, one] as const)));
  }

  /** The resources that a value refers to: a text, or any that stand in a list or an object. */
  in(value: unknown, stack: Stack, seen: ReadonlySet<string> = new Set()): Pointed[] {
    if (Array.isArray(value)) return value.flatMap((one) => this.in(one, stack, seen));
    if (isObject(value)) return Object.values(value).flatMap((one) => this.in(one, stack, seen));
    if (typeof value !== "string") return [];
    return referencesIn(value).flatMap((reference) => this.#follow(reference, stack, seen));
  }

  /** The resource of a type that a value refers to, where it refers to one alone. */
  one(value: unknown, stack: Stack, type: string): Resource | undefined {
    const found = new Set(this.in(value, stack).map(({ resource }) => resource));
    const [only] = [...found].filter((resource) => resource.type === type && !resource.isData);
    return only;
  }

  /** A resource of a stack by its address. */
  at(address: string, stack: Stack): Resource | undefined {
    return this.#byKey.get(`${stack.name}:${address}`);
  }

  #follow({ address, attributes }: Reference, stack: Stack, seen: ReadonlySet<string>): Pointed[] {
    const key = `${stack.name}:${address}`;
    if (seen.has(`${key}.${attributes.join(".")}`)) return [];
    const next = new Set([...seen, `${key}.${attributes.join(".")}`]);
    if (address.startsWith("local.")) return this.in(stack.locals[address.slice("local.".length)], stack, next);
    const resource = this.#byKey.get(key);
    if (!resource) return [];
    const other = resource.type === "terraform_remote_state" ? this.#stackOf(resource) : undefined;
    if (other && attributes[0] === "outputs") return this.in(other.outputs[attributes[1]], other, next);
    return [{ resource, attribute: attributes[0] ?? "" }];
  }

  #stackOf({ arguments: { backend, config } }: Resource): Stack | undefined {
    const wanted = stateText(backend, config);
    return this.stacks.find((stack) => stack.backend === wanted);
  }
}

export function recordOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? (value as Record<string, unknown>) : {};
}

/** A block that stands once may be written as an object or as a list of one. */
export function listOf(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
