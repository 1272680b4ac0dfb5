import type { RegionalProps } from "./common-props";
import { Checks, refuse, warnUnless } from "./errors";
import { Lazy, TerraformStack, resolved, type Construct, type IConstruct, type TerraformProvider } from "./framework";

/**
 * The region of a construct: its prop, else what its provider was given. Read at synth, since the provider may be made
 * after the construct. The region is part of names (a trigger's) and policies, where the plan has no other way to it.
 */
export function regionOf(scope: IConstruct, props: RegionalProps): string {
  if (props.region !== undefined) {
    new Checks(scope).identifier("region", props.region).throwIfAny();
    warnUnless(
      scope,
      "region",
      props.region,
      /^[a-z]{2}(-[a-z0-9]+)+$/,
      "looks like no region; write it like ap-guangzhou",
    );
    return props.region;
  }
  return Lazy.stringValue({ produce: () => regionOfProvider(scope, props.provider ?? stackProvider(scope)) });
}

/** Framework validations are plain text, so that the code is part of the message. */
const REGION_DIFFERS = "LOGS_REGION_DIFFERS";

/**
 * Refuses, at synth, two things in different regions where the cloud wants one: CLS ships, and COS notifies, only within
 * a region. What is not known until the plan is made passes.
 */
export function requireSameRegion(
  scope: Construct,
  path: string,
  region: string,
  otherPath: string,
  otherRegion: string | undefined,
): void {
  scope.node.addValidation({
    validate: () => {
      const [one, other] = [region, otherRegion].map((each) => resolved(scope, each));
      const known = [one, other].every((each) => typeof each === "string" && !each.includes("${"));
      if (!known || one === other) return [];
      return [
        `${path} must be in the region of its ${otherPath} (${String(other)}), got ${String(one)}; ` +
          `choose one in the same region (${REGION_DIFFERS})`,
      ];
    },
  });
}

/** A stack has one provider without an alias. Looking for it takes a walk through the stack, once for each construct. */
const DEFAULT_PROVIDERS = new WeakMap<TerraformStack, TerraformProvider>();

function stackProvider(scope: IConstruct): TerraformProvider | undefined {
  const stack = TerraformStack.of(scope);
  const known = DEFAULT_PROVIDERS.get(stack);
  if (known !== undefined) return known;
  const providers = stack.allProviders().filter((provider) => provider.terraformResourceType === "tencentcloud");
  const found = providers.find((provider) => provider.alias === undefined);
  if (found !== undefined) DEFAULT_PROVIDERS.set(stack, found);
  return found ?? providers[0];
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
