import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { LogsError } from "../../../lib/errors";
import { App, TerraformStack, Testing } from "../../../lib/framework";

/** A stack with a provider in it, as users have one. */
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

export function planOf(stack: TerraformStack): Plan {
  return JSON.parse(Testing.synth(stack, true)) as Plan;
}

/** Arguments of the stack's resources of one type, in the order of their ids. */
export function resourcesOf(stack: TerraformStack, type: string): Record<string, unknown>[] {
  return Object.values(planOf(stack).resource?.[type] ?? {});
}

/** Arguments of the stack's only resource of one type. */
export function onlyResource(stack: TerraformStack, type: string): Record<string, unknown> {
  const found = resourcesOf(stack, type);
  expect(found).toHaveLength(1);
  return found[0];
}

/** What is wrong with what `build` builds: the messages without paths, by code. */
export function violationsOf(build: () => unknown): [code: string, message: string][] {
  try {
    build();
  } catch (error) {
    if (error instanceof LogsError) return error.violations.map(({ code, message }) => [code, message]);
    throw error;
  }
  return [];
}
