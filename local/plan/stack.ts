import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isPlanObject, type PlanObject, type PlanValue } from "./value";

/** A resource or data source in the plan, with unevaluated expressions. */
export interface PlanResource {
  /** `type.name`, or `data.type.name`: the prefix of references. */
  readonly address: string;
  readonly data: boolean;
  readonly type: string;
  readonly name: string;
  /** Arguments without Terraform's own (`depends_on`, `lifecycle`, `provider`). */
  readonly arguments: PlanObject;
  /** Addresses in `depends_on`. */
  readonly dependsOn: readonly string[];
  /** Commands that Terraform would run when it creates or destroys the resource. */
  readonly commands: readonly string[];
  /** Region of the resource's provider, if the plan contains it. */
  readonly region: string | undefined;
  /** Name of the stack whose outputs it reads, if it is a remote state. */
  readonly remoteStack?: string;
}

/** A synthesized stack. */
export interface StackPlan {
  /** The folder of `cdk.tf.json`, the base of relative paths in the plan. */
  readonly folder: string;
  /** Resources and data sources, in the plan's order. */
  readonly resources: readonly PlanResource[];
  /** Variables of the plan by name, with their defaults; undefined if they have none. */
  readonly variables: ReadonlyMap<string, PlanValue | undefined>;
  /** Expressions of the plan's outputs, by name. */
  readonly outputs: PlanObject;
}

/** A plan that cannot be read, or with content that the local cloud does not support. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

const PROVIDER = "tencentcloud";
const REMOTE_STATE = "terraform_remote_state";
const META_ARGUMENTS = new Set(["//", "count", "depends_on", "lifecycle", "provider", "provisioner"]);
const UNSUPPORTED_META_ARGUMENTS = ["for_each", "connection"];

/**
 * Folders of the stacks in `outdir` (`cdktf.out`), each after its dependencies, according to the manifest. Throws
 * {@link PlanError} if there are none.
 */
