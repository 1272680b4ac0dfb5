import { ExpressionError } from "../plan/expression";
import { resolveResources, type ResolvedResource } from "../plan/resolve";
import { PlanError, type PlanResource, type StackPlan } from "../plan/stack";
import type { PlanObject, PlanValue } from "../plan/value";
import type { Services } from "../services";
import { Arguments } from "./arguments";
import { IGNORED_TYPES, MAKERS, type Maker, type StackContext } from "./resources";

/** What a deployment left out. */
export interface Deployment {
  /** Addresses of resources that the local cloud leaves out, since no log passes through them. */
  readonly ignored: readonly string[];
  /** Values of the plan's outputs, but for those that the local cloud cannot evaluate. */
  readonly outputs: PlanObject;
}

/** What a plan does not say. */
export interface DeployOptions {
  /** Region of resources whose provider names none. */
  readonly region: string;
  /** Values of the plan's variables, by name; those without one have their default, if any. */
  readonly variables: Readonly<Record<string, string>>;
  /** Outputs of the stacks that are there, by the file of each one's state. */
  readonly states: ReadonlyMap<string, PlanObject>;
}

/**
 * Makes all resources of a plan, in the order of their dependencies. Throws {@link PlanError} for types that the local
 * cloud does not have, all at once, and for whatever a service refuses, with the resource's address.
 */
export async function deployPlan(
  plan: StackPlan,
  services: Services,
  { region: defaultRegion, states, variables }: DeployOptions,
): Promise<Deployment> {
  const unknown = plan.resources.filter((resource) => !MAKERS[makerName(resource)] && !isIgnored(resource));
  if (unknown.length > 0) {
    const addresses = unknown.map((resource) => resource.address).join(", ");
    throw new PlanError(`resources must be of types that the local cloud runs, got ${addresses}`);
  }
  const create = (resolved: ResolvedResource): PlanObject => {
    const { resource } = resolved;
    if (isIgnored(resource)) return { id: resource.address };
    return make(resolved, services, {
      region: resource.region ?? defaultRegion,
      folder: plan.folder,
      commands: resource.commands,
      states,
    });
  };
  const evaluated = await resolveResources(plan.resources, create, valuesOf(plan, variables));
  return {
    ignored: plan.resources.filter(isIgnored).map((resource) => resource.address),
    outputs: outputsOf(plan, evaluated),
  };
}

/** One that cannot be evaluated is missed where it is used, as no log passes through it. */
function outputsOf({ outputs }: StackPlan, evaluated: (value: PlanValue) => PlanValue): PlanObject {
  const known: Record<string, PlanValue> = {};
  for (const [name, value] of outputs) {
    try {
      known[name] = evaluated(value);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
    }
  }
  return known;
}

/** A variable without a value is missed where it is used. */
function valuesOf(plan: StackPlan, given: Readonly<Record<string, string>>): PlanObject {
  const values = [...plan.variables].map(([name, fallback]) => [name, given[name] ?? fallback] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as PlanObject;
}

/** Whatever a service refuses, it refuses for this resource. */
function make(resolved: ResolvedResource, services: Services, context: StackContext): PlanObject {
  const maker = MAKERS[makerName(resolved.resource)] as Maker;
  try {
    return maker(Arguments.of(resolved), services, context);
  } catch (error) {
    if (error instanceof PlanError) throw error;
    throw new PlanError(`${resolved.resource.address}: ${(error as Error).message}`);
  }
}

function makerName(resource: PlanResource): string {
  return resource.data ? `data.${resource.type}` : resource.type;
}

function isIgnored(resource: PlanResource): boolean {
  return !resource.data && IGNORED_TYPES.has(resource.type);
}
