import type { RegionalProps } from "./common-props";
import { refuse } from "./errors";
import { Lazy, TerraformStack, type IConstruct, type TerraformProvider } from "./framework";

/**
 * The region of a construct: its prop, else what its provider was given. Read at synth, since the provider may be made
 * after the construct. The region is part of names (a trigger's) and policies, where the plan has no other way to it.
 */
export function regionOf(scope: IConstruct, props: RegionalProps): string {
  if (props.region !== undefined) return props.region;
  return Lazy.stringValue({ produce: () => regionOfProvider(scope, props.provider ?? stackProvider(scope)) });
}

function stackProvider(scope: IConstruct): TerraformProvider | undefined {
  const providers = TerraformStack.of(scope)
    .allProviders()
    .filter((provider) => provider.terraformResourceType === "tencentcloud");
  return providers.find((provider) => provider.alias === undefined) ?? providers[0];
}

function regionOfProvider(scope: IConstruct, provider: TerraformProvider | undefined): string {
  // Bindings that users generate themselves have a class of their own, with the same property.
  const region = (provider as { regionInput?: string } | undefined)?.regionInput;
  if (region !== undefined) return region;
  const what = provider === undefined ? "no Tencent Cloud provider is in the stack" : "the provider has no region";
  return refuse(
    scope,
    "LOGS_REGION_MISSING",
    `region must be known at synth, but ${what}; set region on the provider or on the construct`,
  );
}
