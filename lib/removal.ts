import { keepLifecycle, type TerraformResource } from "./framework";
import { knownAtSynth, oneOf } from "./props/kinds";

/** What becomes of something that holds data when it leaves the stack, or would have to be replaced. */
export const REMOVAL_POLICIES = ["destroy", "retain"] as const;

/** What becomes of a resource that leaves the stack: Terraform destroys it, or refuses to. */
export type RemovalPolicy = (typeof REMOVAL_POLICIES)[number];

/** Props of constructs that hold data. */
export interface RemovalProps {
  /**
   * What becomes of the data when the construct leaves the stack, or a change would replace it. `retain` has Terraform refuse
   * such a plan (`prevent_destroy`): to let go of the resource and keep its data, use `terraform state rm` first.
   * @default "destroy"
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Terraform takes no expression for `prevent_destroy`. */
export const removalPolicyProp = knownAtSynth(
  oneOf(REMOVAL_POLICIES, "leave it out for destroy", "LOGS_REMOVAL_POLICY"),
);

/** Renders a removal policy, which stays whatever is set through `.resource` later, unless that is `preventDestroy` itself. */
export function applyRemovalPolicy(resource: TerraformResource, policy: RemovalPolicy | undefined): void {
  if (policy === "retain") keepLifecycle(resource, { preventDestroy: true });
}
