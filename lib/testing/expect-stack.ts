import { isDeepStrictEqual } from "node:util";
import { TerraformResource, TerraformStack, Testing, type IConstruct } from "../framework";

/**
 * The kind of a resource: a construct of the package that has a resource, a class of the provider's bindings, or a type
 * such as `tencentcloud_cls_topic`.
 */
export type ExpectedResource =
  | (abstract new (...args: never[]) => IConstruct & { readonly resource?: TerraformResource })
  | { readonly tfResourceType: string }
  | string;

/** Arguments of a resource in the plan, by their Terraform names. */
export type ExpectedArguments = Readonly<Record<string, unknown>>;

/** Expectations about a stack. Each throws an error if it is not met, and works with any test runner. */
export interface StackExpectation {
  /**
   * Expects at least one resource of the kind with these arguments; it can have others. Objects and JSON strings are
   * compared in the same way.
   */
  toHave(what: ExpectedResource, args?: ExpectedArguments): void;
  /** Expects exactly this number of matching resources. */
  toHaveCount(what: ExpectedResource, count: number, args?: ExpectedArguments): void;
  /** Expects no matching resource. */
  toHaveNo(what: ExpectedResource, args?: ExpectedArguments): void;
}

/**
 * Checks what a stack's plan contains. Failures show what the plan contains instead.
 *
 * ```ts
 * expectStack(stack).toHave(LogTopic, { period: 30 });
 * ```
 */
export function expectStack(stack: TerraformStack): StackExpectation {
  const rendered = renderedIn(stack);
  const check = (what: ExpectedResource, args: ExpectedArguments, rule: string, holds: (count: number) => boolean) => {
    const candidates = rendered.filter((one) => isOf(one, what));
    const found = candidates.filter((one) => matches(args, one.args));
    if (!holds(found.length)) throw new Error(failure(stack, { what, args, rule, candidates, found: found.length }));
  };
  return {
    toHave: (what, args = {}) => check(what, args, "at least one", (count) => count > 0),
    toHaveCount: (what, wanted, args = {}) => check(what, args, `exactly ${wanted}`, (count) => count === wanted),
    toHaveNo: (what, args = {}) => check(what, args, "no", (count) => count === 0),
  };
}

interface Rendered {
  readonly resource: TerraformResource;
  readonly args: Readonly<Record<string, unknown>>;
}

function renderedIn(stack: TerraformStack): Rendered[] {
  const plan = JSON.parse(Testing.synth(stack)) as {
    resource?: Record<string, Record<string, Record<string, unknown>>>;
  };
  const resources = stack.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));
  return resources.flatMap((resource) => {
    const args = plan.resource?.[resource.terraformResourceType]?.[resource.friendlyUniqueId];
    return args === undefined ? [] : [{ resource, args }];
  });
}

function isOf({ resource }: Rendered, what: ExpectedResource): boolean {
  if (typeof what === "string") return resource.terraformResourceType === what;
  if ("tfResourceType" in what) return resource.terraformResourceType === what.tfResourceType;
  const owner = resource.node.scope;
  return owner instanceof what && owner.resource === resource;
}

/** Whether a value contains everything that is expected. A JSON string contains what its value contains. */
function matches(expected: unknown, got: unknown): boolean {
  if (isAsymmetric(expected)) return expected.asymmetricMatch(got);
  if (expected instanceof RegExp) return typeof got === "string" && expected.test(got);
  if (typeof expected !== "object" || expected === null) return isDeepStrictEqual(expected, got);
  const value = typeof got === "string" ? parsed(got) : got;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(value) &&
      value.length === expected.length &&
      expected.every((item, index) => matches(item, value[index]))
    );
  }
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(expected).every(([name, item]) => matches(item, (value as Record<string, unknown>)[name]));
}

/** A matcher of Jest or Vitest, such as `expect.stringContaining("x")`. */
function isAsymmetric(value: unknown): value is { asymmetricMatch(got: unknown): boolean } {
  return typeof (value as { asymmetricMatch?: unknown } | null)?.asymmetricMatch === "function";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Failure {
  readonly what: ExpectedResource;
  readonly args: ExpectedArguments;
  readonly rule: string;
  readonly candidates: readonly Rendered[];
  readonly found: number;
}

function failure(stack: TerraformStack, { what, args, rule, candidates, found }: Failure): string {
  const name = typeof what === "string" ? what : "tfResourceType" in what ? what.tfResourceType : what.name;
  const names = Object.keys(args);
  const wanted = names.length === 0 ? "" : ` with ${shownArguments(args)}`;
  const others =
    candidates.length === 0
      ? [`There is no ${name}. The stack holds: ${typesIn(stack).join(", ") || "no resources"}.`]
      : candidates.map(({ resource, args: got }) => {
          const shown =
            names.length === 0 ? "" : `: ${shownArguments(Object.fromEntries(names.map((one) => [one, got[one]])))}`;
          return `  ${resource.node.path}${shown}`;
        });
  const head = `${stack.node.id} must have ${rule} ${name}${wanted}, got ${found === 0 ? "none" : found}`;
  return [candidates.length === 0 ? `${head}.` : `${head} of ${candidates.length}:`, ...others].join("\n");
}

function typesIn(stack: TerraformStack): string[] {
  const resources = stack.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));
  return [...new Set(resources.map(({ terraformResourceType }) => terraformResourceType))].sort();
}

/** Matchers and patterns are shown as text. */
function shownArguments(args: ExpectedArguments): string {
  return JSON.stringify(args, (_, value: unknown) => {
    if (value === undefined) return "<not set>";
    return isAsymmetric(value) || value instanceof RegExp ? String(value) : value;
  });
}
