import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { LogsError } from "../../../lib/errors";
import { App, Lazy, TerraformStack, Testing, type Construct } from "../../../lib/framework";
import { FunctionCode } from "../../../lib/scf/code";
import { LogFunction, type LogFunctionProps } from "../../../lib/scf/function";
import { evaluate } from "../../../local/plan/expression";
import { parseTemplate } from "../../../local/plan/parser";

/** A stack with a provider, as users have one. */
export function testStack(region: string | undefined = "ap-guangzhou"): TerraformStack {
  const stack = new TerraformStack(Testing.app() as App, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region });
  return stack;
}

/** A synthesized stack, by resource type. */
export interface Plan {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
  readonly terraform: { readonly required_providers: Record<string, { source: string; version: string }> };
}

/** The plan, without the framework's own validations, which start Terraform each time. */
export function planOf(stack: TerraformStack): Plan {
  return JSON.parse(Testing.synth(stack)) as Plan;
}

/** Arguments of the stack's resources of one type, in id order. */
export function resourcesOf(stack: TerraformStack, type: string): Record<string, unknown>[] {
  return Object.values(planOf(stack).resource?.[type] ?? {});
}

/** Arguments of the stack's only resource of one type. */
export function onlyResource(stack: TerraformStack, type: string): Record<string, unknown> {
  const found = resourcesOf(stack, type);
  expect(found).toHaveLength(1);
  return found[0];
}

/** The violations of what `build` builds: the messages without paths, by code. */
export function violationsOf(build: () => unknown): [code: string, message: string][] {
  try {
    build();
  } catch (error) {
    if (error instanceof LogsError) return error.violations.map(({ code, message }) => [code, message]);
    throw error;
  }
  return [];
}

/** The violation codes of what `build` builds. */
export function codesOf(build: () => unknown): string[] {
  return violationsOf(build).map(([code]) => code);
}

/** A value that only the plan knows. */
export const textToken = (): string => Lazy.stringValue({ produce: () => "${terraform_data.given.output}" });
export const numberToken = (): number => Lazy.numberValue({ produce: () => 1 });

/** A function with the minimum of props. */
export function testFunction(scope: Construct, id = "Worker", props: Partial<LogFunctionProps> = {}): LogFunction {
  return new LogFunction(scope, id, { code: FunctionCode.fromFiles({ "index.js": "" }), ...props });
}

/** A string of a plan as Terraform evaluates it, with references as `<type.attribute>`. */
export function readBack(text: unknown): string {
  const shown = evaluate(parseTemplate(String(text)), ({ path }) => {
    const [type, , ...attribute] = path[0] === "data" ? path.slice(1) : path;
    return `<${[type, ...attribute].join(".")}>`;
  });
  return String(shown);
}

/** Permissions of the stack's only policy: resources by action. */
export function grantsOf(stack: TerraformStack): Record<string, string[]> {
  const { document } = onlyResource(stack, "tencentcloud_cam_policy");
  const { statement } = JSON.parse(readBack(document)) as { statement: { action: string[]; resource: string[] }[] };
  return Object.fromEntries(statement.map(({ action, resource }) => [action.join(" "), resource]));
}
