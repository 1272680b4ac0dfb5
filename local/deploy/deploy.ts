import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { resolveResources, type ResolvedResource } from "../plan/resolve";
import { PlanError, type PlanResource, type StackPlan } from "../plan/stack";
import type { PlanObject } from "../plan/value";
import type { Services } from "../services";
import { Arguments } from "./arguments";
import type { Kind, MadeResource, StackContext } from "./kind";
import { IGNORED_TYPES, KINDS } from "./kinds";

/** What became of a resource when its stack was deployed; one that stayed as it was is not told. */
export interface ResourceChange {
  /** `type.name`. */
  readonly address: string;
  readonly action: "made" | "changed" | "replaced" | "removed";
}

/** What a plan does not say. */
export interface DeployOptions {
  /** Region of resources whose provider names none. */
  readonly region: string;
  /** Values of the plan's variables, by name; those without one have their default, if any. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the outputs of other stacks are, by their names. */
  readonly outputsOf: (stack: string) => PlanObject | undefined;
}

/** A resource as it stands in the cloud. */
interface Standing extends MadeResource {
  readonly kind: Kind;
  /** Its arguments, and the digest of its code. */
  readonly state: readonly unknown[];
}

/** A stack in the cloud: what was made of its plan, so that another plan of it changes what differs, and keeps the rest. */
export class StackDeployment {
  /** Addresses of resources that the local cloud leaves out, since no log passes through them. */
  ignored: readonly string[] = [];
  /** Values of the plan's outputs, which other stacks may refer to. */
  outputs: PlanObject = {};
  private readonly standing = new Map<string, Standing>();

  constructor(private readonly services: Services) {}

  /** Resources that were made, by their addresses, in the order of their dependencies. */
  get resources(): ReadonlyMap<string, MadeResource> {
    return this.standing;
  }

  /**
   * Makes, changes and removes resources until the cloud holds what the plan says, in the order of their dependencies. Throws
   * {@link PlanError} for types that the local cloud does not have, all at once, and for whatever a service refuses, with the
   * resource's address; what was done until then stays.
   */
  async apply(plan: StackPlan, { region, variables, outputsOf }: DeployOptions): Promise<ResourceChange[]> {
    refuseUnknown(plan);
    const changes: ResourceChange[] = [];
    const create = async (resolved: ResolvedResource): Promise<PlanObject> => {
      const { resource } = resolved;
      if (isIgnored(resource)) return { id: resource.address };
      if (resource.remoteStack !== undefined) return { outputs: outputsOrThrow(resource, outputsOf) };
      const context = { region: resource.region ?? region, folder: plan.folder, commands: resource.commands };
      const action = await this.place(resolved, context);
      if (action) changes.push({ address: resource.address, action });
      return this.standing.get(resource.address)?.computed ?? {};
    };
    this.outputs = await resolveResources(plan.resources, create, valuesOf(plan, variables), plan.outputs);
    this.ignored = plan.resources.filter(isIgnored).map((resource) => resource.address);
    const addresses = new Set(plan.resources.map(({ address }) => address));
    const gone = await this.removeWhere((address) => !addresses.has(address));
    return [...changes, ...gone];
  }

  /** Removes all of the stack. */
  remove(): Promise<ResourceChange[]> {
    return this.removeWhere(() => true);
  }

  /** What depends on others goes first. */
  private async removeWhere(isGone: (address: string) => boolean): Promise<ResourceChange[]> {
    const changes: ResourceChange[] = [];
    for (const [address, made] of [...this.standing].reverse()) {
      if (!isGone(address)) continue;
      await explained(address, () => made.kind.remove?.(made, this.services));
      this.standing.delete(address);
      changes.push({ address, action: "removed" });
    }
    return changes;
  }

  /** Has a resource stand as its arguments say; returns what was done, if anything. */
  private async place(
    resolved: ResolvedResource,
    context: StackContext,
  ): Promise<ResourceChange["action"] | undefined> {
    const { address } = resolved.resource;
    const { services } = this;
    const kind = KINDS[kindName(resolved.resource)] as Kind;
    const given = Arguments.of(resolved);
    const state = stateOf(resolved.arguments, context, codeFile(given, context));
    const before = this.standing.get(address);
    if (before && isDeepStrictEqual(before.state, state)) return undefined;
    return explained(address, async () => {
      const changed = before && (await kind.change?.(before, given, services, context));
      if (before && changed === undefined) {
        await before.kind.remove?.(before, services);
        this.standing.delete(address);
      }
      const computed = changed ?? kind.make(given, services, context);
      this.standing.set(address, { kind, given, computed, context, state });
      if (changed) return "changed";
      return before ? "replaced" : "made";
    });
  }
}

/** What a stack that was deployed before gives to those that refer to it. */
function outputsOrThrow(
  { address, remoteStack = "" }: PlanResource,
  outputsOf: DeployOptions["outputsOf"],
): PlanObject {
  const outputs = outputsOf(remoteStack);
  if (outputs) return outputs;
  throw new PlanError(`${address}: the stack ${remoteStack} must be deployed before one that refers to it`);
}

function refuseUnknown({ resources }: StackPlan): void {
  const unknown = resources.filter((resource) => {
    return !KINDS[kindName(resource)] && !isIgnored(resource) && resource.remoteStack === undefined;
  });
  if (unknown.length === 0) return;
  const addresses = unknown.map((resource) => resource.address).join(", ");
  throw new PlanError(`resources must be of types that the local cloud runs, got ${addresses}`);
}

/** A variable without a value is missed where it is used. */
function valuesOf(plan: StackPlan, given: Readonly<Record<string, string>>): PlanObject {
  const values = [...plan.variables].map(([name, fallback]) => [name, given[name] ?? fallback] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as PlanObject;
}

/** What makes a resource another when it differs: a file may stay where it is, and hold something else. */
function stateOf(given: PlanObject, { region, commands }: StackContext, file: string | undefined): unknown[] {
  const digest = file === undefined ? undefined : createHash("sha256").update(readFileSync(file)).digest("hex");
  return [given, region, commands, digest];
}

/** The file of a function's code. */
function codeFile(given: Arguments, { folder }: StackContext): string | undefined {
  const file = given.optionalValue("zip_file");
  if (typeof file !== "string") return undefined;
  const path = resolve(folder, file);
  return existsSync(path) ? path : undefined;
}

/** Whatever a service refuses, it refuses for this resource. */
async function explained<T>(address: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof PlanError) throw error;
    throw new PlanError(`${address}: ${(error as Error).message}`);
  }
}

function kindName(resource: PlanResource): string {
  return resource.data ? `data.${resource.type}` : resource.type;
}

function isIgnored(resource: PlanResource): boolean {
  return !resource.data && IGNORED_TYPES.has(resource.type);
}
