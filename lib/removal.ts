import { keepLifecycle, type TerraformResource } from "./framework";
import { knownAtSynth, oneOf } from "./props/kinds";

/** Values of {@link RemovalPolicy}. */
export const REMOVAL_POLICIES = ["destroy", "retain"] as const;

/** What happens to a resource that leaves the stack: Terraform destroys it (`destroy`), or refuses to (`retain`). */
export type RemovalPolicy = (typeof REMOVAL_POLICIES)[number];

/** Props of constructs that store data. */
export interface RemovalProps {
  /**
   * What happens to the data when the construct leaves the stack, or when a change would replace it. With `retain`,
   * Terraform refuses that plan (`prevent_destroy`). To release the resource and keep its data, run
   * `terraform state rm` first.
   * @default "destroy"
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Terraform accepts no expression for `prevent_destroy`. */
export const removalPolicyProp = knownAtSynth(
  oneOf(REMOVAL_POLICIES, "leave it out for destroy", "LOGS_REMOVAL_POLICY"),
);

/**
 * Renders a removal policy. It survives later changes through `.resource`, except a change of `preventDestroy` itself.
 */
export function applyRemovalPolicy(resource: TerraformResource, policy: RemovalPolicy | undefined): void {
  if (policy === "retain") keepLifecycle(resource, { preventDestroy: true });
}
