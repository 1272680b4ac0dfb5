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
  /** Unique among all stacks that are read together. */
  readonly key: string;
  readonly type: string;
  readonly isData: boolean;
  /** Path of its construct: `logs/Access/Resource`; the address if the plan has none. */
  readonly path: string;
  readonly stack: Stack;
  /** Its arguments, without Terraform's own. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Addresses in its `replace_triggered_by`. */
  readonly replacedWith: readonly string[];
  /** Whether it is created: not with `count = 0`. */
  readonly isMade: boolean;
  /** Whether Terraform runs a command when it is created. */
  readonly hasProvisioner: boolean;
  readonly region: string | undefined;
}

/** A synthesized stack. */
export interface Stack {
  readonly name: string;
  /** Folder of its plan, the base of asset paths. */
  readonly folder: string;
  readonly resources: readonly Resource[];
  readonly locals: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The location of its state, as JSON: it is the same in another stack that reads the state. */
  readonly backend: string | undefined;
  readonly modules: readonly string[];
}

/**
 * Reads the requested stacks.
 *
 * @param wanted name of a stack in `out`, a plan's file or its folder; undefined for all stacks of `out`
 * @param out folder that `cdktf synth` wrote
 * @throws UsageError if it does not exist
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

/** The regions of providers, by `tencentcloud` or `tencentcloud.ALIAS`, if the plan contains them. */
export function regionsOf(providers: unknown): ReadonlyMap<string, string> {
  const regions = new Map<string, string>();
  for (const one of listOf(recordOf(providers).tencentcloud).map(recordOf)) {
    if (typeof one.region !== "string" || one.region.includes("${")) continue;
    regions.set(typeof one.alias === "string" ? `tencentcloud.${one.alias}` : "tencentcloud", one.region);
  }
  return regions;
}

/** CDKTF writes the stack's name into the plan; other plans have none. */
function nameOf(plan: Record<string, unknown>): string | undefined {
  const { stackName } = recordOf(recordOf(plan["//"]).metadata);
  return typeof stackName === "string" ? stackName : undefined;
}

function backendOf(backend: unknown): string | undefined {
  const [entry] = Object.entries(recordOf(backend));
  return entry && stateText(entry[0], entry[1]);
}

/** The location of a state, as comparable text. */
export function stateText(type: unknown, config: unknown): string {
  const known = Object.entries(recordOf(config)).filter(([name]) => name !== "//");
  return JSON.stringify([type, known.sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/** A referenced resource, and the attribute. */
export interface Pointed {
  readonly resource: Resource;
  readonly attribute: string;
}

/** References in texts of plans, followed through locals and the outputs of other stacks. */
export class References {
  readonly #byKey: ReadonlyMap<string, Resource>;

  constructor(readonly stacks: readonly Stack[]) {
    this.#byKey = new Map(stacks.flatMap(({ resources }) => resources.map((one) => [one.key, one] as const)));
  }

  /** The resources that a value refers to: a string, or any in a list or an object. */
  in(value: unknown, stack: Stack, seen: ReadonlySet<string> = new Set()): Pointed[] {
    if (Array.isArray(value)) return value.flatMap((one) => this.in(one, stack, seen));
    if (isObject(value)) return Object.values(value).flatMap((one) => this.in(one, stack, seen));
    if (typeof value !== "string") return [];
    return referencesIn(value).flatMap((reference) => this.#follow(reference, stack, seen));
  }

  /** The resource of a type that a value refers to, if it is the only one. */
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

/** A single block can be written as an object or as a list of one. */
export function listOf(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
