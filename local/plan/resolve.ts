import { ExpressionError, evaluate, referencesIn, type Expression, type Reference } from "./expression";
import { parseTemplate } from "./parser";
import { PlanError, type PlanResource } from "./stack";
import { isPlanObject, type PlanObject, type PlanValue } from "./value";

/** A resource with evaluated arguments. */
export interface ResolvedResource {
  readonly resource: PlanResource;
  readonly arguments: PlanObject;
}

/** Creates the resource and returns the attributes that the cloud computed, such as its id. */
export type CreateResource = (resource: ResolvedResource) => PlanObject | Promise<PlanObject>;

/**
 * Visits the resources in dependency order, as `terraform apply` does; the arguments of each are evaluated with the
 * results of the previous ones. Throws {@link PlanError} for a cycle, a reference to something that does not exist, or
 * an expression that the local cloud does not evaluate.
 *
 * @param variables values of the plan's variables, by name
 * @param outputs expressions of the plan's outputs, by name; returned as values, except those that cannot be evaluated
 * here
 */
export async function resolveResources(
  resources: readonly PlanResource[],
  create: CreateResource,
  variables: PlanObject = {},
  outputs: PlanObject = {},
): Promise<PlanObject> {
  const parsed = new Map(resources.map((resource) => [resource.address, parseResource(resource)]));
  const attributes = new Map<string, PlanObject>(
    Object.entries(variables).map(([name, value]) => [`${VARIABLE}.${name}`, { value }]),
  );
  for (const resource of inOrder(resources, parsed)) {
    const values = parsed.get(resource.address)?.evaluate((reference) => lookUp(reference, attributes)) ?? {};
    const computed = await create({ resource, arguments: values });
    attributes.set(resource.address, { ...values, ...computed });
  }
  return evaluateOutputs(outputs, (reference) => lookUp(reference, attributes));
}

function evaluateOutputs(outputs: PlanObject, resolve: (reference: Reference) => PlanValue): PlanObject {
  const values: Record<string, PlanValue> = {};
  for (const [name, value] of Object.entries(outputs)) {
    try {
      values[name] = parseValue(value, { address: `output.${name}`, path: "value" }, [])(resolve);
    } catch (error) {
      // The error is reported where the output is used.
      if (!(error instanceof PlanError)) throw error;
    }
  }
  return values;
}

interface ParsedResource {
  readonly references: Reference[];
  evaluate(resolve: (reference: Reference) => PlanValue): PlanObject;
}

function parseResource(resource: PlanResource): ParsedResource {
  const references: Reference[] = [];
  const evaluators = Object.entries(resource.arguments).map(([name, value]) => {
    return [name, parseValue(value, { address: resource.address, path: name }, references)] as const;
  });
  return {
    references,
    evaluate: (resolve) => Object.fromEntries(evaluators.map(([name, evaluator]) => [name, evaluator(resolve)])),
  };
}

interface ArgumentName {
  /** Of the resource. */
  readonly address: string;
  readonly path: string;
}

type Evaluator = (resolve: (reference: Reference) => PlanValue) => PlanValue;

function parseValue(value: PlanValue, name: ArgumentName, references: Reference[]): Evaluator {
  if (typeof value === "string") return parseText(value, name, references);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => parseValue(item, child(name, `[${index}]`), references));
    return (resolve) => items.map((item) => item(resolve));
  }
  if (!isPlanObject(value)) return () => value;
  const entries = Object.entries(value).map(([key, item]) => {
    const named = child(name, `.${key}`);
    return [parseText(key, named, references), parseValue(item, named, references)] as const;
  });
  return (resolve) => Object.fromEntries(entries.map(([key, item]) => [String(key(resolve)), item(resolve)]));
}

function parseText(source: string, name: ArgumentName, references: Reference[]): Evaluator {
  const expression: Expression = explain(name, () => parseTemplate(source));
  references.push(...referencesIn(expression));
  return (resolve) => explain(name, () => evaluate(expression, resolve));
}

function child(name: ArgumentName, step: string): ArgumentName {
  return { address: name.address, path: name.path + step };
}

/** Adds the resource and the argument to errors. */
function explain<T>(name: ArgumentName, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new PlanError(`${name.address}: ${name.path} ${error.message}`);
  }
}

/** Prefix of references to variables. */
const VARIABLE = "var";

/** Depth first in the plan's order, so that the order is the same in every run. */
function* inOrder(
  resources: readonly PlanResource[],
  parsed: ReadonlyMap<string, ParsedResource>,
): Generator<PlanResource> {
  const byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  const done = new Set<string>();

  function* visit(resource: PlanResource, trail: readonly string[]): Generator<PlanResource> {
    if (done.has(resource.address)) return;
    if (trail.includes(resource.address)) {
      const cycle = [...trail.slice(trail.indexOf(resource.address)), resource.address];
      throw new PlanError(`resources must not depend on each other in a circle, got ${cycle.join(" -> ")}`);
    }
    const references = (parsed.get(resource.address)?.references ?? []).filter(({ path }) => path[0] !== VARIABLE);
    const addresses = references.map(addressOf);
    for (const address of [...addresses, ...resource.dependsOn]) {
      const needed = byAddress.get(address);
      if (needed === undefined)
        throw new PlanError(`${resource.address} must refer to what the plan holds, got ${address}`);
      yield* visit(needed, [...trail, resource.address]);
    }
    done.add(resource.address);
    yield resource;
  }

  for (const resource of resources) yield* visit(resource, []);
}

/** `data.type.name` or `type.name`. */
function addressOf(reference: Reference): string {
  return reference.path.slice(0, reference.path[0] === "data" ? 3 : 2).join(".");
}

function lookUp(reference: Reference, attributes: ReadonlyMap<string, PlanObject>): PlanValue {
  const [kind] = reference.path;
  const steps =
    kind === VARIABLE ? ["value", ...reference.path.slice(2)] : reference.path.slice(kind === "data" ? 3 : 2);
  let value: PlanValue | undefined = attributes.get(addressOf(reference));
  for (const step of steps) value = descend(value, step);
  if (value !== undefined) return value;
  if (kind === VARIABLE) {
    const variable = `TF_VAR_${String(reference.path[1])}`;
    throw new ExpressionError(`must refer to a variable that has a value, got ${reference.source}; set ${variable}`);
  }
  throw new ExpressionError(`must refer to an attribute that the local cloud knows, got ${reference.source}`);
}

/** One step into a value. A block can be an object or a list with one object. */
function descend(value: PlanValue | undefined, step: string | number): PlanValue | undefined {
  if (Array.isArray(value)) {
    if (typeof step === "number") return value[step];
    return value.length === 1 ? descend(value[0], step) : undefined;
  }
  if (!isPlanObject(value)) return undefined;
  return step === 0 ? value : value[step];
}