export function stackFolders(outdir: string): string[] {
  const stacks = join(outdir, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  if (names.length === 0) throw new PlanError(`${stacks} must hold one stack, got none; synthesize first`);
  const ordered = new Set<string>();
  const dependencies = dependenciesIn(outdir);
  const add = (name: string, trail: readonly string[] = []): void => {
    if (trail.includes(name)) return;
    for (const needed of dependencies.get(name) ?? []) if (names.includes(needed)) add(needed, [...trail, name]);
    ordered.add(name);
  };
  for (const name of names) add(name);
  return [...ordered].map((name) => join(stacks, name));
}

function dependenciesIn(outdir: string): Map<string, readonly string[]> {
  const file = join(outdir, "manifest.json");
  if (!existsSync(file)) return new Map();
  const { stacks = {} } = JSON.parse(readFileSync(file, "utf8")) as {
    stacks?: Record<string, { dependencies?: readonly string[] }>;
  };
  return new Map(Object.entries(stacks).map(([name, { dependencies = [] }]) => [name, dependencies]));
}

/** The folder of the only stack. Throws {@link PlanError} if there is none, or several. */
export function findStackFolder(outdir: string): string {
  const [folder, ...others] = stackFolders(outdir);
  if (others.length === 0) return folder;
  const names = [folder, ...others].map((each) => basename(each)).join(", ");
  throw new PlanError(`${join(outdir, "stacks")} must hold one stack, got ${names}; name one`);
}

/** Reads the plan of one stack, `<outdir>/stacks/<name>`. */
export function readStack(folder: string): StackPlan {
  const plan = readPlan(join(folder, "cdk.tf.json"));
  const regions = providerRegions(plan.provider);
  return {
    folder,
    resources: [...readResources(plan.data, true, regions), ...readResources(plan.resource, false, regions)],
    variables: readVariables(plan.variable),
    outputs: readOutputs(plan.output),
  };
}

function readPlan(file: string): PlanObject {
  if (!existsSync(file))
    throw new PlanError(`the stack's folder must hold cdk.tf.json, got no ${file}; synthesize first`);
  const plan = JSON.parse(readFileSync(file, "utf8")) as PlanValue;
  if (!isPlanObject(plan)) throw new PlanError(`${file} must hold an object, got ${typeof plan}`);
  return plan;
}

/** Region by provider: `tencentcloud`, or `tencentcloud.<alias>`. */
function providerRegions(providers: PlanValue | undefined): Map<string, string> {
  const regions = new Map<string, string>();
  if (!isPlanObject(providers)) return regions;
  const entries = providers[PROVIDER];
  for (const entry of Array.isArray(entries) ? entries : [entries]) {
    if (!isPlanObject(entry) || typeof entry.region !== "string") continue;
    regions.set(typeof entry.alias === "string" ? `${PROVIDER}.${entry.alias}` : PROVIDER, entry.region);
  }
  return regions;
}

function readVariables(declared: PlanValue | undefined): Map<string, PlanValue | undefined> {
  const entries = isPlanObject(declared) ? Object.entries(declared) : [];
  return new Map(entries.map(([name, body]) => [name, isPlanObject(body) ? body.default : undefined]));
}

function readOutputs(declared: PlanValue | undefined): PlanObject {
  const entries = isPlanObject(declared) ? Object.entries(declared) : [];
  return Object.fromEntries(entries.map(([name, body]) => [name, isPlanObject(body) ? (body.value ?? null) : null]));
}

function* readResources(
  types: PlanValue | undefined,
  data: boolean,
  regions: Map<string, string>,
): Generator<PlanResource> {
  if (!isPlanObject(types)) return;
  for (const [type, resources] of Object.entries(types)) {
    if (!isPlanObject(resources)) continue;
    for (const [name, body] of Object.entries(resources)) {
      // Skips resources with a count of 0.
      if (isPlanObject(body) && body.count !== 0) yield readResource(type, name, body, data, regions);
    }
  }
}

function readResource(
  type: string,
  name: string,
  body: PlanObject,
  data: boolean,
  regions: Map<string, string>,
): PlanResource {
  const address = data ? `data.${type}.${name}` : `${type}.${name}`;
  for (const argument of UNSUPPORTED_META_ARGUMENTS) {
    if (body[argument] === undefined) continue;
    throw new PlanError(`${address} must not use ${argument}; the local cloud does not run it`);
  }
  if (body.count !== undefined)
    throw new PlanError(`${address} must not use count but 0, got ${JSON.stringify(body.count)}`);
  const dependsOn = Array.isArray(body.depends_on) ? body.depends_on.filter((entry) => typeof entry === "string") : [];
  const remoteStack = type === REMOTE_STATE ? stackOfState(name) : undefined;
  const provider = typeof body.provider === "string" ? body.provider : PROVIDER;
  return {
    address,
    data,
    type,
    name,
    remoteStack,
    // The location of a state only concerns Terraform.
    arguments:
      remoteStack !== undefined
        ? {}
        : Object.fromEntries(Object.entries(body).filter(([key]) => !META_ARGUMENTS.has(key))),
    dependsOn,
    region: regions.get(provider),
    commands: readCommands(address, body.provisioner),
  };
}

/** CDKTF uses this name for the state of another stack. */
function stackOfState(name: string): string {
  return name.replace(/^cross-stack-reference-input-/, "");
}

/** Commands that Terraform runs itself, as text. */
function readCommands(address: string, provisioners: PlanValue | undefined): string[] {
  const list = Array.isArray(provisioners) ? provisioners : provisioners === undefined ? [] : [provisioners];
  return list.map((provisioner) => {
    const local = isPlanObject(provisioner) ? provisioner["local-exec"] : undefined;
    if (isPlanObject(local) && typeof local.command === "string") return local.command;
    throw new PlanError(`${address} must not use provisioners but local-exec; the local cloud does not run it`);
  });
}
