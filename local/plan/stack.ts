import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isPlanObject, type PlanObject, type PlanValue } from "./value";

/** A resource or data source as the plan holds it, its expressions not yet evaluated. */
export interface PlanResource {
  /** `type.name`, or `data.type.name`: what references begin with. */
  readonly address: string;
  readonly data: boolean;
  readonly type: string;
  readonly name: string;
  /** Arguments without Terraform's own (`depends_on`, `lifecycle`, `provider`). */
  readonly arguments: PlanObject;
  /** Addresses in `depends_on`. */
  readonly dependsOn: readonly string[];
  /** Commands that Terraform would run when it makes or destroys the resource. */
  readonly commands: readonly string[];
  /** Region of the resource's provider, where the plan names it. */
  readonly region: string | undefined;
}

/** A synthesized stack. */
export interface StackPlan {
  /** The folder of `cdk.tf.json`; relative paths in the plan start here. */
  readonly folder: string;
  /** Resources and data sources, in the plan's order. */
  readonly resources: readonly PlanResource[];
  /** Variables that the plan declares, by name, with their defaults; undefined where they have none. */
  readonly variables: ReadonlyMap<string, PlanValue | undefined>;
  /** Values of the outputs, by name, not yet evaluated. */
  readonly outputs: ReadonlyMap<string, PlanValue>;
  /** File that Terraform keeps the stack's state in, by which other stacks refer to its outputs. */
  readonly stateFile: string | undefined;
}

/** A plan that cannot be read, or that holds what the local cloud does not run. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

const PROVIDER = "tencentcloud";
const META_ARGUMENTS = new Set(["//", "count", "depends_on", "lifecycle", "provider", "provisioner"]);
const UNSUPPORTED_META_ARGUMENTS = ["for_each", "connection"];

/** The folder of the only stack that was synthesized into `outdir` (`cdktf.out`). */
export function findStackFolder(outdir: string): string {
  const stacks = join(outdir, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  if (names.length === 1) return join(stacks, names[0] as string);
  throw new PlanError(`${stacks} must hold one stack, got ${names.length ? names.sort().join(", ") : "none"}`);
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
    stateFile: readStateFile(plan.terraform),
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

function readOutputs(declared: PlanValue | undefined): Map<string, PlanValue> {
  const entries = isPlanObject(declared) ? Object.entries(declared) : [];
  return new Map(
    entries.flatMap(([name, body]) => (isPlanObject(body) && body.value !== undefined ? [[name, body.value]] : [])),
  );
}

function readStateFile(terraform: PlanValue | undefined): string | undefined {
  const backend = isPlanObject(terraform) && isPlanObject(terraform.backend) ? terraform.backend.local : undefined;
  return isPlanObject(backend) && typeof backend.path === "string" ? backend.path : undefined;
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
      // A resource of which there are none.
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
  const provider = typeof body.provider === "string" ? body.provider : PROVIDER;
  return {
    address,
    data,
    type,
    name,
    arguments: Object.fromEntries(
      Object.entries(body).filter(([key]) => !META_ARGUMENTS.has(key) && !isWorkspace(type, key)),
    ),
    dependsOn,
    region: regions.get(provider),
    commands: readCommands(address, body.provisioner),
  };
}

/** There is one workspace. */
function isWorkspace(type: string, argument: string): boolean {
  return type === "terraform_remote_state" && argument === "workspace";
}

/** Commands that Terraform runs itself, as the text that they are. */
function readCommands(address: string, provisioners: PlanValue | undefined): string[] {
  const list = Array.isArray(provisioners) ? provisioners : provisioners === undefined ? [] : [provisioners];
  return list.map((provisioner) => {
    const local = isPlanObject(provisioner) ? provisioner["local-exec"] : undefined;
    if (isPlanObject(local) && typeof local.command === "string") return local.command;
    throw new PlanError(`${address} must not use provisioners but local-exec; the local cloud does not run it`);
  });
}
