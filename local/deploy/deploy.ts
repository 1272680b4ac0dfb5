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

/** A change of a resource by a deployment; unchanged ones are not reported. */
export interface ResourceChange {
  /** `type.name`. */
  readonly address: string;
  readonly action: "made" | "changed" | "replaced" | "removed";
}

/** What the plan does not contain. */
export interface DeployOptions {
  /** Region of resources whose provider has none. */
  readonly region: string;
  /** Values of the plan's variables, by name; the others have their default, if any. */
  readonly variables: Readonly<Record<string, string>>;
  /** Outputs of other stacks, by stack name. */
  readonly outputsOf: (stack: string) => PlanObject | undefined;
}

/** A resource that exists in the cloud. */
interface Standing extends MadeResource {
  readonly kind: Kind;
  /** Its arguments, and the digest of its code. */
  readonly state: readonly unknown[];
}

/** A deployed stack: the resources created from its plan, so that another plan changes only the differences. */
export class StackDeployment {
  /** Addresses of resources that the local cloud leaves out, because they are irrelevant for logs. */
  ignored: readonly string[] = [];
  /** Values of the plan's outputs, which other stacks can refer to. */
  outputs: PlanObject = {};
  private readonly standing = new Map<string, Standing>();

  constructor(private readonly services: Services) {}

  /** The created resources by address, in dependency order. */
  get resources(): ReadonlyMap<string, MadeResource> {
    return this.standing;
  }

  /**
   * Creates, changes and removes resources until the cloud matches the plan, in dependency order. Throws {@link
   * PlanError} for types that the local cloud does not support, all at once, and for anything that a service refuses,
   * with the resource's address. Changes until then stay.
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

  /** Removes the whole stack. */
  remove(): Promise<ResourceChange[]> {
    return this.removeWhere(() => true);
  }

  /** Dependents are removed first. */
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

  /** Creates or changes a resource to match its arguments; returns the change, if any. */
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

/** The outputs of a deployed stack, for stacks that refer to it. */
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

/** A variable without a value causes an error where it is used. */
function valuesOf(plan: StackPlan, given: Readonly<Record<string, string>>): PlanObject {
  const values = [...plan.variables].map(([name, fallback]) => [name, given[name] ?? fallback] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as PlanObject;
}

/**
 * The state that decides whether a resource has changed. It includes the content of a file, whose path can stay the
 * same.
 */
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

/** Adds the resource's address to errors of services. */
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
